import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault } from '../fault.ts';
import { runOptions } from './run-options.ts';

const fault = (id: string, isShort: boolean): Fault => ({
  id,
  title: id,
  expected: 'nothing',
  isShort,
  run: () => Promise.resolve([]),
});
const CATALOGUE = [fault('F1', true), fault('F2', false), fault('V7', true)];

const idsOf = (...words: readonly string[]) => runOptions(words, CATALOGUE).faults.map(({ id }) => id);

test('without words everything runs at its standard size with controls, which is what the table is made of', () => {
  const { size, hasControls, isWhole } = runOptions([], CATALOGUE);
  assert.deepEqual([size, hasControls, isWhole], ['standard', true, true]);
  assert.deepEqual(idsOf(), ['F1', 'F2', 'V7']);
});

test('a part, another size or no controls is not what the table is made of', () => {
  for (const words of [['F1'], ['--short'], ['--full'], ['--no-controls']])
    assert.equal(runOptions(words, CATALOGUE).isWhole, false, words.join(' '));
});

test('those that are named run in the order of the catalogue, in any case', () => {
  assert.deepEqual(idsOf('v7', 'F1'), ['F1', 'V7']);
});

test('the short form leaves out what has none, unless it is named', () => {
  assert.deepEqual(idsOf('--short'), ['F1', 'V7']);
  assert.deepEqual(idsOf('--short', 'F2'), ['F2']);
});

test('what is wrong is said with what there is instead', () => {
  assert.throws(() => runOptions(['F9'], CATALOGUE), /there is no F9: choose from F1 F2 V7/);
  assert.throws(() => runOptions(['--short', '--full'], CATALOGUE), /exclude each other/);
});
