import assert from 'node:assert/strict';
import { test } from 'node:test';
import { typeUrls } from '@dot-kube/proxy/xds';
import { EmptyResources } from './empty-resources.ts';

test('what does not exist is encoded once for all who ask', () => {
  const empty = new EmptyResources();
  const route = empty.get(typeUrls.route, 'shop/none:80');
  assert.equal(route?.name, 'shop/none:80');
  assert.equal(empty.get(typeUrls.route, 'shop/none:80'), route);
  assert.notEqual(empty.get(typeUrls.cluster, 'shop/none:80'), route);
  assert.equal(empty.get(typeUrls.listener, 'none'), undefined);
});

test('what was not asked for the longest is forgotten first', () => {
  const empty = new EmptyResources(2);
  const [a, b] = [empty.get(typeUrls.route, 'a'), empty.get(typeUrls.route, 'b')];
  assert.equal(empty.get(typeUrls.route, 'a'), a);
  empty.get(typeUrls.route, 'c');
  assert.equal(empty.get(typeUrls.route, 'a'), a);
  assert.notEqual(empty.get(typeUrls.route, 'b'), b);
});
