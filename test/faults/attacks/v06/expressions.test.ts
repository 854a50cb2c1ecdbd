import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expressionsInSources, expressionsOfValues, isOfValue, isSlow } from './expressions.ts';

test('an expression that is made of a value is told from one that stands there', () => {
  for (const line of [
    'new RegExp(name)',
    "RegExp('^' + name)",
    'new RegExp(`a${name}`)',
    'text.match(pattern)',
    'x.search(name)',
  ]) {
    assert.ok(isOfValue(line), line);
  }
  for (const line of [
    'new RegExp("^a$", "u")',
    'text.match(/a/)',
    'text.matchAll(/b/g)',
    '/a/.exec(x)',
    "RegExp('a')",
  ]) {
    assert.ok(!isOfValue(line), line);
  }
});

test('an expression that backtracks is slow', () => {
  assert.notEqual(isSlow(/^(a+)+$/), undefined);
  assert.equal(isSlow(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/), undefined);
});

test('nothing that tenants write becomes an expression', async () => {
  assert.deepEqual(await expressionsOfValues(), []);
});

test('no expression in the sources takes more than linear time', async () => {
  const slow: string[] = [];
  const all = await expressionsInSources();
  assert.ok(all.size > 50, `${all.size}`);
  for (const [name, expression] of all) {
    const text = isSlow(expression);
    if (text !== undefined) slow.push(`${name}: ${text}`);
  }
  assert.deepEqual(slow, []);
});
