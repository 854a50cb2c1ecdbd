import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NAMESPACE, type Namespace, POD, type Pod } from '../../api/core.ts';
import { createMetricsRegistry, EVENT, EventRecorder, Informer, Manager, silentLogger } from '../../framework/index.ts';
import { InMemoryApi } from '../../framework/memory/index.ts';
import { TestClock } from '../../framework/testing/index.ts';
import { versionFinding } from './proxy-version.ts';
import { DEFAULT_INJECTION } from './settings.ts';
import { unmeshedFinding, unmeshedPodsController } from './unmeshed-pods.ts';

const SETTINGS = { ...DEFAULT_INJECTION, proxyImage: 'proxy' };
const namespace = (inject?: string): Namespace => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'shop', ...(inject === undefined ? {} : { labels: { 'mesh.dot-kube.io/inject': inject } }) },
});
const pod = (more: Partial<Pod> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a', namespace: 'shop' },
  spec: { containers: [{ name: 'app' }] },
  ...more,
});
const told = (each: Pod, where?: Namespace): string | undefined => unmeshedFinding(each, where, SETTINGS)?.code;

test('a pod that should have a proxy and has none is told of, until it is over', () => {
  assert.equal(told(pod(), namespace('enabled')), 'DK4102');
  assert.equal(told(pod({ status: { phase: 'Succeeded' } }), namespace('enabled')), undefined);
  const metadata = { name: 'a', namespace: 'shop', labels: { 'mesh.dot-kube.io/status': 'injected' } };
  assert.equal(told(pod({ metadata }), namespace('enabled')), undefined);
});

test('a pod on the network of its node is told of', () => {
  const onNode = pod({ spec: { hostNetwork: true, containers: [{ name: 'app' }] } });
  assert.equal(told(onNode, namespace('enabled')), 'DK4101');
  assert.equal(told(onNode, namespace()), undefined);
});

test('nobody is told of pods that nobody wants a proxy for', () => {
  assert.equal(told(pod(), namespace()), undefined);
  assert.equal(told(pod(), undefined), undefined);
  const optedOut = { name: 'a', namespace: 'shop', labels: { 'mesh.dot-kube.io/inject': 'disabled' } };
  assert.equal(told(pod({ metadata: optedOut }), namespace('enabled')), undefined);
});

test('a proxy of another version is told of, whichever registry its image is from', () => {
  const settings = { proxyImage: 'registry.example:5000/dot-kube/proxy:1.1' };
  const skew = (image?: string) => {
    const initContainers = image === undefined ? [] : [{ name: 'dot-kube-proxy', image }];
    return versionFinding(
      pod({ spec: { containers: [{ name: 'app', image: 'proxy:1.0' }], initContainers } }),
      settings,
    );
  };
  assert.equal(skew('mirror.example/proxy:1.1'), undefined);
  assert.equal(skew(), undefined, 'it has no proxy');
  const words = (version: string) => `the proxy is of the version ${version}, and pods that are made now get 1.1`;
  assert.equal(skew('registry.example:5000/dot-kube/proxy:1.0')?.message, words('1.0'));
  assert.equal(skew('registry.example:5000/dot-kube/proxy')?.message, words('latest'));
  assert.equal(skew('dot-kube/proxy@sha256:00')?.message, words('sha256:00'));
});

test('it is told by one event, also when the namespace begins to ask later', async () => {
  const clock = new TestClock();
  const api = new InMemoryApi({ clock });
  await api.create(NAMESPACE, namespace());
  await api.create(POD, pod());
  const common = { api, clock, logger: silentLogger, metrics: createMetricsRegistry() };
  const pods = new Informer({ ...common, kind: POD });
  const namespaces = new Informer({ ...common, kind: NAMESPACE });
  const events = new EventRecorder({ ...common, controller: 'mesh.dot-kube.io/operator', instance: 'a' });
  const controller = unmeshedPodsController({ ...common, pods, namespaces, events, settings: () => SETTINGS });
  const manager = new Manager({ clock, logger: silentLogger }).add(pods, namespaces, controller);
  const stop = new AbortController();
  const running = manager.run(stop.signal);
  const notes = async (): Promise<readonly string[]> => {
    await clock.advance(1000);
    await events.flush();
    return (await api.list(EVENT)).items.map(({ note, type }) => `${type} ${note}`);
  };
  assert.deepEqual(await notes(), []);
  await api.replace(NAMESPACE, namespace('enabled'));
  const [note, ...others] = await notes();
  assert.match(note ?? '', /^Warning DK4102 spec\.initContainers: the pod has no proxy/);
  await api.replace(POD, { ...pod(), metadata: { ...pod().metadata, annotations: { changed: 'yes' } } });
  assert.deepEqual([(await notes()).length, others], [1, []]);
  const text = await common.metrics.metrics();
  assert.match(text, /dotkube_pod_findings\{code="DK4102"\} 1\n/);
  const initContainers = [{ name: 'dot-kube-proxy', image: 'proxy:0.9' }];
  await api.create(POD, {
    ...pod({ spec: { containers: [], initContainers } }),
    metadata: { name: 'b', namespace: 'shop' },
  });
  assert.deepEqual((await notes()).map((each) => each.slice(0, 13)).sort(), ['Normal DK4103', 'Warning DK410']);
  assert.match(await common.metrics.metrics(), /dotkube_proxies\{version="0\.9"\} 1\n/);
  await api.delete(POD, { namespace: 'shop', name: 'a' });
  await notes();
  assert.doesNotMatch(await common.metrics.metrics(), /DK4102/);
  stop.abort();
  await running;
});
