import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chosenStages } from './stages.ts';

const namesOf = (...words: readonly string[]) => chosenStages(words).stages.map(({ name }) => name);

test('without names everything runs but the end-to-end tests, of which there is a smoke test', () => {
  const names = namesOf();
  assert.deepEqual([names.at(0), names.at(-1)], ['verify', 'smoke']);
  assert.ok(!names.includes('e2e'));
  assert.deepEqual(namesOf('work-queue'), names);
});

test('stages that are named run in their own order, and other words choose files', () => {
  const { filters, stages } = chosenStages(['e2e', 'unit', 'work-queue']);
  assert.deepEqual(
    stages.map(({ name }) => name),
    ['unit', 'e2e'],
  );
  assert.deepEqual(filters, ['work-queue']);
});
