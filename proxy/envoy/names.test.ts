import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inboundName, routeName, scopeName, serverName, serverNamePattern } from './names.ts';

test('names say what they are of', () => {
  const reviews = { namespace: 'bookstore', name: 'reviews' };
  assert.equal(routeName(reviews, 80), 'bookstore/reviews:80');
  assert.equal(inboundName(8080), 'inbound/8080');
  assert.equal(inboundName('other'), 'inbound/other');
});

test('a server name says what the connection carries, and is taken by the pattern of that alone', () => {
  const name = serverName({ namespace: 'bookstore', name: 'reviews' }, 'http');
  assert.equal(name, 'reviews.bookstore.http.mesh.dot-kube.internal');
  assert.ok(name.endsWith(serverNamePattern('http').slice(1)));
  assert.ok(!name.endsWith(serverNamePattern('tcp').slice(1)));
});

test('every address has a scope of its own', () => {
  const addresses = ['10.96.0.1:80', '10.96.0.1:8080', '10.96.0.2:80', '10.96.80.0:80', '[fd00::1]:80', '[fd00::1]:81'];
  assert.equal(new Set(addresses.map(scopeName)).size, addresses.length);
});
