import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plain, terminalSvg } from './terminal-svg.ts';

test('a line keeps its colours, and nothing of it is markup', () => {
  const svg = terminalSvg(['a <b> \u001B[32m100 %\u001B[0m & c', ''], 'x < y');
  assert.ok(svg.includes('>a &lt;b&gt; <tspan fill="#7ee787">100 %</tspan> &amp; c</text>'));
  assert.ok(svg.includes('<title>x &lt; y</title>'));
});

test('a picture is as wide as its longest line without colours', () => {
  const width = (line: string) => Number(/width="(\d+)"/.exec(terminalSvg([line], ''))?.[1]);
  assert.equal(width('\u001B[1mabc\u001B[0m'), width('abc'));
  assert.ok(width('abcdef') > width('abc'));
  assert.equal(plain('\u001B[1mabc\u001B[0m'), 'abc');
});
