import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatElapsed, type ProgressReport, progressPrinter } from './progress.ts';

function recorder(isTTY: boolean) {
  const written: string[] = [];
  let time = 1_000;
  const print = progressPrinter({ isTTY, columns: 40, write: (text: string) => written.push(text) }, () => time);
  return {
    written,
    report: (report: Partial<ProgressReport>, afterMilliseconds = 0) => {
      time += afterMilliseconds;
      print({ task: 'Envoy', state: 'running', detail: 'downloading', ...report });
    },
  };
}

test('without a terminal a task prints its start, a line every 15 s and its end', () => {
  const { written, report } = recorder(false);
  report({});
  report({ detail: 'too soon to tell' }, 14_999);
  report({ detail: 'unpacking', done: 3, total: 7 }, 1);
  report({ state: 'done', detail: 'ready' }, 1_000);
  assert.deepEqual(written, [
    '… Envoy: downloading (0.0 s)\n',
    '… Envoy: unpacking 3/7 (15 s)\n',
    '✓ Envoy: ready (16 s)\n',
  ]);
});

test('on a terminal every report overwrites the line, cut to its width, and the end closes it', () => {
  const { written, report } = recorder(true);
  report({ detail: 'x'.repeat(100) });
  report({ state: 'failed', detail: 'y'.repeat(50) });
  assert.equal(written[0], `\r\u001B[K… Envoy: ${'x'.repeat(30)}`);
  assert.equal(written[1], `\r\u001B[K✗ Envoy: ${'y'.repeat(50)} (0.0 s)\n`);
});

test('the clock of a task starts anew after its end', () => {
  const { written, report } = recorder(false);
  report({});
  report({ state: 'done', detail: 'ready' }, 5_000);
  report({}, 60_000);
  assert.equal(written[2], '… Envoy: downloading (0.0 s)\n');
});

test('time is told in the unit that a person would use', () => {
  assert.deepEqual([400, 9_999, 10_000, 59_400, 65_000, 365_000].map(formatElapsed), [
    '0.4 s',
    '10.0 s',
    '10 s',
    '59 s',
    '1 min 05 s',
    '6 min 05 s',
  ]);
});
