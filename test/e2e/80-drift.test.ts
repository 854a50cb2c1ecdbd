import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { fieldOf, resourceKind } from '../../operator/framework/index.ts';
import { CATALOG, manifests, NAMESPACE, policies, servedBy, withSpec } from '../scenarios/bookstore.ts';
import { ScenarioMesh, type ScenarioObject } from '../scenarios/index.ts';
import { E2eCluster } from './harness/cluster.ts';
import { ClusterDriver } from './harness/cluster-driver.ts';
import { driftOf, SYSTEM_NAMESPACE } from './harness/system.ts';

const RECONCILES = 100;

describe('what is in Git stays what runs', () => {
  let cluster: E2eCluster;
  let mesh: ScenarioMesh;
  before(async () => {
    cluster = await E2eCluster.open();
    mesh = new ScenarioMesh(new ClusterDriver(cluster));
  });
  after(async () => {
    await mesh.driver.remove(await policies('reviews-canary.yaml'));
    await cluster[Symbol.asyncDispose]();
  });

  /** Applies an object and waits until the operator has looked at that generation of it. */
  const reconciled = async (object: ScenarioObject): Promise<void> => {
    const kind = resourceKind(object.apiVersion, object.kind);
    const { name } = object.metadata;
    const ref = { name, namespace: NAMESPACE };
    const { metadata } = await cluster.api.apply(kind, { ...object, metadata: ref }, { fieldManager: 'kubectl' });
    await mesh.eventually(`${name} was looked at`, async () => {
      const { status } = await cluster.api.get(kind, ref);
      return fieldOf(status, 'observedGeneration') === metadata.generation ? true : undefined;
    });
  };
  const storeDrift = async (objects: readonly ScenarioObject[]): Promise<string> => {
    const image = cluster.imageName('bookstore');
    const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
    return await driftOf(cluster, text.replaceAll(/dot-kube\/bookstore:[\w.-]+/g, image));
  };

  test(`after ${RECONCILES} changes, system and bookstore are as they were written`, { timeout: 240_000 }, async () => {
    const [canary] = await policies('reviews-canary.yaml');
    assert.ok(canary !== undefined);
    const weighted = (weight: number) =>
      withSpec(canary, {
        backends: [
          { name: 'v1', labels: { version: 'v1' }, weight },
          { name: 'v2', labels: { version: 'v2' }, weight: RECONCILES },
        ],
      });
    for (let weight = 1; weight <= RECONCILES; weight += 1) await reconciled(weighted(weight));
    const last = weighted(RECONCILES);
    await mesh.enforce(last);
    assert.equal(await driftOf(cluster), '');
    assert.equal(await storeDrift([...(await manifests()), last]), '');
  });

  test('and so they are when every replica of the control plane has a new certificate, and calls go on', {
    timeout: 240_000,
  }, async () => {
    const fingerprint = async (): Promise<string> =>
      await cluster.kubectl('get', 'configmap', '-n', NAMESPACE, 'dot-kube-proxy', '-o', 'jsonpath={.data}');
    const before = await fingerprint();
    await cluster.kubectl('rollout', 'restart', 'deployment/dot-kube-operator', '-n', SYSTEM_NAMESPACE);
    await cluster.kubectl(
      'rollout',
      'status',
      'deployment/dot-kube-operator',
      '-n',
      SYSTEM_NAMESPACE,
      '--timeout=200s',
    );
    assert.equal(await fingerprint(), before);
    assert.equal(await driftOf(cluster), '');
    assert.equal(servedBy(await mesh.call('storefront', CATALOG)).peer, mesh.identityOf('storefront'));
  });
});
