import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostReadings, pathReadings } from './readings.ts';

test('each of the tricks reads as the path that it means', () => {
  const tricks = [
    '/admin',
    '//admin',
    '/./admin',
    '/x/../admin',
    '/x/%2e%2E/admin',
    '/x%2f..%2Fadmin',
    '/x\\..\\admin',
    '/x/..%5cadmin',
    '/admin;a=b',
    '/x/..;/admin',
    '/;a/admin',
    '/admin%3Ba',
    '/%61dmin',
    '/admin%00.css',
    '/x/%c0%ae%c0%ae/admin',
    '/x%e0%80%af%e0%80%ae./admin',
    '/%u002fadmin',
    '/admin?x',
    'http://a/admin#x',
  ];
  for (const trick of tricks) assert.ok(pathReadings(trick).has('/admin'), trick);
});

test('and what means something else does not', () => {
  for (const path of ['/administrator', '/%2561dmin', '/x/admin', '/admin/', '/ADMIN', '/public?/admin']) {
    assert.ok(!pathReadings(path).has('/admin'), path);
  }
});

test('a host is read without case, dot, user and encoding, and with its port', () => {
  for (const host of ['a.b', 'A.b.', 'x@a.b', '%61.b', 'a.b:', 'a.b:80']) {
    assert.ok(
      hostReadings(host).some(({ name, port }) => name === 'a.b' && port === 80),
      host,
    );
  }
  assert.ok(hostReadings('a.b:0443').some(({ port }) => port === 443));
});
