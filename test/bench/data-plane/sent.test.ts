import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSent, sentBetween } from './sent.ts';

test('results are put in the order of their sending', () => {
  const sent = parseSent('2000,200,30\n1000,0,5000000000\n3000,503,20\n');
  assert.deepEqual(sent, [
    { at: 1000, status: 0, latency: 5_000_000_000 },
    { at: 2000, status: 200, latency: 30 },
    { at: 3000, status: 503, latency: 20 },
  ]);
});

test('a line that is something else is not counted as a request', () => {
  assert.throws(() => parseSent('1000,200,30\nno such file\n'), /not understood: no such file/);
});

test('what is sent at the end of a span belongs to the next one', () => {
  const sent = parseSent('1,200,1\n2,200,1\n3,200,1\n4,200,1');
  assert.deepEqual(
    sentBetween(sent, 2, 4).map(({ at }) => at),
    [2, 3],
  );
});
