import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paletteFor } from './palette.ts';
import { Screen } from './screen.ts';
import { table } from './table.ts';

const columns = [{ title: 'NAME' }, { title: 'N', align: 'right' as const }, { title: 'NOTE' }];

test('a table is as wide as its cells, and leaves out columns without content', () => {
  const rows = [
    [{ text: 'a' }, { text: '10' }, { text: '' }],
    [{ text: 'longer' }, { text: '5' }, { text: '' }],
  ];
  assert.deepEqual(table(columns, rows, { palette: 'none' }), ['NAME     N', 'a       10', 'longer   5']);
});

test('a table is cut at the width of the terminal, and colours do not count', () => {
  const rows = [[{ text: 'name', style: 'red' as const }, { text: '1' }, { text: 'a long note' }]];
  const [, line] = table(columns, rows, { palette: 'ansi', width: 14 });
  assert.equal(line, '\u001B[31mname\u001B[0m  1  a lo…');
});

test('what others wrote cannot command the terminal', () => {
  const [, line] = table(columns, [[{ text: 'a\u001B[2Jb\nc' }, { text: '' }, { text: '' }]], { palette: 'none' });
  assert.equal(line, 'a [2Jb c');
});

test('colours are for terminals, and NO_COLOR is honoured', () => {
  assert.equal(paletteFor({ isTTY: true }, {}), 'ansi');
  assert.equal(paletteFor({ isTTY: false }, {}), 'none');
  assert.equal(paletteFor({ isTTY: true }, { NO_COLOR: '1' }), 'none');
  assert.equal(paletteFor({ isTTY: true }, { NO_COLOR: '' }), 'ansi');
  assert.equal(paletteFor({ isTTY: true }, { TERM: 'dumb' }), 'none');
  assert.equal(paletteFor({ isTTY: false }, { FORCE_COLOR: '1' }), 'ansi');
});

/** A terminal that knows the few commands that a screen uses. */
function fakeTerminal(isTTY: boolean, rows = 10) {
  const lines: string[] = [];
  let cursor = 0;
  const write = (text: string): void => {
    // oxlint-disable-next-line no-control-regex
    for (const [token] of text.matchAll(/\u001B\[\d*[AJK]|\r|\n|[^\u001B\r\n]+/g)) {
      if (token === '\n') cursor += 1;
      else if (token.endsWith('A') && token.startsWith('\u001B')) cursor -= Number(token.slice(2, -1));
      else if (token === '\u001B[J') lines.splice(cursor);
      else if (!token.startsWith('\u001B') && token !== '\r') lines[cursor] = token;
    }
  };
  return { lines, stream: { isTTY, rows, columns: 80, write } };
}

test('a picture is drawn over itself, and lines go above it', () => {
  const { lines, stream } = fakeTerminal(true);
  const screen = new Screen(stream);
  screen.print('hello');
  screen.draw(['one', 'two', 'three']);
  screen.draw(['ONE', 'TWO']);
  assert.deepEqual(lines, ['hello', 'ONE', 'TWO']);
  screen.print('news');
  assert.deepEqual(lines, ['hello', 'news', 'ONE', 'TWO']);
  screen.leave();
  screen.print('bye');
  assert.deepEqual(lines, ['hello', 'news', 'ONE', 'TWO', 'bye']);
});

test('a picture is never higher than the terminal', () => {
  const { lines, stream } = fakeTerminal(true, 4);
  new Screen(stream).draw(['1', '2', '3', '4', '5']);
  assert.deepEqual(lines, ['1', '2', '… 3 more lines']);
});

test('without a terminal pictures are lines', () => {
  const { lines, stream } = fakeTerminal(false);
  const screen = new Screen(stream);
  screen.draw(['one']);
  screen.draw(['two']);
  assert.deepEqual([screen.live, lines], [false, ['one', 'two']]);
});
