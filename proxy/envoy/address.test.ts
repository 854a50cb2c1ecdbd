import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cidrRange, formatAddress, parseAddress } from './address.ts';

test('an address with its port is read as Envoy prints it, and printed again', () => {
  for (const text of ['10.96.0.1:80', '[fd00:10:96::1]:65535', 'localhost:1']) {
    assert.equal(formatAddress(parseAddress(text)), text);
  }
  assert.deepEqual(parseAddress('[::1]:53'), { address: '::1', port: 53 });
});

test('what is no address with a port is an error', () => {
  for (const text of [
    '',
    '10.0.0.1',
    ':80',
    '10.0.0.1:',
    '10.0.0.1:0',
    '10.0.0.1:65536',
    '10.0.0.1:x',
    '::1:80',
    '[]:80',
  ]) {
    assert.throws(() => parseAddress(text), /not an address with a port/, text);
  }
});

test('a block is its prefix and length, and an address is a block of itself', () => {
  assert.deepEqual(cidrRange('10.0.0.0/8'), { addressPrefix: '10.0.0.0', prefixLen: 8 });
  assert.deepEqual(cidrRange('0.0.0.0/0'), { addressPrefix: '0.0.0.0', prefixLen: 0 });
  assert.deepEqual(cidrRange('10.0.0.7'), { addressPrefix: '10.0.0.7', prefixLen: 32 });
  assert.deepEqual(cidrRange('fd00::1'), { addressPrefix: 'fd00::1', prefixLen: 128 });
  for (const text of ['10.0.0.0/33', 'fd00::/129', '10.0.0.0/', '10.0.0.0/x', '10.0.0.0/-1', '10.0.0.0/1.5']) {
    assert.throws(() => cidrRange(text), RangeError, text);
  }
});
