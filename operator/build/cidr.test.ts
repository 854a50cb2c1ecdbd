import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cidrOf } from './cidr.ts';

test('addresses and blocks become CIDRs', () => {
  assert.equal(cidrOf('10.0.0.7'), '10.0.0.7/32');
  assert.equal(cidrOf('10.0.0.0/8'), '10.0.0.0/8');
  assert.equal(cidrOf('0.0.0.0/0'), '0.0.0.0/0');
  assert.equal(cidrOf('::1'), '::1/128');
  assert.equal(cidrOf('fd00::/8'), 'fd00::/8');
});

test('what is neither is nothing', () => {
  for (const text of [
    '',
    '10',
    '10.0.0',
    '10.0.0.256',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    'fd00::/129',
    ':::',
    'a.b.c.d',
  ]) {
    assert.equal(cidrOf(text), undefined, text);
  }
});
