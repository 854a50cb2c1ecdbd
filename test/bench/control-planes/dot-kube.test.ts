import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleOf } from './dot-kube.ts';

test('a sample is found by its whole name', () => {
  const text = '# HELP a_total x\na_total_more 3\na_total 5\nb{p="0.99"} 0.25\n';
  assert.equal(sampleOf(text, 'a_total'), 5);
  assert.equal(sampleOf(text, 'b{p="0.99"}'), 0.25);
  assert.equal(sampleOf(text, 'c'), undefined);
});
