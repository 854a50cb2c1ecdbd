import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { findCondition } from '../../../operator/framework/index.ts';
import { Bookstore, Forwarder, type MeshObject, type MeshPod, splitOfReviews } from '../harness/index.ts';

const NAMESPACE = 'bookstore';

describe('kubectl wait --for=condition=Programmed', () => {
  const scope = new AsyncDisposableStack();
  let store: Bookstore;
  let forwarder: Forwarder;
  /** Two real Envoys that call reviews; the second one behind a forwarder. */
  let callers: readonly MeshPod[];
  let reviews: string;

  before(async () => {
    store = scope.use(await Bookstore.start());
    forwarder = scope.use(
      await Forwarder.start(store.network.hostAddress, () => ({ host: '127.0.0.1', port: store.operator.xdsPort })),
    );
    reviews = await store.addressOf('reviews');
    [, , ...callers] = await store.pods(
      { name: 'reviews-v1-0', app: 'reviews' },
      { name: 'reviews-v2-0', app: 'reviews', version: 'v2' },
      { name: 'storefront-0', app: 'storefront' },
      { name: 'storefront-1', app: 'storefront', through: forwarder.address },
    );
    for (const caller of callers) assert.equal((await caller.call(reviews, 8080)).status, 200);
  });
  after(() => scope.disposeAsync());

  /** Changes the split as a user does. */
  const apply = (object: MeshObject) => store.cluster.kubectl.input(JSON.stringify(object), 'apply', '-f', '-');

  /** Runs the real command; `done` says whether it has returned. */
  const wait = (seconds = 20) => {
    const state = { done: false, finished: Promise.resolve('') };
    const run = async (): Promise<string> => {
      const args = ['wait', '--for=condition=Programmed', `--timeout=${seconds}s`, 'trafficsplit/reviews'];
      try {
        return await store.cluster.kubectl('-n', NAMESPACE, ...args);
      } finally {
        state.done = true;
      }
    };
    state.finished = run();
    state.finished.catch(() => {});
    return state;
  };

  /** What each caller is answered by, in a few calls. */
  const versions = async (): Promise<readonly string[]> => {
    const answers = await Promise.all(
      callers.flatMap((caller) => Array.from({ length: 20 }, () => caller.call(reviews, 8080))),
    );
    return [...new Set(answers.map(({ body }) => body))].sort();
  };

  /** Waits until Programmed says exactly this. */
  const untilMessage = async (wanted: string): Promise<void> => {
    const deadline = performance.now() + 10_000;
    for (;;) {
      const { status } = await store.cluster.get(splitOfReviews(0));
      const message = findCondition(status?.conditions, 'Programmed')?.message;
      if (message === wanted) return;
      if (performance.now() > deadline) throw new Error(`Programmed says "${message}"`);
      await delay(20);
    }
  };

  test('returns for the policies of the bookstore as soon as its proxies have them all', async () => {
    await store.applyAll();
    await store.cluster.kubectl(
      '-n',
      NAMESPACE,
      'wait',
      '--for=condition=Programmed',
      '--timeout=20s',
      'mesh',
      '--all',
    );
    const { status } = await store.cluster.get(splitOfReviews(0));
    assert.deepEqual(status?.proxies, { total: 2, programmed: 2, rejected: 0 });
  });

  test('returns when every Envoy has the change, and not while the acknowledgement of one is held back', async () => {
    forwarder.hold('proxy');
    await apply(splitOfReviews(100));
    const waiting = wait();
    await untilMessage('1 of 2 proxies have acknowledged generation 2; waiting for bookstore/storefront-1');
    assert.equal(waiting.done, false);
    forwarder.release();
    await waiting.finished;
    assert.deepEqual(await versions(), ['v2']);
  });

  test('does not return while the change does not reach one, which goes on as before', async () => {
    forwarder.hold('control-plane');
    await apply(splitOfReviews(0));
    const waiting = wait();
    await store.cluster.until(splitOfReviews(0), 'Programmed', 'False Pending');
    await delay(1500);
    assert.deepEqual([waiting.done, await versions()], [false, ['v1', 'v2']]);
    forwarder.release();
    await waiting.finished;
    assert.deepEqual(await versions(), ['v1']);
  });

  test('returns some five seconds after one that had not answered disconnected', async () => {
    const leaving = await store.pod({ name: 'storefront-2', app: 'storefront' });
    assert.equal((await leaving.call(reviews, 8080)).status, 200);
    leaving.proxy.kill('SIGSTOP');
    await apply(splitOfReviews(50));
    const waiting = wait();
    await untilMessage('2 of 3 proxies have acknowledged generation 4; waiting for bookstore/storefront-2');
    const started = performance.now();
    leaving.proxy.kill('SIGKILL');
    await waiting.finished;
    const took = performance.now() - started;
    assert.ok(took > 4000 && took < 8000, `after ${took} ms`);
    assert.deepEqual((await store.cluster.get(splitOfReviews(0))).status?.proxies, {
      total: 2,
      programmed: 2,
      rejected: 0,
    });
  });

  test('does not return when one refuses what all others take, whose words are in the status', async () => {
    const runtime = { 're2.max_program_size.error_level': 20 };
    const refusing = await store.pod({ name: 'storefront-3', app: 'storefront', runtime });
    assert.equal((await refusing.call(reviews, 8080)).status, 200);
    const match = [{ path: { type: 'Template', value: '/books/{*}/reviews/{*}/answers/{**}' } }];
    await apply(splitOfReviews(50, match));
    const waiting = wait(3);
    const { status } = await store.cluster.until(splitOfReviews(0), 'Programmed', 'False RejectedByProxy');
    await assert.rejects(waiting.finished, /timed out waiting for the condition/);
    assert.match(findCondition(status?.conditions, 'Programmed')?.message ?? '', /^DK3001 .*regex.*program size/);
    assert.equal(findCondition(status?.conditions, 'Stalled')?.status, 'True');
    assert.equal(status?.proxies?.rejected, 1);
    // The last version that it took stays in force everywhere.
    assert.deepEqual(await versions(), ['v1', 'v2']);
    await apply(splitOfReviews(100));
    await wait().finished;
    assert.deepEqual(await versions(), ['v2']);
  });
});
