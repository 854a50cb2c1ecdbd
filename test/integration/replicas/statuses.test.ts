import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { findCondition } from '../../../operator/framework/index.ts';
import { Forwarder, type MeshObject, type MeshPod, type OperatorProcess, splitOfReviews } from '../harness/index.ts';
import { type Pair, startPair } from './pair.ts';

const NAMESPACE = 'bookstore';

/** An expression that a proxy with a smaller limit than usual refuses. */
const TEMPLATE = [{ path: { type: 'Template', value: '/books/{*}/reviews/{*}/answers/{**}' } }];

describe('a status counts the proxies of all replicas', () => {
  const scope = new AsyncDisposableStack();
  let pair: Pair;
  /** Between a proxy and the replica that does not lead. */
  let forwarder: Forwarder;
  let controlPlane: OperatorProcess;
  let callers: readonly MeshPod[];
  let reviews: string;

  before(async () => {
    pair = scope.use(await startPair());
    const { store } = pair;
    controlPlane = pair.second;
    const to = () => ({ host: '127.0.0.1', port: controlPlane.xdsPort });
    forwarder = scope.use(await Forwarder.start(store.network.hostAddress, to));
    reviews = await store.addressOf('reviews');
    [, , ...callers] = await store.pods(
      { name: 'reviews-v1-0', app: 'reviews' },
      { name: 'reviews-v2-0', app: 'reviews', version: 'v2', through: forwarder.address },
      { name: 'storefront-0', app: 'storefront' },
      { name: 'storefront-1', app: 'storefront', through: forwarder.address },
    );
    for (const caller of callers) assert.equal((await caller.call(reviews, 8080)).status, 200);
  });
  after(() => scope.disposeAsync());

  const kubectl = (...args: readonly string[]) => pair.store.cluster.kubectl('-n', NAMESPACE, ...args);
  const apply = (object: MeshObject) => pair.store.cluster.kubectl.input(JSON.stringify(object), 'apply', '-f', '-');
  const wait = (seconds = 20) => {
    const state = { done: false, finished: Promise.resolve('') };
    const args = ['--for=condition=Programmed', `--timeout=${seconds}s`, 'trafficsplit/reviews'];
    state.finished = kubectl('wait', ...args).finally(() => (state.done = true));
    state.finished.catch(() => {});
    return state;
  };
  const programmed = async () => {
    const { status } = await pair.store.cluster.get(splitOfReviews(0));
    return { ...findCondition(status?.conditions, 'Programmed'), proxies: status?.proxies };
  };
  const untilMessage = async (wanted: RegExp): Promise<void> => {
    const deadline = performance.now() + 10_000;
    for (;;) {
      const { message = '' } = await programmed();
      if (wanted.test(message)) return;
      if (performance.now() > deadline) throw new Error(`Programmed says "${message}"`);
      await delay(20);
    }
  };

  test('proxies of both are in the counts, and only the one that leads writes', async () => {
    await pair.store.applyAll();
    await kubectl('wait', '--for=condition=Programmed', '--timeout=20s', 'mesh', '--all');
    assert.deepEqual((await programmed()).proxies, { total: 2, programmed: 2, rejected: 0 });
    const strict = { ...splitOfReviews(0), kind: 'MeshPolicy', metadata: { namespace: NAMESPACE, name: 'strict' } };
    const { status } = await pair.store.cluster.until(strict, 'Programmed', 'True');
    assert.deepEqual(status?.proxies, { total: 4, programmed: 4, rejected: 0 });
    const metrics = (await pair.first.health('/metrics')).body;
    assert.match(metrics, /^dot_kube_replicas\{state="live"\} 1$/m);
    assert.match(metrics, /^dot_kube_replica_report_age_seconds\{address="127\.0\.0\.1:\d+"\} 0\.\d+$/m);
    assert.match((await pair.second.health('/metrics')).body, /^dot_kube_replica_report_streams 1$/m);
  });

  test('kubectl wait does not return while an acknowledgement to the other replica is held back', async () => {
    forwarder.hold('proxy');
    await apply(splitOfReviews(100));
    const waiting = wait();
    await untilMessage(/^1 of 2 proxies have acknowledged generation 2; waiting for bookstore\/storefront-1$/);
    await delay(500);
    assert.equal(waiting.done, false);
    forwarder.release();
    await waiting.finished;
    assert.equal((await callers[1]?.call(reviews, 8080))?.body, 'v2');
  });

  test('nor while the other replica has not compiled it, which is named', async () => {
    pair.second.process.kill('SIGSTOP');
    await apply(splitOfReviews(0));
    const waiting = wait();
    const words = "waiting for bookstore/storefront-1, and for the control plane's \\S+ to tell its proxies$";
    await untilMessage(new RegExp(`^1 of 2 proxies have acknowledged generation 3; ${words}`));
    assert.equal(waiting.done, false);
    pair.second.process.kill('SIGCONT');
    await waiting.finished;
    assert.equal((await callers[1]?.call(reviews, 8080))?.body, 'v1');
  });

  test('what a proxy of the other replica refuses is in the status, in the words of Envoy', async () => {
    const runtime = { 're2.max_program_size.error_level': 20 };
    const through = forwarder.address;
    const refusing = await pair.store.pod({ name: 'storefront-2', app: 'storefront', runtime, through });
    assert.equal((await refusing.call(reviews, 8080)).status, 200);
    await apply(splitOfReviews(50, TEMPLATE));
    const { status } = await pair.store.cluster.until(splitOfReviews(0), 'Programmed', 'False RejectedByProxy');
    const message = findCondition(status?.conditions, 'Programmed')?.message ?? '';
    assert.match(message, /^DK3001 bookstore\/storefront-2 refuses .*regex.*program size/);
    assert.equal(findCondition(status?.conditions, 'Stalled')?.status, 'True');
    assert.equal(status?.proxies?.rejected, 1);
    await apply(splitOfReviews(100));
    await wait().finished;
    assert.equal((await refusing.call(reviews, 8080)).body, 'v2');
    await delay(1500);
    assert.deepEqual((await programmed()).proxies?.rejected, 0);
  });

  test('proxies that go over to the other replica are counted once all the time', async () => {
    const before = await programmed();
    assert.deepEqual(before.proxies, { total: 3, programmed: 3, rejected: 0 });
    controlPlane = pair.first;
    forwarder.cut();
    await forwarder.connected(6);
    // A count that is wrong would be written when it is found: the last one was long ago.
    await apply(splitOfReviews(20));
    const waiting = wait();
    const seen = new Set<number>();
    for (const end = performance.now() + 7000; performance.now() < end; await delay(50))
      seen.add((await programmed()).proxies?.total ?? -1);
    await waiting.finished;
    assert.deepEqual([...seen], [3]);
  });
});
