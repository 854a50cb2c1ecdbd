import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NewsSet } from './news-set.ts';

test('what was looked through is not fresh again until it is added again', () => {
  const names = new NewsSet(true);
  names.add('a').add('b');
  assert.deepEqual([...names.fresh()], ['a', 'b']);
  assert.equal(names.hasFresh, false);
  names.add('a');
  assert.deepEqual([...names.fresh()], ['a']);
  assert.deepEqual([...names], ['a', 'b']);
});

test('what is gone by then is not fresh, and what comes meanwhile is', () => {
  const names = new NewsSet(true);
  names.add('gone').add('a');
  names.delete('gone');
  const seen: string[] = [];
  for (const name of names.fresh()) {
    seen.push(name);
    if (name === 'a') names.add('late');
  }
  assert.deepEqual(seen, ['a', 'late']);
});

test('nothing is remembered where nobody asks', () => {
  const names = new NewsSet(false);
  names.add('a');
  assert.equal(names.hasFresh, false);
  assert.deepEqual([...names.fresh()], []);
});
