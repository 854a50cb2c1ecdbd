import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fullName } from './node-programs.ts';

test('images are named as the kubelet asks for them', () => {
  assert.equal(fullName('dot-kube/proxy:0.1.0'), 'docker.io/dot-kube/proxy:0.1.0');
  assert.equal(fullName('busybox:1'), 'docker.io/library/busybox:1');
  assert.equal(fullName('localhost/busybox:1'), 'localhost/busybox:1');
  assert.equal(fullName('registry.example:5000/a/b:1'), 'registry.example:5000/a/b:1');
  assert.equal(fullName('registry.example/a/b:1'), 'registry.example/a/b:1');
  assert.equal(fullName('registry:5000/a/b:1'), 'registry:5000/a/b:1');
});
