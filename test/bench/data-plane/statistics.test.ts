import assert from 'node:assert/strict';
import { test } from 'node:test';
import { median, quantile, ratio, spread } from './statistics.ts';

test('a quantile is a value that was measured, and no share is above all of them', () => {
  const values = [5, 1, 4, 2, 3, 6, 10, 7, 9, 8];
  assert.equal(quantile(values, 0.5), 5);
  assert.equal(quantile(values, 0.51), 6);
  assert.equal(quantile(values, 0.99), 10);
  assert.equal(quantile(values, 0), 1);
  assert.equal(quantile([7], 0.99), 7);
  assert.throws(() => quantile([], 0.5), /nothing/);
});

test('the median of an even number is between the two in the middle', () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.throws(() => median([]), /nothing/);
});

test('a spread has the outermost values', () => {
  assert.deepEqual(spread([3, 1, 8]), { median: 3, lowest: 1, highest: 8 });
});

test('a ratio is that of the medians, which one odd measurement does not move, in the range of neighbours', () => {
  assert.deepEqual(ratio([12, 11, 100], [10, 10, 10]), { median: 1.2, lowest: 1.1, highest: 10 });
  assert.deepEqual(ratio([10, 30], [20, 5]), { median: 1.6, lowest: 0.5, highest: 6 });
  // The machine slowed both of the second pair down.
  assert.deepEqual(ratio([11, 22], [10, 20]), { median: 1.1, lowest: 1.1, highest: 1.1 });
});
