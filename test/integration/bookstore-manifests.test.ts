import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { startControlPlane } from '../cluster/control-plane.ts';

const root = join(import.meta.dirname, '..', '..');
const bookstore = join(root, 'examples', 'bookstore');

test('the API server takes the bookstore and its policies as they are', async () => {
  await using cluster = await startControlPlane();
  const { kubectl } = cluster;
  await kubectl('apply', '-f', join(root, 'crds'));
  await kubectl('wait', '--for=condition=Established', 'crd', '--all', '--timeout=30s');
  await kubectl('apply', '-f', join(bookstore, 'manifests', 'namespace.yaml'));
  // `strict` makes an unknown field an error.
  const files = ['-f', join(bookstore, 'manifests'), '-f', join(bookstore, 'policies')];
  const applied = await kubectl('apply', '--validate=strict', ...files);
  assert.equal(applied.match(/^deployment\.apps\/\S+ created$/gm)?.length, 7);
  assert.equal(applied.match(/\.mesh\.dot-kube\.io\/\S+ created$/gm)?.length, 9);
});
