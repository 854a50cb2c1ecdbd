import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ROTATE_ROOT } from '../../operator/identity/api-ca-store.ts';
import { CATALOG, NAMESPACE, servedBy } from '../scenarios/bookstore.ts';
import { ScenarioMesh } from '../scenarios/index.ts';
import { E2eCluster } from './harness/cluster.ts';
import { ClusterDriver } from './harness/cluster-driver.ts';
import { driftOf, SYSTEM_NAMESPACE } from './harness/system.ts';

const SECRET = ['secret', 'dot-kube-ca', '-n', SYSTEM_NAMESPACE];

describe('the root of the mesh', () => {
  let cluster: E2eCluster;
  before(async () => {
    cluster = await E2eCluster.open();
  });
  after(() => cluster[Symbol.asyncDispose]());

  const trustedRoots = async (): Promise<number> => {
    const files = await cluster.kubectl(
      'get',
      'configmap',
      '-n',
      NAMESPACE,
      'dot-kube-proxy',
      '-o',
      'jsonpath={.data}',
    );
    return files.split('BEGIN CERTIFICATE').length - 1;
  };

  test('changes when asked: both are trusted, calls go on, and no manifest differs', { timeout: 150_000 }, async () => {
    const before = await trustedRoots();
    await cluster.kubectl('annotate', ...SECRET, `${ROTATE_ROOT}=now`);
    await cluster.eventually(
      'proxies are given the new root beside the old one',
      90,
      async () => ((await trustedRoots()) === before + 1 ? true : undefined),
      trustedRoots,
    );
    const annotations = await cluster.kubectl('get', ...SECRET, '-o', 'jsonpath={.metadata.annotations}');
    assert.ok(!annotations.includes(ROTATE_ROOT), annotations);
    const mesh = new ScenarioMesh(new ClusterDriver(cluster));
    for (const caller of ['storefront', 'shopper'] as const) {
      assert.equal(servedBy(await mesh.call(caller, CATALOG)).peer, mesh.identityOf(caller));
    }
    await mesh.driver[Symbol.asyncDispose]();
    assert.equal(await driftOf(cluster), '');
  });
});
