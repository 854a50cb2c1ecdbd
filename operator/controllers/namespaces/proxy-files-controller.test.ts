import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { NAMESPACE, type Namespace, POD, type Pod } from '../../api/index.ts';
import { createMetricsRegistry, Informer, Manager, silentLogger } from '../../framework/index.ts';
import { InMemoryApi } from '../../framework/memory/index.ts';
import { TestClock } from '../../framework/testing/index.ts';
import { DEFAULT_INJECTION } from '../../webhooks/index.ts';
import { CONFIG_MAP, type ConfigMap, proxyFilesOf } from './proxy-files.ts';
import { ProxyFilesController } from './proxy-files-controller.ts';

const SETTINGS = { ...DEFAULT_INJECTION, proxyImage: 'proxy' };
const INJECT = 'mesh.dot-kube.io/inject';
const LINGER_MS = 30_000;

const namespace = (name: string, inject?: string): Namespace => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, ...(inject === undefined ? {} : { labels: { [INJECT]: inject } }) },
});

const pod = (name: string, labels: Readonly<Record<string, string>> = {}, more: Partial<Pod> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', labels },
  spec: { containers: [{ name: 'app' }] },
  ...more,
});

const INJECTED = { 'mesh.dot-kube.io/status': 'injected' };

const start = (...objects: readonly (Namespace | Pod | ConfigMap)[]) => startWith({}, ...objects);

async function startWith(
  options: { readonly always?: readonly string[] },
  ...objects: readonly (Namespace | Pod | ConfigMap)[]
) {
  const clock = new TestClock();
  const api = new InMemoryApi({ clock });
  for (const object of objects) {
    const kind = { Namespace: NAMESPACE, Pod: POD, ConfigMap: CONFIG_MAP }[object.kind as 'Namespace'];
    const made = await api.create<Namespace>(kind, object as Namespace);
    if (object.status !== undefined)
      await api.replace<Namespace>(kind, { ...made, status: object.status }, { subresource: 'status' });
  }
  const common = { api, clock, logger: silentLogger, metrics: createMetricsRegistry() };
  const pods = new Informer({ ...common, kind: POD });
  const namespaces = new Informer({ ...common, kind: NAMESPACE });
  let roots = 'one';
  const listeners = new Set<() => void>();
  const controller = new ProxyFilesController({
    ...common,
    pods,
    namespaces,
    settings: SETTINGS,
    files: () => ({ 'roots.json': roots }),
    onFilesChange: (changed) => {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
    fieldManager: 'operator',
    lingerMs: LINGER_MS,
    ...options,
  });
  const manager = new Manager({ clock, logger: silentLogger }).add(pods, namespaces, ...controller.runnables);
  const stop = new AbortController();
  const running = manager.run(stop.signal);
  const settled = async (): Promise<void> => {
    await clock.advance(1000);
    await clock.advance(1000);
  };
  await settled();
  return {
    api,
    clock,
    controller,
    metrics: common.metrics,
    settled,
    change: (next: string) => {
      roots = next;
      for (const changed of listeners) changed();
    },
    /** What there is, as namespace=content. */
    files: async (): Promise<readonly string[]> => {
      await settled();
      const { items } = await api.list(CONFIG_MAP);
      return items.map(({ data, metadata }) => `${metadata.namespace}=${data?.['roots.json']}`).sort();
    },
    versions: async () => (await api.list(CONFIG_MAP)).items.map(({ metadata }) => metadata.resourceVersion),
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
    },
  };
}

describe('what proxies start with is', () => {
  test('in namespaces that ask for proxies, and never in those of the system', async () => {
    await using mesh = await start(
      namespace('shop', 'enabled'),
      namespace('plain'),
      namespace('kube-system', 'enabled'),
    );
    assert.deepEqual(await mesh.files(), ['shop=one']);
    const [configMap] = (await mesh.api.list(CONFIG_MAP)).items;
    assert.equal(configMap?.metadata.labels?.['app.kubernetes.io/managed-by'], 'dot-kube-operator');
    assert.deepEqual(
      configMap?.metadata.managedFields?.map(({ manager, operation }) => [manager, operation]),
      [['operator', 'Apply']],
    );
    await mesh.api.replace(NAMESPACE, namespace('plain', 'enabled'));
    assert.deepEqual(await mesh.files(), ['plain=one', 'shop=one']);
  });

  test('in a namespace of the system that needs it whatever is in it, and known to be behind there, too', async () => {
    const always = ['dot-kube-system'];
    await using mesh = await startWith({ always }, namespace('kube-system'), namespace('dot-kube-system'));
    assert.deepEqual(await mesh.files(), ['dot-kube-system=one']);
    mesh.change('two');
    assert.deepEqual(mesh.controller.behind(), ['ConfigMap dot-kube-system/dot-kube-proxy']);
    assert.deepEqual(await mesh.files(), ['dot-kube-system=two']);
    await mesh.clock.advance(LINGER_MS * 2);
    assert.deepEqual(await mesh.files(), ['dot-kube-system=two']);
  });

  test('where pods have a proxy, or ask for one', async () => {
    const onNode = pod(
      'on-node',
      { [INJECT]: 'enabled' },
      { spec: { hostNetwork: true, containers: [{ name: 'app' }] } },
    );
    const over = pod('over', INJECTED, { status: { phase: 'Succeeded' } });
    await using mesh = await start(namespace('shop'), pod('plain'), onNode, over);
    assert.deepEqual(await mesh.files(), []);
    await mesh.api.create(POD, pod('asks', { [INJECT]: 'enabled' }));
    assert.deepEqual(await mesh.files(), ['shop=one']);
  });

  test('written again when somebody edits, deletes or locks it', async () => {
    await using mesh = await start(namespace('shop', 'enabled'));
    const ref = { namespace: 'shop', name: 'dot-kube-proxy' };
    const edited = await mesh.api.get(CONFIG_MAP, ref);
    await mesh.api.replace(CONFIG_MAP, { ...edited, data: { 'roots.json': 'mine' } });
    assert.deepEqual(await mesh.files(), ['shop=one']);
    await mesh.api.delete(CONFIG_MAP, ref);
    assert.deepEqual(await mesh.files(), ['shop=one']);
    await mesh.api.replace(CONFIG_MAP, { ...(await mesh.api.get(CONFIG_MAP, ref)), immutable: true });
    await mesh.settled();
    mesh.change('two');
    assert.deepEqual(await mesh.files(), ['shop=two']);
    assert.equal((await mesh.api.get(CONFIG_MAP, ref)).immutable, undefined);
  });

  test('not written when nothing is different, nor after a restart', async () => {
    await using mesh = await start(namespace('shop', 'enabled'), pod('a', INJECTED));
    const before = await mesh.versions();
    for (let turn = 0; turn < 20; turn += 1) {
      mesh.change('one');
      await mesh.api.replace(NAMESPACE, {
        ...namespace('shop', 'enabled'),
        metadata: { name: 'shop', labels: { [INJECT]: 'enabled', turn: String(turn) } },
      });
      await mesh.settled();
    }
    assert.deepEqual(await mesh.versions(), before);
    assert.match(await mesh.metrics.metrics(), /dotkube_proxy_files_writes_total\{outcome="written"\} 1\n/);
  });

  test('changed everywhere when the roots change, and known to be behind until then', async () => {
    await using mesh = await start(namespace('a', 'enabled'), namespace('b', 'enabled'), namespace('c'));
    assert.deepEqual(mesh.controller.behind(), []);
    mesh.change('two');
    assert.deepEqual(mesh.controller.behind(), ['ConfigMap a/dot-kube-proxy', 'ConfigMap b/dot-kube-proxy']);
    assert.match(await mesh.metrics.metrics(), /dotkube_proxy_files_behind 2\n/);
    assert.deepEqual(await mesh.files(), ['a=two', 'b=two']);
    assert.deepEqual(mesh.controller.behind(), []);
  });

  test('deleted when nobody needs it any more, after a while, and not before', async () => {
    await using mesh = await start(namespace('shop', 'enabled'), pod('a', INJECTED));
    await mesh.api.replace(NAMESPACE, namespace('shop'));
    await mesh.clock.advance(10 * LINGER_MS);
    assert.deepEqual(await mesh.files(), ['shop=one'], 'a pod has a proxy');
    await mesh.api.delete(POD, { namespace: 'shop', name: 'a' });
    assert.deepEqual(await mesh.files(), ['shop=one']);
    await mesh.clock.advance(LINGER_MS / 2);
    await mesh.api.create(POD, pod('b', INJECTED));
    await mesh.clock.advance(LINGER_MS);
    assert.deepEqual(await mesh.files(), ['shop=one'], 'another one came');
    await mesh.api.delete(POD, { namespace: 'shop', name: 'b' });
    await mesh.clock.advance(LINGER_MS);
    assert.deepEqual(await mesh.files(), []);
  });

  test('left alone when it is of somebody else, until the namespace is meshed', async () => {
    const theirs = proxyFilesOf('shop', SETTINGS, { 'roots.json': 'theirs' });
    const { name } = theirs.metadata;
    await using mesh = await start(namespace('shop'), { ...theirs, metadata: { name, namespace: 'shop' } });
    await mesh.clock.advance(10 * LINGER_MS);
    assert.deepEqual(await mesh.files(), ['shop=theirs']);
    await mesh.api.replace(NAMESPACE, namespace('shop', 'enabled'));
    assert.deepEqual(await mesh.files(), ['shop=one']);
  });
});
