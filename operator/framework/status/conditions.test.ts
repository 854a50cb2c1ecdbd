import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findCondition, isConditionTrue, setCondition, setConditions } from './conditions.ts';
import { kstatusConditions, type Progress } from './kstatus.ts';

const T0 = Date.UTC(2026, 0, 1);

describe('setCondition', () => {
  it('stamps the generation and, when the status changes, the time', () => {
    const first = setCondition(
      undefined,
      { type: 'Ready', status: 'False', reason: 'New' },
      { generation: 1, now: T0 },
    );
    assert.deepEqual(first, [
      {
        type: 'Ready',
        status: 'False',
        reason: 'New',
        message: '',
        observedGeneration: 1,
        lastTransitionTime: '2026-01-01T00:00:00Z',
      },
    ]);
    const stamp = { generation: 2, now: T0 + 5000 };
    const told = setCondition(first, { type: 'Ready', status: 'False', reason: 'Old', message: 'why' }, stamp);
    assert.partialDeepStrictEqual(told, [
      { reason: 'Old', message: 'why', observedGeneration: 2, lastTransitionTime: '2026-01-01T00:00:00Z' },
    ]);
    const turned = setCondition(told, { type: 'Ready', status: 'True', reason: 'Done' }, stamp);
    assert.partialDeepStrictEqual(turned, [
      { status: 'True', message: '', lastTransitionTime: '2026-01-01T00:00:05Z' },
    ]);
  });

  it('gives the same conditions for the same input, whenever and in whatever order', () => {
    const inputs = [
      { type: 'Ready', status: 'True', reason: 'A' },
      { type: 'Accepted', status: 'True', reason: 'B' },
    ] as const;
    const first = setConditions(undefined, inputs, { generation: 1, now: T0 });
    const again = setConditions(first, inputs.toReversed(), { generation: 1, now: T0 + 60_000 });
    assert.deepEqual(again, first);
    assert.deepEqual(
      again.map(({ type }) => type),
      ['Accepted', 'Ready'],
    );
  });

  it('leaves the conditions of others alone', () => {
    const other = { type: 'Other', status: 'True', reason: 'X', message: '', lastTransitionTime: 'then' } as const;
    const conditions = setCondition(
      [other],
      { type: 'Ready', status: 'True', reason: 'A' },
      { generation: undefined, now: T0 },
    );
    assert.equal(findCondition(conditions, 'Other'), other);
    assert.ok(!('observedGeneration' in (findCondition(conditions, 'Ready') ?? {})));
    assert.ok(isConditionTrue(conditions, 'Ready') && !isConditionTrue(conditions, 'Missing'));
  });
});

describe('the conditions of kstatus', () => {
  const cases: [Progress['kind'], string][] = [
    ['ready', 'Ready=True Reconciling=False Stalled=False'],
    ['reconciling', 'Ready=False Reconciling=True Stalled=False'],
    ['stalled', 'Ready=False Reconciling=False Stalled=True'],
  ];
  for (const [kind, expected] of cases) {
    it(`are all there when an object is ${kind}, with a reason each`, () => {
      const conditions = kstatusConditions({ kind, reason: 'Because', message: 'of this' });
      assert.equal(conditions.map(({ type, status }) => `${type}=${status}`).join(' '), expected);
      assert.ok(conditions.every(({ reason }) => reason !== ''));
      assert.partialDeepStrictEqual(conditions[0], { reason: 'Because', message: 'of this' });
    });
  }
});
