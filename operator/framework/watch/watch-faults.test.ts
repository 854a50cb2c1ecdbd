import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { KubernetesObject } from '../api/object.ts';
import { keyOfObject } from '../api/object.ts';
import { HttpApi } from '../client/http-api.ts';
import { InMemoryApi } from '../memory/in-memory-api.ts';
import { createMetricsRegistry } from '../metrics.ts';
import { WIDGET, type Widget, widget } from '../testing/contract/widget.ts';
import type { ReadonlyStore } from '../store/store.ts';
import { FaultServer, NO_FAULTS } from '../testing/fault-server.ts';
import { seededRandom } from '../testing/random.ts';
import { Informer } from './informer.ts';

const SEQUENCES = Number(process.env['FAULT_SEQUENCES'] ?? '200');
const FIRST_SEED = Number(process.env['FAULT_SEED'] ?? '1');
const AT_ONCE = 10;
const STEPS = 40;
const NAMESPACE = 'faults';

/** Timings of a hasty watcher, so that many sequences fit into seconds. */
const TIMINGS = {
  pageSize: 3,
  watchTimeout: [50, 150] as const,
  inactivity: 60,
  resync: [40, 120] as const,
  healthyAfter: 20,
  backoff: { base: 1, max: 20, jitter: 0.5 },
};

interface Outcome {
  readonly happened: ReadonlyMap<string, number>;
  readonly relists: string;
}

/** Lets an API change at random behind a bad server; a store that follows it must never look empty and must be right in the end. */
async function runSequence(seed: number): Promise<Outcome> {
  const random = seededRandom(seed);
  const api = new InMemoryApi({ historySize: 64, bookmarkInterval: 20 });
  const server = new FaultServer(api, WIDGET);
  const metrics = createMetricsRegistry();
  const connection = { namespace: NAMESPACE, server: await server.start(), credentials: async () => NO_CREDENTIALS };
  const client = new HttpApi(connection, { requestTimeout: 100, maxRetries: 2, metrics });
  const informer = new Informer({ api: client, kind: WIDGET, timings: TIMINGS, metrics, random });
  const mirror = new Map<string, KubernetesObject>();
  let wasEmpty = false;
  informer.store.subscribe((changes) => {
    for (const change of changes) {
      assert.equal(mirror.get(change.key), change.old, 'a change begins where the one before ended');
      if (change.kind === 'upsert') mirror.set(change.key, change.new);
      else mirror.delete(change.key);
    }
    wasEmpty ||= informer.store.size === 0;
  });

  await api.create(WIDGET, widget(NAMESPACE, 'always', { size: 0 }));
  const stop = new AbortController();
  const running = informer.run(stop.signal);
  try {
    await informer.started();
    const level = random() * 0.1;
    server.faults = {
      random,
      refuse: level * 3,
      disconnect: level,
      stall: level / 2,
      emptyList: 0.3,
      expire: level / 2,
      duplicate: level * 2,
      reorder: level,
    };
    for (let step = 0; step < STEPS; step++) await change(api, random, step);
    server.faults = NO_FAULTS;
    await agreement(api, informer.store, seed);
    assert.ok(!wasEmpty, 'the store never looked empty');
    assert.deepEqual(new Set(mirror.keys()), new Set(informer.store.list().map(keyOfObject)));
    return { happened: server.happened, relists: await metrics.getSingleMetricAsString('watch_relists_total') };
  } finally {
    stop.abort();
    await running;
    client.close();
    await server.stop();
  }
}

const NO_CREDENTIALS = { headers: {}, tls: {} };

async function change(api: InMemoryApi, random: () => number, step: number): Promise<void> {
  const name = `w${Math.floor(random() * 8)}`;
  const dice = random();
  if (dice < 0.6) await api.apply(WIDGET, widget(NAMESPACE, name, { size: step }), { fieldManager: 'test' });
  else if (dice < 0.9) await api.delete(WIDGET, { namespace: NAMESPACE, name }).catch(() => undefined);
  else if (dice < 0.93) api.compact();
  if (random() < 0.4) await delay(random() * 5);
}

/** Waits until the store has what the API has. */
async function agreement(api: InMemoryApi, store: ReadonlyStore<Widget>, seed: number): Promise<void> {
  const versions = (objects: readonly KubernetesObject[]): string[] => {
    return objects.map((object) => `${keyOfObject(object)}@${object.metadata.resourceVersion}`).sort();
  };
  const wanted = versions((await api.list(WIDGET)).items);
  const deadline = performance.now() + 10_000;
  for (;;) {
    const is = versions(store.list());
    if (is.join() === wanted.join()) return;
    assert.ok(performance.now() < deadline, `seed ${seed}: the store is stuck at ${is.join()} (${wanted.join()})`);
    await delay(2);
  }
}

describe('an informer behind a server on which everything goes wrong', () => {
  it(`follows it in the end and never says that all is gone (${SEQUENCES} sequences)`, {
    timeout: 240_000,
  }, async () => {
    const happened = new Map<string, number>();
    const relists: string[] = [];
    let next = FIRST_SEED;
    const worker = async (): Promise<void> => {
      for (let seed = next++; seed < FIRST_SEED + SEQUENCES; seed = next++) {
        const outcome = await runSequence(seed);
        for (const [fault, times] of outcome.happened) happened.set(fault, (happened.get(fault) ?? 0) + times);
        relists.push(outcome.relists);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    if (SEQUENCES < 100) return;
    for (const fault of Object.keys(NO_FAULTS).filter((name) => name !== 'random')) {
      assert.ok((happened.get(fault) ?? 0) >= 20, `${fault} happened ${happened.get(fault) ?? 0} times only`);
    }
    for (const reason of ['expired', 'desync', 'resync']) {
      const hits = relists.filter((text) => new RegExp(`reason="${reason}"\\} [1-9]`).test(text));
      assert.ok(hits.length >= 10, `only ${hits.length} sequences listed again because of ${reason}`);
    }
  });
});
