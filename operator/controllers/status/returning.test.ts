import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestClock } from '../../framework/testing/index.ts';
import { Returning } from './returning.ts';

function subject(expected: readonly string[], graceMs = 15_000) {
  const clock = new TestClock();
  const back = new Set<string>();
  let over = 0;
  const isBack = (proxy: string) => back.has(proxy);
  const returning = new Returning({ clock, graceMs, expected: () => expected, isBack, over: () => (over += 1) });
  returning.begin();
  return { clock, back, returning, over: () => over };
}

test('all proxies are waited for, and no longer', async () => {
  const { clock, back, returning, over } = subject(['a', 'b']);
  back.add('a');
  await clock.advance(1000);
  assert.deepEqual([returning.isUnderWay, over()], [true, 0]);
  back.add('b');
  await clock.advance(100);
  assert.deepEqual([returning.isUnderWay, over()], [false, 1]);
});

test('a proxy that came back and left again is not waited for twice', async () => {
  const { clock, back, over } = subject(['a', 'b']);
  back.add('a');
  await clock.advance(100);
  back.delete('a');
  back.add('b');
  await clock.advance(100);
  assert.equal(over(), 1);
});

test('one that never comes back is waited for fifteen seconds', async () => {
  const { clock, returning, over } = subject(['a']);
  await clock.advance(14_900);
  assert.equal(returning.isUnderWay, true);
  await clock.advance(200);
  assert.deepEqual([returning.isUnderWay, over()], [false, 1]);
});

test('nothing is waited for where nothing is expected, or waiting is off', () => {
  assert.equal(subject([]).returning.isUnderWay, false);
  assert.equal(subject(['a'], 0).returning.isUnderWay, false);
});
