import { setTimeout as delay } from 'node:timers/promises';
import { typeUrls } from '@dot-kube/proxy/xds';
import { processUsage } from '../../bench/rig/process-usage.ts';
import { sliceObject } from '../../integration/harness/index.ts';
import type { Check, Fault, FaultContext, FaultSize } from '../fault.ts';
import { keptItsRate, noneFailed, nothing, within } from '../harness/checks.ts';
import { FaultMesh } from '../harness/fault-mesh.ts';
import { together } from '../harness/load-results.ts';
import { changesOf, countersOfAll, TOUCHED } from '../harness/proxy-counters.ts';
import { wordsOf } from '../harness/proxy-words.ts';
import { SHOP } from '../harness/shop-objects.ts';
import { SimulatedProxies } from '../harness/simulated-proxies.ts';

const SIZES: Readonly<
  Record<FaultSize, { readonly kills: number; readonly callers: number; readonly simulated: number }>
> = {
  short: { kills: 2, callers: 1, simulated: 20 },
  standard: { kills: 20, callers: 4, simulated: 200 },
  full: { kills: 100, callers: 4, simulated: 1000 },
};

const RATE = 300;
const EVERY_MS = 3000;

/** Of one core: less is idle. */
const IDLE = 0.1;

/** Counts the one change of endpoints, too. */
const ENDPOINTS_TOO = 'cluster_manager.cluster_updated';

/** An address that only the last state has. */
const MARK = '10.251.7.9';

async function run({ size, signal, say }: FaultContext): Promise<readonly Check[]> {
  const { kills, callers, simulated } = SIZES[size];
  await using mesh = await FaultMesh.start();
  const pods = await mesh.start(
    ...Array.from({ length: callers }, (_, index) => ({ name: `caller-${index}`, app: 'caller', isCaller: true })),
    ...Array.from({ length: callers }, (_, index) => ({ name: `catalog-${index}`, app: 'catalog' })),
  );
  const calling = pods.slice(0, callers);
  const [catalog, marked] = await mesh.services(
    { name: 'catalog', selector: { app: 'catalog' } },
    { name: 'marked', selector: { app: 'catalog' } },
  );
  for (const caller of calling) await Promise.all([mesh.answers(caller, catalog), mesh.answers(caller, marked)]);
  await using crowd = await SimulatedProxies.start(mesh, simulated, ['shop/catalog:80', 'shop/marked:80']);
  await until(
    'all are told',
    () => crowd.told(typeUrls.endpoints, 'shop/marked:80', pods.at(-1)?.ip ?? '') === simulated,
  );
  say(`${simulated} simulated proxies and ${pods.length} Envoys are connected; ${RATE} requests/s`);
  const loads = await Promise.all(
    calling.map((caller) => mesh.load(caller, { url: `http://${catalog}/`, rate: RATE / callers })),
  );
  await delay(1000, undefined, { signal });
  const before = await countersOfAll(pods, '_manager.');
  for (let kill = 0; kill < kills; kill += 1) {
    const killedAt = performance.now();
    await mesh.killControlPlane();
    if (kill === kills - 1) {
      // Nobody is there to see it: it is what the last start has to tell all proxies.
      await mesh.cluster.apply(sliceObject(SHOP, 'marked', [...pods.slice(callers), { name: 'catalog-0', ip: MARK }]));
      break;
    }
    await mesh.startControlPlane('started');
    await delay(Math.max(0, EVERY_MS - (performance.now() - killedAt)), undefined, { signal });
  }
  say(`it was killed ${kills} times`);
  const lastStart = performance.now();
  await mesh.startControlPlane();
  const servingAt = performance.now();
  const crowdTold = async (): Promise<number> => {
    const isTold = () => crowd.told(typeUrls.endpoints, 'shop/marked:80', MARK) === simulated;
    await until('all simulated proxies are told of the last state', isTold);
    return performance.now();
  };
  const envoysTold = async (): Promise<number> => {
    await until('all Envoys are told of the last state', async () => {
      const told = await Promise.all(calling.map(async ({ proxy }) => (await proxy.admin('/clusters')).includes(MARK)));
      return told.every(Boolean);
    });
    return performance.now();
  };
  const [crowdAt, envoysAt] = await Promise.all([crowdTold(), envoysTold()]);
  const converged = Math.max(crowdAt, envoysAt);
  const idleAfter = (await idleAt(mesh.operator.process.pid)) - servingAt;
  await delay(1000, undefined, { signal });
  const after = await countersOfAll(pods, '_manager.');
  const sent = together(await Promise.all(loads.map((load) => load.stop())));
  if (sent.failed > 0) for (const words of wordsOf(mesh.pods)) say(words);
  const since = (at: number): string => `${(at - lastStart).toFixed(0)} ms`;
  say(`${crowd.streams} streams of simulated proxies in all`);
  say(
    `after its last start it served in ${since(servingAt)}; the last state was with Envoys in ${since(envoysAt)}, with simulated proxies in ${since(crowdAt)}`,
  );
  return [
    noneFailed('requests all the time', sent),
    keptItsRate(sent, RATE),
    within(
      `all ${simulated + pods.length} proxies have the last state after the last start`,
      2000,
      converged - lastStart,
    ),
    within('its CPU is idle again after the last start', 5000, idleAfter),
    nothing(
      'clusters and listeners that its returns touched',
      changesOf(before, after, (name) => TOUCHED.includes(name) && name !== ENDPOINTS_TOO),
    ),
  ];
}

async function until(what: string, holds: () => boolean | Promise<boolean>, milliseconds = 60_000): Promise<void> {
  const deadline = performance.now() + milliseconds;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`it does not come to pass that ${what}`);
    await delay(10);
  }
}

/** When a second began of which the process spent less than a tenth at work; infinity when there is none for half a minute. */
async function idleAt(pid: number): Promise<number> {
  for (const deadline = performance.now() + 30_000; ; ) {
    if (performance.now() > deadline) return Infinity;
    const [started, first] = [performance.now(), await processUsage(pid)];
    await delay(1000);
    const used = (await processUsage(pid)).cpuMs - first.cpuMs;
    if (used < IDLE * (performance.now() - started)) return started;
  }
}

/** A control plane that starts, and dies, and starts. */
export const F2: Fault = {
  id: 'F2',
  title: 'The control plane is killed every 3 s, 20 times, with 8 Envoys and 200 simulated proxies',
  expected: '0 failed; all proxies have the last state within 2 s of the last start; its CPU is idle within 5 s',
  isShort: false,
  run,
};
