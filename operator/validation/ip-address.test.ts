import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isCidr, isIp } from './ip-address.ts';

it('takes the addresses that the API server takes', () => {
  for (const text of ['10.0.0.7', '::', '::1', 'fd00::7', '1:2:3:4:5:6:7:8', '::fffe:1.2.3.4', '0:0:0:0:1:ffff:1:2']) {
    assert.equal(isIp(text), true, text);
  }
  for (const text of [
    '',
    '10.0.0',
    '10.0.0.256',
    '010.0.0.1',
    'fe80::1%eth0',
    '::ffff:1.2.3.4',
    '0:0:0:0:0:ffff:1:2',
    'x',
  ]) {
    assert.equal(isIp(text), false, text);
  }
});

it('takes the blocks that the API server takes', () => {
  for (const text of ['10.0.0.0/8', '10.0.0.7/8', '0.0.0.0/0', '1.2.3.4/32', '::/0', 'fd00::/8', '::1/128']) {
    assert.equal(isCidr(text), true, text);
  }
  for (const text of [
    '10.0.0.0',
    '10.0.0.0/33',
    '10.0.0.0/08',
    '10.0.0.0/+8',
    '10.0.0.0/',
    '::/129',
    '::ffff:1.2.3.4/96',
    '/8',
  ]) {
    assert.equal(isCidr(text), false, text);
  }
});
