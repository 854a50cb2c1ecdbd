import assert from 'node:assert/strict';
import { test } from 'node:test';
import { durationMs } from './duration.ts';

test('durations are read as the schema writes them', () => {
  assert.equal(durationMs('0s'), 0);
  assert.equal(durationMs('250ms'), 250);
  assert.equal(durationMs('1m30s'), 90_000);
  assert.equal(durationMs('1h1m1s1ms'), 3_661_001);
  assert.equal(durationMs('10m'), 600_000);
});

test('what is no duration is nothing', () => {
  for (const text of ['', '10', 's', '-1s', '1.5s', '1s ', '1d', 'ms']) assert.equal(durationMs(text), undefined, text);
  assert.equal(durationMs(undefined), undefined);
  assert.equal(durationMs(5 as unknown as string), undefined);
});
