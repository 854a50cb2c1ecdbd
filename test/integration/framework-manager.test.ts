import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Api,
  ApiError,
  applyStatus,
  Controller,
  createMetricsRegistry,
  done,
  EVENT,
  EventRecorder,
  fencedApi,
  generationChanged,
  Informer,
  isConditionTrue,
  type KubernetesObject,
  kstatusConditions,
  LeaderElection,
  LEASE,
  Manager,
  resourceKind,
  setConditions,
  systemClock,
  transitionEvents,
  watches,
} from '../../operator/framework/index.ts';
import { interceptApi, WIDGET, type Widget, widget } from '../../operator/framework/testing/index.ts';
import { type FrameworkCluster, startFrameworkCluster } from './framework-cluster.ts';

/** An operator of widgets: says of each that it is ready, on one replica of several. */
function replica(api: Api, namespace: string, identity: string) {
  let isCut = false;
  const network = interceptApi(api, async ({ options }) => {
    if (!isCut) return;
    // As behind a broken link: no answer, until the caller gives up.
    await new Promise((_resolve, reject) => {
      options.signal?.addEventListener('abort', () => reject(options.signal?.reason as Error));
      setTimeout(() => reject(new ApiError({ code: 0, reason: 'Timeout', message: 'cut off' })), 500);
    });
  });
  const metrics = createMetricsRegistry();
  const election = new LeaderElection({
    api: network,
    lease: { namespace, name: 'widgets' },
    identity,
    leaseDuration: 3000,
    renewDeadline: 2000,
    retryPeriod: 300,
    metrics,
  });
  const writer = fencedApi(network, () => election.leadership);
  const writes: { readonly from: number; readonly to: number }[] = [];
  const informer = new Informer({ api: network, kind: WIDGET, select: { namespace }, metrics });
  const recorder = new EventRecorder({ api: writer, controller: 'example.com/widgets', instance: identity });
  const controller = new Controller({
    name: 'widgets',
    sources: [watches(informer.store, { predicate: generationChanged })],
    metrics,
    backoff: { base: 100, max: 1000 },
    reconcile: async (request, { signal }) => {
      const object = informer.store.get(request);
      if (object === undefined) return done();
      const stamp = { generation: object.metadata.generation, now: systemClock.now() };
      const inputs = kstatusConditions({ kind: 'ready', reason: 'Reconciled', message: `by ${identity}` });
      const conditions = setConditions(object.status?.conditions, inputs, stamp);
      const status = { conditions, note: object.spec?.color ?? 'none' };
      const from = performance.now();
      const outcome = await applyStatus(writer, WIDGET, object, status, { fieldManager: 'widgets', signal });
      if (outcome === 'written') writes.push({ from, to: performance.now() });
      for (const event of transitionEvents(object.status?.conditions, conditions)) recorder.record(object, event);
      await recorder.flush();
      return done();
    },
  });
  const manager = new Manager({ election });
  manager.add(informer, controller);
  const stop = new AbortController();
  const running = manager.run(stop.signal);
  return {
    identity,
    manager,
    writes,
    metrics,
    cut: (value: boolean) => (isCut = value),
    leads: () => election.leadership !== undefined,
    stop: async () => {
      stop.abort();
      await running;
    },
  };
}

async function until(what: string, holds: () => boolean | Promise<boolean>, timeout = 15_000): Promise<void> {
  const deadline = performance.now() + timeout;
  while (!(await holds())) {
    assert.ok(performance.now() < deadline, `not in time: ${what}`);
    await delay(20);
  }
}

describe('two managers on a real API server', () => {
  let cluster: FrameworkCluster;
  before(async () => {
    cluster = await startFrameworkCluster();
  });
  after(() => cluster.close());

  const read = (name: string): Promise<Widget> => cluster.api.get(WIDGET, { namespace: cluster.namespace, name });
  const paint = (name: string, color: string): Promise<Widget> => {
    const object = widget(cluster.namespace, name, { color });
    return cluster.api.apply(WIDGET, object, { fieldManager: 'painter' });
  };
  const isReported = async (name: string, color: string): Promise<boolean> => {
    const { status, metadata } = await read(name);
    const ready = status?.conditions?.find(({ type }) => type === 'Ready');
    return status?.note === color && ready?.observedGeneration === metadata.generation;
  };

  it('let one reconcile; the other takes over when that one is cut off, and they never write at the same time', async () => {
    const { api, namespace } = cluster;
    await paint('w1', 'red');
    const replicas = [replica(api, namespace, 'a'), replica(api, namespace, 'b')] as const;
    try {
      await until('w1 is reported', () => isReported('w1', 'red'));
      assert.ok(isConditionTrue((await read('w1')).status?.conditions, 'Ready'));
      const [leader, other] = replicas[0].leads() ? replicas : ([replicas[1], replicas[0]] as const);
      assert.deepEqual([leader.leads(), other.leads()], [true, false]);

      leader.cut(true);
      await paint('w2', 'blue');
      await until('w2 is reported', () => isReported('w2', 'blue'));
      assert.deepEqual([leader.leads(), other.leads(), other.manager.isLeading], [false, true, true]);
      leader.cut(false);
      await paint('w1', 'green');
      await until('w1 is reported again', () => isReported('w1', 'green'));
      const lastOfFirst = Math.max(...leader.writes.map(({ to }) => to));
      const firstOfSecond = Math.min(...other.writes.map(({ from }) => from));
      assert.ok(lastOfFirst < firstOfSecond, 'the second began after the first had ended');

      await other.stop();
      await until('the first leads again', () => leader.leads(), 1500);
      const lease = await api.get(LEASE, { namespace, name: 'widgets' });
      assert.deepEqual([lease.spec?.holderIdentity, lease.spec?.leaseTransitions], [leader.identity, 2]);
    } finally {
      await Promise.all(replicas.map((each) => each.stop()));
    }
  });

  it('write nothing when there is nothing to say', async () => {
    const { api, namespace } = cluster;
    await paint('still', 'red');
    const first = replica(api, namespace, 'c');
    await until('it is reported', () => isReported('still', 'red'));
    const before = await read('still');
    await first.stop();
    // A new process that reconciles all anew, by another name in the message only where it has something to change.
    const second = replica(api, namespace, 'c');
    const reconciles = async (): Promise<number> => {
      const text = await second.metrics.getSingleMetricAsString('controller_runtime_reconcile_total');
      return Number(/result="success"\} (\d+)/.exec(text)?.[1]);
    };
    await until('it is reconciled again', async () => (await reconciles()) >= 3);
    await second.stop();
    assert.equal((await read('still')).metadata.resourceVersion, before.metadata.resourceVersion);
  });

  it('tell of transitions in events that kubectl shows', async () => {
    const { api, namespace, controlPlane } = cluster;
    const { items } = await api.list(EVENT, { namespace });
    const texts = items.map(({ type, reason, note, regarding }) => `${type} ${regarding.name} ${reason} ${note}`);
    assert.ok(
      texts.some((text) => /^Normal w1 Reconciled by [ab]$/.test(text)),
      texts.join('\n'),
    );
    const shown = await controlPlane.kubectl('events', '--namespace', namespace, '--for', 'widget/still');
    assert.match(shown, /Normal +Reconciled +Widget\/still +by c/);
  });

  it('find out by a review whose token of a service account is', async () => {
    const { api, namespace } = cluster;
    const account = resourceKind('v1', 'ServiceAccount');
    const ref = { namespace, name: 'caller' };
    await api.create(account, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: ref });
    const metadata = { name: '' };
    const apiVersion = 'authentication.k8s.io/v1';
    const request = {
      apiVersion,
      kind: 'TokenRequest',
      metadata,
      spec: { audiences: ['test'] },
      status: { token: '' },
    };
    const { status } = await api.createSubresource(account, ref, 'token', request);
    const review = resourceKind(apiVersion, 'TokenReview', { namespaced: false });
    const body = { apiVersion, kind: 'TokenReview', metadata, spec: { token: status.token, audiences: ['test'] } };
    assert.partialDeepStrictEqual(await api.create<KubernetesObject>(review, body), {
      status: {
        authenticated: true,
        audiences: ['test'],
        user: { username: `system:serviceaccount:${namespace}:caller` },
      },
    });
  });

  it('make a series of an event that repeats', async () => {
    const { api, namespace } = cluster;
    let now = 0;
    const clock = { ...systemClock, monotonic: () => now };
    const recorder = new EventRecorder({ api, controller: 'example.com/widgets', instance: 'x', clock });
    const object = await paint('noisy', 'red');
    for (let repeat = 0; repeat < 5; repeat++, now += 60_000) {
      recorder.record(object, { type: 'Warning', reason: 'Noise', note: 'again' });
    }
    await recorder.flush();
    const { items } = await api.list(EVENT, { namespace });
    const counts = items.filter(({ reason }) => reason === 'Noise').map(({ series }) => series?.count);
    assert.deepEqual(counts, [5]);
  });
});
