import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { MeshStatus } from '../../api/index.ts';
import {
  type Api,
  createMetricsRegistry,
  type EventRecorder,
  type Informer,
  resourceKind,
  silentLogger,
  Store,
} from '../../framework/index.ts';
import { TestClock } from '../../framework/testing/index.ts';
import type { Programming } from './conditions-for.ts';
import { StatusControllers } from './status-controllers.ts';
import type { MeshObject } from './status-reconciler.ts';

const SPLIT = 'TrafficSplit/shop/reviews';
const WAITING: Programming = { kind: 'waiting', total: 2, waitingFor: ['shop/web-1'] };
const PROGRAMMED: Programming = { kind: 'programmed', total: 2 };

/** Controllers that run, over a store of one object that a write of its status changes as a watch would. */
async function running(t: TestContext) {
  const clock = new TestClock();
  const store = new Store<MeshObject>();
  const written: string[] = [];
  let version = 0;
  let looks = 0;
  let stops = 0;
  let programming: Programming | undefined;
  const put = (object: MeshObject): void =>
    store.apply([
      {
        kind: 'upsert',
        object: { ...object, metadata: { ...object.metadata, resourceVersion: String(++version) } },
      },
    ]);
  const edit = (generation: number): void =>
    put({
      ...store.get('shop/reviews'),
      apiVersion: 'mesh.dot-kube.io/v1alpha1',
      kind: 'TrafficSplit',
      metadata: { namespace: 'shop', name: 'reviews', uid: 'u', generation },
    });
  const api = {
    apply: (_: unknown, { status }: { readonly status: MeshStatus }) => {
      const condition = status.conditions?.find(({ type }) => type === 'Programmed');
      written.push(`${condition?.observedGeneration} ${condition?.reason}`);
      const object = store.get('shop/reviews');
      assert.ok(object);
      put({ ...object, status });
      return Promise.resolve(object);
    },
  } as unknown as Api;
  edit(1);
  const statuses = new StatusControllers({
    kinds: [
      {
        kind: resourceKind<MeshObject>('mesh.dot-kube.io/v1alpha1', 'TrafficSplit'),
        informer: { store } as unknown as Informer<MeshObject>,
      },
    ],
    api,
    clock,
    logger: silentLogger,
    metrics: createMetricsRegistry(),
    events: { record: () => {} } as unknown as EventRecorder,
    verdictOf: () => ({ warnings: [] }),
    programmingOf: () => {
      looks += 1;
      return programming;
    },
    stopped: () => {
      stops += 1;
    },
  });
  const stop = new AbortController();
  const runs = statuses.controllers.map((controller) => controller.run(stop.signal));
  const end = async (): Promise<void> => {
    stop.abort();
    await Promise.all(runs);
  };
  t.after(end);
  await clock.advance(0);
  return {
    clock,
    written,
    edit,
    /** What the board says of it, as it would. */
    say: async (next: Programming) => {
      programming = next;
      statuses.touch(SPLIT, next.kind === 'waiting');
      await clock.advance(0);
    },
    looks: () => looks,
    stops: () => stops,
    end,
  };
}

test('what is there at the start is looked at', async (t) => {
  const { looks } = await running(t);
  assert.equal(looks(), 1);
});

test('an edit that proxies acknowledge soon is looked at once, however many they are', async (t) => {
  const { clock, edit, say, looks, written } = await running(t);
  const before = looks();
  edit(2);
  for (let proxy = 0; proxy < 50; proxy++) {
    await say(WAITING);
    await clock.advance(2);
  }
  assert.equal(looks() - before, 0);
  await say(PROGRAMMED);
  assert.deepEqual(written, ['2 Programmed']);
  await clock.advance(60_000);
  assert.equal(looks() - before, 1);
});

test('an edit that they do not acknowledge soon is said to wait after 200 ms, and to be in force when it is', async (t) => {
  const { clock, edit, say, written } = await running(t);
  edit(2);
  await say(WAITING);
  await clock.advance(199);
  assert.deepEqual(written, []);
  await clock.advance(1);
  assert.deepEqual(written, ['2 Pending']);
  await say(WAITING);
  await say(PROGRAMMED);
  assert.deepEqual(written, ['2 Pending', '2 Programmed']);
});

test('edits that follow each other before they are acknowledged never pass for programmed', async (t) => {
  const { clock, edit, say, written } = await running(t);
  for (const generation of [2, 3, 4]) {
    edit(generation);
    await say(WAITING);
    await clock.advance(150);
  }
  await clock.advance(200);
  assert.deepEqual(written, ['4 Pending']);
});

test('that they no longer run is told', async (t) => {
  const { end, stops } = await running(t);
  assert.equal(stops(), 0);
  await end();
  assert.equal(stops(), 1);
});
