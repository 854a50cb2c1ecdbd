import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalJson, sortBy, sortPlain, uniqueTexts } from './order.ts';

test('texts are ordered by their code units, once each', () => {
  assert.deepEqual(uniqueTexts(['b', 'a', 'Z', 'ä', 'a']), ['Z', 'a', 'b', 'ä']);
});

test('sorting copies', () => {
  const given = ['b', 'a'];
  assert.deepEqual(
    sortBy(given, (text) => text),
    ['a', 'b'],
  );
  assert.deepEqual(given, ['b', 'a']);
});

test('plain data is ordered by its content, whatever the order of its keys', () => {
  const one = [{ b: 1, a: { d: [2, 1], c: 0 } }, { a: 1 }];
  const other = [{ a: 1 }, { a: { c: 0, d: [2, 1] }, b: 1 }];
  assert.equal(canonicalJson(sortPlain(one)), canonicalJson(sortPlain(other)));
  assert.notEqual(canonicalJson([1, 2]), canonicalJson([2, 1]), 'the order of a list is content');
});
