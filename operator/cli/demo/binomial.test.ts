import assert from 'node:assert/strict';
import { test } from 'node:test';
import { binomialBounds } from './binomial.ts';

test('bounds are those of the distribution, to the count', () => {
  // By scipy.stats.binom: cdf(1, 10, 0.5) = 0.0107, cdf(2, 10, 0.5) = 0.0547.
  assert.deepEqual(binomialBounds(10, 0.5, 0.05), { least: 2, most: 8 });
  assert.deepEqual(binomialBounds(10, 0.5, 0.01), { least: 1, most: 9 });
});

test('what never or always happens has no room', () => {
  assert.deepEqual(binomialBounds(100, 0), { least: 0, most: 0 });
  assert.deepEqual(binomialBounds(100, 1), { least: 100, most: 100 });
});

test('a share of a tenth lies around a tenth, and can be told from a fifth', () => {
  const { least, most } = binomialBounds(400, 0.1);
  assert.ok(least > 10 && least < 20 && most > 65 && most < 80, `${least} to ${most}`);
  assert.ok(most < 400 * 0.2);
});
