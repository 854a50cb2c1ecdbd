import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quantile, slopeOf, stalenessOf } from './staleness.ts';

test('a change that was overtaken is unknown until the one that overtook it comes', () => {
  const written = new Map([
    [3, 100],
    [13, 200],
    [23, 300],
  ]);
  const arrivals = [{ client: 0, seen: [3, 3, 23, 310] }];
  assert.deepEqual([...stalenessOf(arrivals, written, 10)], [10, 110]);
  assert.deepEqual([...stalenessOf(arrivals, written, 10, 250)], [10]);
});

test('a slope is how much values grow from one to the next', () => {
  assert.equal(slopeOf([1, 3, 5, 7]), 2);
  assert.equal(slopeOf([5, 5, 5]), 0);
});

test('a quantile of nothing is nothing', () => {
  assert.equal(quantile([], 0.99), 0);
  assert.equal(quantile([1, 2, 3, 4], 0.5), 3);
});
