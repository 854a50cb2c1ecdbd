import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fraction } from './percent.ts';
import { FractionalPercent_DenominatorType } from './proto/index.ts';

test('a percentage keeps four decimals, and ends at 0 and 100', () => {
  const denominator = FractionalPercent_DenominatorType.MILLION;
  for (const [percent, numerator] of [
    [0, 0],
    [0.0001, 1],
    [12.5, 125_000],
    [33.3333, 333_333],
    [100, 1_000_000],
    [101, 1_000_000],
    [-1, 0],
  ] as const) {
    assert.deepEqual(fraction(percent), { numerator, denominator });
  }
});
