import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportOf } from './outcome.ts';

test('the report names failed tests first, then each stage, then the totals', () => {
  const unit = { passed: 7, failed: 1, skipped: 2, failures: ['a.test.ts:3 adds'] };
  const feature = { passed: 3, failed: 0, skipped: 0, failures: [] };
  const report = reportOf(
    [
      { stage: 'lint', outcome: { kind: 'passed' }, milliseconds: 1_200 },
      { stage: 'unit', outcome: { kind: 'failed', why: 'tests failed', tests: unit }, milliseconds: 30_000 },
      { stage: 'golden', outcome: { kind: 'skipped', why: 'there are no files' }, milliseconds: 0 },
      { stage: 'feature', outcome: { kind: 'passed', tests: feature }, milliseconds: 61_000 },
    ],
    92_200,
  );
  assert.equal(
    report,
    `
Failed tests:
  ✗ a.test.ts:3 adds

✓ lint                1.2 s
✗ unit                 30 s  tests failed; 7 passed, 1 failed, 2 skipped
- golden              0.0 s  there are no files
✓ feature        1 min 01 s  3 passed, 0 failed, 0 skipped

Tests: 10 passed, 1 failed, 2 skipped
Stages: unit failed in 1 min 32 s
`,
  );
});

test('a report without failures says so', () => {
  const report = reportOf([{ stage: 'lint', outcome: { kind: 'passed' }, milliseconds: 1_200 }], 1_200);
  assert.match(report, /Tests: 0 passed, 0 failed, 0 skipped\nStages: all passed in 1\.2 s\n$/);
  assert.doesNotMatch(report, /Failed/);
});
