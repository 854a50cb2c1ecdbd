import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitLine, growthExponent, median, percentile } from './statistics.ts';

test('the median of an even number is between the two in the middle', () => {
  assert.equal(median([9, 1, 3]), 3);
  assert.equal(median([4, 1, 3, 100]), 3.5);
  assert.throws(() => median([]), /nothing/);
});

test('a percentile is a value that was measured', () => {
  const values = Array.from({ length: 100 }, (_, index) => index + 1);
  assert.equal(percentile(values, 0.99), 99);
  assert.equal(percentile(values, 1), 100);
  assert.equal(percentile([7], 0.5), 7);
});

test('a line through points that are on one', () => {
  const { slope, intercept, r2 } = fitLine([1, 2, 5].map((x) => ({ x, y: 3 * x + 2 })));
  assert.deepEqual(
    [slope, intercept, r2].map((value) => Math.round(value * 1e9) / 1e9),
    [3, 2, 1],
  );
});

test('scatter lowers what the line explains', () => {
  assert.ok(
    fitLine([
      { x: 0, y: 0 },
      { x: 1, y: 5 },
      { x: 2, y: 0 },
    ]).r2 < 0.01,
  );
  assert.throws(() => fitLine([{ x: 1, y: 1 }]), /two different/);
});

test('the exponent of growth: 0 for what stays, 1 for what doubles with the mesh, 2 for its square', () => {
  const sizes = [125, 500, 2000];
  for (const [exponent, tolerance] of [
    [0, 1e-9],
    [1, 1e-9],
    [2, 1e-9],
    [0.2, 1e-9],
  ] as const) {
    const { slope } = growthExponent(sizes.map((x) => ({ x, y: 7 * x ** exponent })));
    assert.ok(Math.abs(slope - exponent) < tolerance, `${slope} is not ${exponent}`);
  }
  assert.throws(
    () =>
      growthExponent([
        { x: 1, y: 0 },
        { x: 2, y: 1 },
      ]),
    /above 0/,
  );
});
