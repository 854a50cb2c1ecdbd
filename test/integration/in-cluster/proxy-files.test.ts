import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { NAMESPACE } from '../../../operator/api/core.ts';
import { isNotFound, type KubernetesObject } from '../../../operator/framework/index.ts';
import { CONFIG_MAP, type ConfigMap } from '../../../operator/controllers/namespaces/proxy-files.ts';
import { MeshCluster, type OperatorProcess, startOperator } from '../harness/index.ts';
import { eventually } from './eventually.ts';

const ASKS = { 'mesh.dot-kube.io/inject': 'enabled' };
const FLAGS = ['--injection', 'policy', '--xds-service', 'dot-kube-xds.dot-kube-system.svc:15010'];

describe('the ConfigMap that proxies start with', () => {
  const cleanUp = new AsyncDisposableStack();
  let cluster: MeshCluster;
  let operator: OperatorProcess;

  const start = () =>
    startOperator({
      kubeconfig: cluster.kubeconfig,
      flags: [...FLAGS, '--ca-secret', 'dot-kube-ca'],
      timeoutMilliseconds: 60_000,
    });
  const namespace = (name: string, labels: Readonly<Record<string, string>> = {}): KubernetesObject => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels },
  });
  const read = async (name: string): Promise<ConfigMap | undefined> => {
    try {
      return await cluster.api.get(CONFIG_MAP, { namespace: name, name: 'dot-kube-proxy' });
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };
  const written = async (name: string): Promise<ConfigMap> =>
    (await eventually(
      () => read(name),
      (found) => found !== undefined,
    )) ?? assert.fail();
  const gone = async (name: string): Promise<void> =>
    void (await eventually(
      () => read(name),
      (found) => found === undefined,
      60_000,
    ));

  before(async () => {
    cluster = cleanUp.use(await MeshCluster.start());
    operator = await start();
    cleanUp.defer(() => operator.stop());
    await operator.logged('this replica leads');
  });
  after(() => cleanUp.disposeAsync());

  test('is in a namespace as soon as it asks for proxies, and is ours alone', async () => {
    await cluster.apply(namespace('shop', ASKS), namespace('plain'));
    const { data = {}, metadata } = await written('shop');
    assert.deepEqual(Object.keys(data).sort(), ['bootstrap.json', 'roots.json', 'token.json']);
    assert.match(data['bootstrap.json'] ?? '', /dot-kube-xds\.dot-kube-system\.svc/);
    const roots = (JSON.parse(data['roots.json'] ?? '') as { resources: unknown }).resources;
    assert.ok(JSON.stringify(roots).includes(JSON.stringify(await operator.rootsPem()).slice(1, -1)));
    const managers = metadata.managedFields?.map(({ manager, operation }) => `${manager} ${operation}`);
    assert.deepEqual(managers, ['dot-kube-operator Apply']);
    assert.equal(await read('plain'), undefined);
    assert.equal(await read('kube-system'), undefined);
  });

  test('is the same in all namespaces', async () => {
    await cluster.apply(namespace('other', ASKS));
    assert.deepEqual((await written('other')).data, (await written('shop')).data);
  });

  test('is written again when somebody edits or deletes it, or makes it immutable', async () => {
    const { data, metadata } = await written('shop');
    const { kubectl } = cluster;
    const here = ['-n', 'shop', 'configmap', 'dot-kube-proxy'];
    const back = (): Promise<unknown> =>
      eventually(
        () => read('shop'),
        (found) => JSON.stringify(found?.data) === JSON.stringify(data) && found?.immutable === undefined,
      );
    await kubectl('patch', ...here, '--type=merge', '-p', '{"data":{"roots.json":"mine"}}');
    await back();
    await kubectl('delete', ...here);
    await back();
    assert.notEqual((await written('shop')).metadata.uid, metadata.uid);
    await kubectl('patch', ...here, '--type=merge', '-p', '{"immutable":true,"data":{"token.json":"mine"}}');
    await back();
  });

  test('is not written when nothing is different: in 100 reconciles, and after restarts', async () => {
    const { metadata } = await written('shop');
    for (let turn = 1; turn <= 100; turn += 1) {
      await cluster.apply(namespace('shop', { ...ASKS, turn: String(turn) }));
    }
    for (let restart = 0; restart < 3; restart += 1) {
      await operator.stop();
      operator = await start();
      await operator.logged('this replica leads');
      await eventually(
        async () => (await operator.health('/metrics')).body,
        (body) => /controller_runtime_reconcile_total\{controller="proxy-files",result="success"\} [1-9]/.test(body),
      );
    }
    const { body } = await operator.health('/metrics');
    assert.ok(body.includes('dotkube_proxy_files_writes_total{outcome="written"} 0\n'));
    assert.equal((await written('shop')).metadata.resourceVersion, metadata.resourceVersion);
  });

  test('stays while a pod has a proxy, and goes when the namespace asks no more', async () => {
    await cluster.pod({ namespace: 'shop', name: 'web-0', app: 'web', ip: '10.0.0.1' });
    await cluster.pod({ namespace: 'plain', name: 'web-0', app: 'web', ip: '10.0.0.2' });
    await written('plain');
    await cluster.apply(namespace('shop'), namespace('other'));
    await cluster.kubectl('-n', 'shop', 'delete', 'pod', 'web-0', '--grace-period=0', '--force');
    await Promise.all([gone('shop'), gone('other')]);
    assert.ok((await read('plain')) !== undefined, 'a pod there has a proxy');
  });

  test('is there again when the operator was away while a namespace began to ask', async () => {
    await operator.stop();
    await cluster.apply(namespace('late', ASKS));
    await delay(500);
    assert.equal(await read('late'), undefined);
    operator = await start();
    await written('late');
  });

  test('does not hold up the end of its namespace', async () => {
    await cluster.kubectl('delete', 'namespace', 'late', '--wait=false');
    await eventually(
      async () => (await cluster.api.get(NAMESPACE, { name: 'late' })).metadata.deletionTimestamp !== undefined,
      (isGoing) => isGoing,
    );
    await cluster.kubectl('-n', 'late', 'delete', 'configmap', 'dot-kube-proxy');
    await delay(1000);
    assert.equal(await read('late'), undefined);
    assert.doesNotMatch(operator.text(), /"level":"error"/);
  });
});
