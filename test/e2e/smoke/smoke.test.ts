import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { CATALOG, describeResult, policies, servedBy } from '../../scenarios/bookstore.ts';
import { ScenarioMesh } from '../../scenarios/index.ts';
import { E2eCluster } from '../harness/cluster.ts';
import { ClusterDriver } from '../harness/cluster-driver.ts';
import { deployStore } from '../harness/store.ts';
import { installSystem } from '../harness/system.ts';

describe('on real nodes', () => {
  let cluster: E2eCluster;
  let mesh: ScenarioMesh;
  before(async () => {
    cluster = await E2eCluster.open(process.env['DOT_KUBE_SMOKE_CLUSTER'] ?? 'smoke');
    mesh = new ScenarioMesh(new ClusterDriver(cluster));
    await cluster.loadImages();
  });
  after(() => cluster[Symbol.asyncDispose]());

  test('the synthesized manifests install the system', { timeout: 300_000 }, () => installSystem(cluster));

  test('pods of a labelled namespace get their proxies', { timeout: 300_000 }, async () => {
    const pods = await deployStore(cluster, 'smoke');
    const meshed = pods.filter(({ spec }) =>
      spec.initContainers?.some(({ restartPolicy }) => restartPolicy === 'Always'),
    );
    assert.deepEqual([pods.length, meshed.length], [5, 4]);
  });

  test('a call carries the SPIFFE ID of its caller', { timeout: 60_000 }, async () => {
    assert.equal(servedBy(await mesh.call('shopper', CATALOG)).peer, mesh.identityOf('shopper'));
    assert.equal(servedBy(await mesh.call('outsider', CATALOG)).peer, null);
  });

  test('Strict refuses who has no proxy', { timeout: 60_000 }, async () => {
    await mesh.enforce(...(await policies('strict-mtls.yaml', 'strict')));
    const refused = await mesh.call('outsider', CATALOG);
    assert.equal(refused.status, -1, describeResult(refused));
    assert.equal(servedBy(await mesh.call('shopper', CATALOG)).peer, mesh.identityOf('shopper'));
  });
});
