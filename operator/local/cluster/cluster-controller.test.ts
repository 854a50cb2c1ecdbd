import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ENDPOINT_SLICE, NODE, POD, SERVICE, SERVICE_ACCOUNT } from '../../api/index.ts';
import type { Api, ApplyObject } from '../../framework/api/api.ts';
import type { KubernetesObject } from '../../framework/api/object.ts';
import type { ResourceKind } from '../../framework/api/resource-kind.ts';
import { silentLogger, systemClock } from '../../framework/index.ts';
import { InMemoryApi } from '../../framework/testing/index.ts';
import { kindOf } from '../folder/object-key.ts';
import { startStores } from '../local-stores.ts';
import { ClusterController } from './cluster-controller.ts';

const NAMESPACE = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'shop', labels: { 'mesh.dot-kube.io/inject': 'enabled' } },
};
const WEB = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
};
const DEPLOYMENT = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    replicas: 2,
    template: {
      metadata: { labels: { app: 'web', 'topology.kubernetes.io/zone': 'east' } },
      spec: { containers: [{ name: 'main', command: ['node'] }] },
    },
  },
};

async function withCluster(run: (api: InMemoryApi) => Promise<void>): Promise<void> {
  const api = new InMemoryApi();
  const abort = new AbortController();
  const stores = await startStores({ api, clock: systemClock, log: silentLogger, signal: abort.signal });
  const controller = new ClusterController({ api, stores, clock: systemClock, log: silentLogger });
  controller.start();
  try {
    await run(api);
  } finally {
    await controller.close();
    abort.abort();
    await stores.ended;
  }
}

const write = (api: Api, object: KubernetesObject): Promise<unknown> =>
  api.apply(kindOf(object), object, { fieldManager: 'test', force: true });

/** Looks at the objects of a kind until they are as expected. */
async function become<T extends KubernetesObject>(
  api: Api,
  kind: ResourceKind<T>,
  is: (objects: readonly T[]) => boolean,
): Promise<readonly T[]> {
  for (let turn = 0; ; turn += 1) {
    const { items } = await api.list(kind);
    if (is(items)) return items;
    assert.ok(turn < 200, `not within 2 s: ${JSON.stringify(items)}`);
    await delay(10);
  }
}

test('a Service has an address, and a new one of the same name has it again', async () => {
  await withCluster(async (api) => {
    await write(api, NAMESPACE);
    await write(api, WEB);
    const address = ([service]: readonly { readonly spec?: { readonly clusterIP?: string } }[]) =>
      service?.spec?.clusterIP;
    const first = await become(api, SERVICE, (services) => address(services) !== undefined);
    assert.deepEqual(first[0]?.spec?.clusterIPs, [address(first)]);
    await api.delete(SERVICE, WEB.metadata);
    await write(api, WEB);
    const second = await become(api, SERVICE, (services) => address(services) !== undefined);
    assert.equal(address(second), address(first));
    assert.notEqual(second[0]?.metadata.uid, first[0]?.metadata.uid);
  });
});

test('a Deployment has pods, the pods have endpoints when they are ready, and all go with it', async () => {
  await withCluster(async (api) => {
    for (const object of [NAMESPACE, WEB, DEPLOYMENT]) await write(api, object);
    const [pod] = await become(api, POD, (pods) => pods.length === 2);
    assert.equal(pod?.metadata.labels?.['mesh.dot-kube.io/status'], 'injected');
    assert.equal(pod?.spec?.nodeName, 'local.east');
    await become(api, NODE, (nodes) => nodes.map(({ metadata }) => metadata.name).join() === 'local,local.east');
    const status = { phase: 'Running', podIP: '127.8.4.1', conditions: [{ type: 'Ready', status: 'True' }] };
    const { name, namespace } = pod.metadata;
    await api.apply(POD, { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace }, status } as ApplyObject, {
      fieldManager: 'test',
      subresource: 'status',
    });
    const [slice] = await become(api, ENDPOINT_SLICE, (slices) => slices.length === 1);
    assert.deepEqual(slice?.endpoints?.[0]?.addresses, ['127.8.4.1']);
    assert.equal(slice?.endpoints?.[0]?.zone, 'east');
    await api.delete(kindOf(DEPLOYMENT), DEPLOYMENT.metadata);
    await become(api, POD, (pods) => pods.length === 0);
    await become(api, ENDPOINT_SLICE, (slices) => slices.length === 0);
  });
});

test('a pod of the folder itself is scheduled and injected, and a namespace has an account', async () => {
  await withCluster(async (api) => {
    await write(api, NAMESPACE);
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'alone', namespace: 'shop' },
      spec: { containers: [] },
    };
    await write(api, pod);
    const [admitted] = await become(api, POD, ([one]) => one?.spec?.nodeName === 'local');
    assert.equal(admitted?.metadata.labels?.['mesh.dot-kube.io/status'], 'injected');
    assert.equal(admitted?.spec?.serviceAccountName, 'default');
    await become(api, SERVICE_ACCOUNT, (accounts) => accounts.length === 1);
  });
});

test('what is settled writes nothing', async () => {
  await withCluster(async (api) => {
    for (const object of [NAMESPACE, WEB, DEPLOYMENT]) await write(api, object);
    await become(api, POD, (pods) => pods.length === 2);
    await delay(50);
    const version = api.resourceVersion;
    await write(api, {
      ...NAMESPACE,
      metadata: { ...NAMESPACE.metadata, labels: { ...NAMESPACE.metadata.labels, x: 'y' } },
    });
    await delay(100);
    assert.equal(Number(api.resourceVersion), Number(version) + 1);
  });
});
