import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertShare, binomialBounds } from './binomial.ts';

test('the bounds leave out what is rarer than asked for, and nothing more', () => {
  // P(X <= 1) of 10 fair draws is 11/1024, P(X <= 0) is 1/1024.
  assert.deepEqual(binomialBounds(10, 0.5, 10.9 / 1024), { least: 1, most: 9 });
  assert.deepEqual(binomialBounds(10, 0.5, 11.1 / 1024), { least: 2, most: 8 });
  const { least, most } = binomialBounds(2000, 0.9);
  assert.ok(atMost(least - 1) <= 1e-6 && atMost(least) > 1e-6, `least ${least}`);
  assert.ok(1 - atMost(most) <= 1e-6 && 1 - atMost(most - 1) > 1e-6, `most ${most}`);
});

test('what cannot happen, and what has to, has no tolerance', () => {
  assert.deepEqual(binomialBounds(100, 0), { least: 0, most: 0 });
  assert.deepEqual(binomialBounds(100, 1), { least: 100, most: 100 });
});

test('a share that is off is an error that says by how much', () => {
  assertShare(1800, 2000, 0.9, 'v1');
  assert.throws(
    () => assertShare(1600, 2000, 0.9, 'v1'),
    /v1: 1600 of 2000, where a share of 0.9 gives 17\d\d to 18\d\d/,
  );
});

/** P(X <= k) of 2,000 draws with 0.9, by the recurrence of Pascal's triangle and no logarithm. */
function atMost(k: number): number {
  let row = [1];
  for (let n = 1; n <= 2000; n++) {
    row = Array.from({ length: n + 1 }, (_, i) => 0.1 * (row[i] ?? 0) + 0.9 * (row[i - 1] ?? 0));
  }
  return row.slice(0, k + 1).reduce((sum, probability) => sum + probability, 0);
}
