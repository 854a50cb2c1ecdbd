import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MeshStatus } from '../../api/index.ts';
import { findCondition } from '../../framework/index.ts';
import type { Programming } from './conditions-for.ts';
import { desiredStatus, statusChange } from './desired-status.ts';

const fine = { warnings: [] };

function statusOf(programming: Programming, current?: MeshStatus, generation = 2): MeshStatus {
  return desiredStatus({ generation, current, verdict: fine, programming, now: Date.UTC(2026, 0, 1) });
}

const returning: Programming = { kind: 'returning', total: 0 };
const waiting: Programming = { kind: 'waiting', total: 3, waitingFor: ['ns/a'] };
const rejected: Programming = { kind: 'rejected', total: 3, programmed: 1, rejected: 1, message: 'no' };

test('while proxies come back after a start, what was found out of the generation stands', () => {
  for (const programming of [{ kind: 'programmed', total: 3 }, { kind: 'programmed', total: 0 }, rejected] as const) {
    const before = statusOf(programming);
    assert.equal(statusChange(before, statusOf(returning, before)), 'none');
  }
});

test('while proxies come back, a new generation is pending', () => {
  const after = statusOf(returning, statusOf({ kind: 'programmed', total: 3 }), 3);
  assert.partialDeepStrictEqual(findCondition(after.conditions, 'Programmed'), {
    status: 'False',
    reason: 'Pending',
    observedGeneration: 3,
    message: 'the control plane has just started, and waits for proxies to come back',
  });
});

test('while proxies come back, a new generation counts those that were there, as none of them has it', () => {
  const after = statusOf({ kind: 'returning', total: 1 }, statusOf({ kind: 'programmed', total: 3 }), 3);
  assert.deepEqual(after.proxies, { total: 3, programmed: 0, rejected: 0 });
});

test('what was still open when we were restarted is pending, and what is refused meanwhile is said', () => {
  const open = statusOf(waiting);
  assert.equal(findCondition(statusOf(returning, open).conditions, 'Programmed')?.reason, 'Pending');
  const done = statusOf({ kind: 'programmed', total: 3 });
  assert.equal(findCondition(statusOf(rejected, done).conditions, 'Programmed')?.reason, 'RejectedByProxy');
});

test('a proxy that joins later does not turn a generation back', () => {
  const done = statusOf({ kind: 'programmed', total: 2 });
  assert.equal(statusChange(done, statusOf(waiting, done)), 'none');
  assert.equal(findCondition(statusOf(waiting, done, 3).conditions, 'Programmed')?.status, 'False');
});

test('a change of counts alone is told apart', () => {
  const done = statusOf({ kind: 'programmed', total: 2 });
  assert.equal(statusChange(done, statusOf({ kind: 'programmed', total: 3 }, done)), 'counts');
  assert.equal(statusChange(done, statusOf({ kind: 'programmed', total: 0 }, done)), 'conditions');
  assert.equal(statusChange(undefined, done), 'conditions');
});
