import { setTimeout as delay } from 'node:timers/promises';
import { Chance } from '../../integration/validation/schema-samples.ts';
import type { Check, Fault, FaultContext, FaultSize } from '../fault.ts';
import { keptItsRate, noneFailed, nothing } from '../harness/checks.ts';
import { FaultMesh } from '../harness/fault-mesh.ts';
import { together } from '../harness/load-results.ts';
import { changesOf, countersOfAll } from '../harness/proxy-counters.ts';
import { wordsOf } from '../harness/proxy-words.ts';
import { EMPTY_SHOP, nextSwap, objectsOf, ROOT, VERSIONS, type Write } from './swaps/plan.ts';

const SWAPS: Readonly<Record<FaultSize, number>> = { short: 40, standard: 500, full: 10_000 };

/** Between two swaps, milliseconds. */
const PAUSE_MS = 100;

/** Requests per second over HTTP/1.1, and as many over HTTP/2. */
const RATE = 150;

const SEED = Number(process.env['DOT_KUBE_FAULT_SEED'] ?? 22);

async function run({ size, signal, say }: FaultContext): Promise<readonly Check[]> {
  await using mesh = await FaultMesh.start();
  const pods = await mesh.start(
    { name: 'caller-0', app: 'caller', isCaller: true },
    { name: 'caller-1', app: 'caller', isCaller: true },
    ...VERSIONS.map((version) => ({ name: `shop-${version}`, app: 'shop', labels: { version } })),
  );
  const callers = pods.slice(0, 2);
  const [root] = await mesh.services(ROOT);
  for (const caller of callers) await mesh.answers(caller, root);
  const before = await countersOfAll(pods, 'update_rejected|no_cluster');
  const urls = ['/', '/a/1', '/b/2'].map((path) => `http://${root}${path}`);
  const loads = await Promise.all(callers.map((caller) => mesh.load(caller, { url: urls, rate: RATE })));
  const apply = async (write: Write): Promise<void> => {
    if (write.kind === 'apply') await mesh.cluster.apply(write.object);
    else if (write.kind === 'service') await mesh.services(write.service);
    else if (write.kind === 'delete') await mesh.cluster.delete(write.object);
    else for (const object of objectsOf(write.service)) await mesh.cluster.delete(object);
  };
  say(`${SWAPS[size]} swaps, seed ${SEED}; ${2 * RATE} requests/s`);
  const chance = new Chance(SEED);
  const done: { readonly at: number; readonly title: string }[] = [];
  for (let shop = EMPTY_SHOP; shop.swaps < SWAPS[size]; ) {
    const next = nextSwap(shop, chance);
    shop = next.shop;
    done.push({ at: Date.now(), title: next.swap.title });
    for (const write of next.swap.writes) await apply(write);
    if (shop.swaps % 100 === 0) say(`${shop.swaps} swaps`);
    await delay(PAUSE_MS, undefined, { signal });
  }
  await delay(1000, undefined, { signal });
  const after = await countersOfAll(pods, 'update_rejected|no_cluster');
  const sent = together(await Promise.all(loads.map((load) => load.stop())));
  if (sent.failed > 0) {
    for (const words of wordsOf(pods)) say(words);
    for (const { at, reason } of sent.requests.filter((request) => request.reason !== undefined).slice(0, 20)) {
      const last = done.filter((swap) => swap.at <= at).slice(-2);
      say(`${reason} ${last.map((swap) => `${at - swap.at} ms after "${swap.title}"`).join(', ')}`);
    }
  }
  return [
    noneFailed(`requests during ${SWAPS[size]} swaps`, sent),
    keptItsRate(sent, 2 * RATE),
    nothing(
      'requests without a cluster, and updates that an Envoy refused',
      changesOf(before, after, () => true),
    ),
  ];
}

/** Routes, splits and Services that change all the time. */
export const F22: Fault = {
  id: 'F22',
  title: '500 random swaps of routes, splits, policies and Services under 300 requests/s',
  expected: '0 failed; no request finds no cluster, no Envoy refuses an update',
  isShort: true,
  run,
};
