import { setTimeout as delay } from 'node:timers/promises';
import { findCondition, type KubernetesObject } from '../../../operator/framework/index.ts';
import type { MeshPod } from '../../integration/harness/index.ts';
import type { Check, Fault, FaultContext, FaultSize } from '../fault.ts';
import { keptItsRate, noneFailed, nothing, within } from '../harness/checks.ts';
import { FaultMesh } from '../harness/fault-mesh.ts';
import { together } from '../harness/load-results.ts';
import { wordsOf } from '../harness/proxy-words.ts';
import { LOW_LIMIT, REFUSED_TEMPLATE, REFUSED_WORDS } from '../harness/refused-template.ts';
import { policy } from '../harness/shop-objects.ts';
import { badExamples, unnamed } from './poison/bad-examples.ts';
import { goodPolicies, goodServices } from './poison/good-objects.ts';
import { oddObjects } from './poison/odd-objects.ts';

/** Services that are as they should be; each has three policies, and endpoints. */
const GOOD: Readonly<Record<FaultSize, number>> = { short: 5, standard: 25, full: 250 };

const RATE = 300;

/** What a policy that is acknowledged may take, statuses included. */
const PROPAGATION_MS = 5000;

/** From the start of a proxy until it serves. */
const START_MS = 2000;

/** The pods that are called under what is poisoned. */
const CATALOG = { app: 'catalog' };

/** Both are good first, and in force under load. */
const SPLIT = policy('TrafficSplit', 'catalog', { service: 'catalog', backends: [{ name: 'all', labels: CATALOG }] });
const DENIAL = policy('AuthorizationPolicy', 'catalog', {
  targetRefs: [{ kind: 'Service', name: 'catalog' }],
  action: 'Deny',
  rules: [{ to: [{ paths: ['/secret'] }] }],
});

/** The same, so that proxies refuse them: the API server and the compiler do not. */
const POISONED: readonly KubernetesObject[] = [
  policy('TrafficSplit', 'catalog', {
    service: 'catalog',
    match: [{ path: { type: 'Template', value: REFUSED_TEMPLATE } }],
    backends: [{ name: 'nobody', labels: { app: 'nobody' } }],
  }),
  policy('AuthorizationPolicy', 'catalog', {
    targetRefs: [{ kind: 'Service', name: 'catalog' }],
    action: 'Deny',
    rules: [{ to: [{ paths: ['/', REFUSED_TEMPLATE] }] }],
  }),
];

async function run({ size, signal, say }: FaultContext): Promise<readonly Check[]> {
  await using mesh = await FaultMesh.start();
  const pods = await mesh.start(
    { name: 'caller-0', app: 'caller', isCaller: true, runtime: LOW_LIMIT },
    { name: 'caller-1', app: 'caller', isCaller: true, runtime: LOW_LIMIT },
    { name: 'catalog-0', app: 'catalog', runtime: LOW_LIMIT },
    { name: 'shelf-0', app: 'shelf', runtime: LOW_LIMIT },
  );
  const callers = pods.slice(0, 2);
  const services = goodServices(GOOD[size]);
  const [catalog, ...good] = await mesh.services({ name: 'catalog', selector: CATALOG }, ...services);
  await mesh.cluster.apply(SPLIT, DENIAL, ...goodPolicies(services, 0));
  const addresses = [catalog, ...good];
  for (const caller of callers) await Promise.all(addresses.map((address) => mesh.answers(caller, address)));
  for (const object of [SPLIT, DENIAL]) await mesh.cluster.until(object, 'Programmed', 'True', 20_000);
  const url = addresses.map((address) => `http://${address}/`);
  const loads = await Promise.all(callers.map((caller) => mesh.load(caller, { url, rate: RATE / 2 })));
  await delay(1000, undefined, { signal });

  const examples = size === 'short' ? badExamples().filter((_, index) => index % 4 === 0) : badExamples();
  const odd = oddObjects('poison-odd');
  const all = examples.flatMap(({ objects }) => objects);
  say(
    `${POISONED.length} objects that proxies refuse, ${all.length} that the compiler complains of, ${odd.length} odd ones`,
  );
  // Of the mesh: elsewhere nobody is told of what is wrong with Services.
  const labels = { 'mesh.dot-kube.io/inject': 'enabled' };
  for (const name of ['poison-odd', ...examples.map((example) => example.namespace)])
    await mesh.cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
  const poisonedAt = performance.now();
  await mesh.cluster.apply(...POISONED, ...odd, ...all);
  const refused = await refusalsOf(mesh, poisonedAt);
  say('they are there; now others change');
  const propagation = await propagationOf(mesh, goodPolicies(services, 1));
  const silent = await untilNone(() => unnamed(mesh.cluster, examples));
  say('and proxies start');
  const late = await lateComers(mesh, addresses);
  const sent = together(await Promise.all(loads.map((load) => load.stop())));
  if (sent.failed > 0) for (const words of wordsOf(mesh.pods)) say(words);
  return [
    noneFailed('requests while they come', sent),
    keptItsRate(sent, RATE),
    ...refused,
    nothing(
      `of ${examples.length} complaints of the compiler, those that no status and no event names`,
      silent.map(({ code }) => code),
    ),
    within(
      `${3 * services.length} changes of good objects are acknowledged by all proxies`,
      PROPAGATION_MS,
      propagation,
    ),
    ...late,
  ];
}

/** The statuses of what proxies refuse say so, in the words of Envoy. */
async function refusalsOf(mesh: FaultMesh, since: number): Promise<readonly Check[]> {
  const checks: Check[] = [];
  for (const object of POISONED) {
    const { status } = await mesh.cluster.until(object, 'Programmed', 'False RejectedByProxy', 20_000);
    const words = findCondition(status?.conditions, 'Programmed')?.message ?? '';
    checks.push({
      name: `the status of the refused ${object.kind}`,
      expected: "DK3001 and Envoy's words",
      measured: `"${words.slice(0, 120)}…" within ${(performance.now() - since).toFixed(0)} ms`,
      passed: /^DK3001 .*program size/s.test(words),
    });
  }
  return checks;
}

/** How long it takes until all proxies have acknowledged these, in milliseconds. */
async function propagationOf(mesh: FaultMesh, objects: readonly KubernetesObject[]): Promise<number> {
  const started = performance.now();
  await mesh.cluster.apply(...objects);
  for (const object of objects) await mesh.cluster.until(object, 'Programmed', 'True', 30_000);
  return performance.now() - started;
}

/** A caller and a callee that start now have the last good state of everything. */
async function lateComers(mesh: FaultMesh, addresses: readonly (string | undefined)[]): Promise<readonly Check[]> {
  const [caller, callee] = await mesh.start(
    { name: 'caller-2', app: 'caller', isCaller: true, runtime: LOW_LIMIT, until: 'started' },
    { name: 'catalog-2', app: 'catalog', runtime: LOW_LIMIT, until: 'started' },
  );
  if (caller === undefined || callee === undefined) throw new Error('there are no late comers');
  const started = performance.now();
  const failing = await untilNone(async () => {
    const statuses = await Promise.all(addresses.map((address) => statusOf(caller, address)));
    return statuses.flatMap((status, index) => (status === 200 ? [] : [`${addresses[index]}: ${status}`]));
  });
  const took = performance.now() - started;
  const only = { name: 'late', selector: CATALOG };
  const [address] = await mesh.services(only);
  await mesh.cluster.endpoints('shop', 'late', [callee], { name: 'http', port: 8080 });
  await mesh.answers(caller, address);
  const verdicts = [await statusOf(caller, address, '/'), await statusOf(caller, address, '/secret')];
  const dumps = await Promise.all([caller, callee].map(({ proxy }) => proxy.configDump()));
  return [
    nothing('what a caller that starts now cannot call', failing),
    within('a caller that starts now serves', START_MS, took),
    {
      name: 'a callee that starts now has the last good policy',
      expected: '200 and 403',
      measured: verdicts.join(' and '),
      passed: verdicts.join() === '200,403',
    },
    nothing(
      'proxies that start now and have what was refused',
      [caller, callee].flatMap(({ name }, index) => (dumps[index]?.includes(REFUSED_WORDS) === true ? [name] : [])),
    ),
  ];
}

async function statusOf(caller: MeshPod, address: string | undefined, path = '/'): Promise<number> {
  const answer = await caller.call(address ?? '', 80, { path }).catch(() => undefined);
  return answer?.status ?? 0;
}

/** Asks until there is none left, for 20 s; answers what is left. */
async function untilNone<T>(look: () => Promise<readonly T[]>): Promise<readonly T[]> {
  for (const deadline = performance.now() + 20_000; ; await delay(50)) {
    const left = await look();
    if (left.length === 0 || performance.now() > deadline) return left;
  }
}

/** Objects that are not what they should be. */
export const F7: Fault = {
  id: 'F7',
  title: 'Poisoned objects of each kind among 100 good ones, under 300 requests/s',
  expected: '0 failed; the others propagate; the status of each names it; proxies that start have the last good state',
  isShort: true,
  run,
};
