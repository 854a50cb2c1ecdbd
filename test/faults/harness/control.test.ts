import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Plant } from '../fault.ts';
import { planted, verdictOf } from './control.ts';
import type { FaultResult } from './run-fault.ts';

const PLANT: Plant = { title: 'a bug', file: 'a.ts', find: 'x === 1', replace: 'x === $& 2', fails: 'it holds' };

function resultWith(part: Partial<FaultResult>): FaultResult {
  return {
    id: 'V7',
    title: '',
    expected: '',
    size: 'short',
    passed: false,
    seconds: 1,
    checks: [],
    controls: [],
    ...part,
  };
}

const check = (passed: boolean) => ({ name: 'it holds', expected: '0', measured: '3 of 9', passed });

test('a bug is planted as it is written, where its text occurs once', () => {
  assert.equal(planted('if (x === 1) {', PLANT), 'if (x === $& 2) {');
});

test('a bug whose place is not clear is an error of the control', () => {
  assert.throws(() => planted('if (y) {', PLANT), /"x === 1" occurs 0 times in a\.ts, not once/);
  assert.throws(() => planted('x === 1 || x === 1', PLANT), /occurs 2 times/);
});

test('a bug is found when the check turns red', () => {
  assert.deepEqual(verdictOf(resultWith({ checks: [check(false)] }), 'it holds', ''), {
    passed: true,
    measured: '3 of 9',
  });
});

test('a bug is not found when the check stays green, is not there, or the run broke', () => {
  const verdicts = [
    verdictOf(resultWith({ checks: [check(true)] }), 'it holds', ''),
    verdictOf(resultWith({ checks: [check(false)] }), 'another', ''),
    verdictOf(resultWith({ checks: [check(false)], error: 'no Envoy' }), 'it holds', ''),
    verdictOf(undefined, 'it holds', 'SyntaxError'),
  ];
  assert.deepEqual(
    verdicts.map(({ passed }) => passed),
    [false, false, false, false],
  );
  assert.match(verdicts[3]?.measured ?? '', /without a result: SyntaxError/);
});
