import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestClock } from '../../framework/testing/index.ts';
import { DeferredKeys } from './deferred-keys.ts';

test('a key that may wait is told of once, so long after it was first asked for', async () => {
  const clock = new TestClock();
  const told: string[] = [];
  const keys = new DeferredKeys(clock, 200, (key) => told.push(key));
  keys.later('a');
  await clock.advance(150);
  keys.later('a');
  assert.deepEqual(told, []);
  await clock.advance(50);
  assert.deepEqual(told, ['a']);
  await clock.advance(1000);
  assert.deepEqual(told, ['a']);
  keys.later('a');
  await clock.advance(200);
  assert.deepEqual(told, ['a', 'a']);
});

test('what is told now is not told again later', async () => {
  const clock = new TestClock();
  const told: string[] = [];
  const keys = new DeferredKeys(clock, 200, (key) => told.push(key));
  keys.later('a');
  keys.later('b');
  keys.now('a');
  assert.deepEqual(told, ['a']);
  await clock.advance(200);
  assert.deepEqual(told, ['a', 'b']);
});
