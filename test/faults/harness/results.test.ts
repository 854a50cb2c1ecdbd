import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linesOf, tableOf } from './results.ts';
import type { FaultResult } from './run-fault.ts';

const RESULT: FaultResult = {
  id: 'V7',
  title: 'Paths | and more',
  expected: '0 get in',
  size: 'standard',
  passed: false,
  seconds: 3,
  checks: [
    { name: 'paths', expected: '0', measured: '0 of 300 got in (< 1.0 %)', passed: true },
    { name: 'hosts', expected: '0', measured: '2 got in', passed: false },
  ],
  controls: [{ title: 'no normalisation', check: 'paths', measured: '7 got in', passed: true }],
};
const RUN = { minutes: 12.4, machine: '2 cores with 23 GiB' };

test('a table has a row for each fault and each planted bug, and what is not as expected stands out', () => {
  const lines = tableOf([RESULT], RUN).split('\n');
  assert.ok(
    lines.includes(
      String.raw`| V7 | Paths \| and more | 0 get in | paths: 0 of 300 got in (&lt; 1.0 %)<br>**✗** hosts: 2 got in | **✗** |`,
    ),
    lines.join('\n'),
  );
  assert.ok(lines.includes('| V7 | no normalisation | paths | 7 got in | red |'));
  assert.ok(
    lines.includes('0 of 1 are as expected, and 1 of 1 planted bugs were found, in 12 minutes on 2 cores with 23 GiB.'),
  );
});

test('what could not be tried says why, in one line', () => {
  const broken = { ...RESULT, checks: [], controls: [], error: 'Error: no Envoy\n    at x' };
  assert.match(tableOf([broken], RUN), /\| could not be tried: Error: no Envoy \| \*\*✗\*\* \|/);
  assert.deepEqual(linesOf(broken), ['  ✗ Error: no Envoy\n        at x']);
});

test('what is printed says what was expected of what is not so, and what became of controls', () => {
  assert.deepEqual(linesOf(RESULT), [
    '  ✓ paths: 0 of 300 got in (< 1.0 %)',
    '  ✗ hosts: 2 got in, expected 0',
    '  ✓ with the bug "no normalisation" it fails: 7 got in',
  ]);
});
