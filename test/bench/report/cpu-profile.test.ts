import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CpuProfile, profileShares } from './cpu-profile.ts';

const frame = (functionName: string, url = '', lineNumber = 0) => ({ functionName, url, lineNumber });

/** root → main → work → main again; root → idle. A sample every millisecond. */
const PROFILE: CpuProfile = {
  startTime: 1_000_000,
  nodes: [
    { id: 1, callFrame: frame('(root)'), children: [2, 5] },
    { id: 2, callFrame: frame('main', 'file:///home/me/dot-kube/operator/main.ts', 9), children: [3] },
    { id: 3, callFrame: frame('work', 'file:///home/me/dot-kube/node_modules/pkg/x.js', 1), children: [4] },
    { id: 4, callFrame: frame('main', 'file:///home/me/dot-kube/operator/main.ts', 9) },
    { id: 5, callFrame: frame('(idle)') },
  ],
  samples: [2, 3, 3, 4, 5, 5, 2],
  timeDeltas: [0, 1000, 1000, 1000, 1000, 1000, 1000],
};

const ALL = { from: 0, to: Number.POSITIVE_INFINITY };

test('self time is the function’s own, total time counts a function once that is twice in the stack', () => {
  const { busyMs, functions } = profileShares(PROFILE, ALL);
  assert.equal(busyMs, 4);
  assert.deepEqual(functions, [
    { name: 'main', place: 'operator/main.ts:10', selfMs: 2, totalMs: 4 },
    { name: 'work', place: 'pkg/x.js:2', selfMs: 2, totalMs: 3 },
  ]);
});

test('only the span counts', () => {
  const { busyMs, functions } = profileShares(PROFILE, { from: 1_001_000, to: 1_003_000 });
  assert.equal(busyMs, 2);
  assert.deepEqual(
    functions.map(({ name, selfMs }) => [name, selfMs]),
    [
      ['work', 2],
      ['main', 0],
    ],
  );
});

test('waiting is not work', () => {
  assert.equal(profileShares(PROFILE, { from: 1_004_000, to: 1_006_000 }).busyMs, 0);
});
