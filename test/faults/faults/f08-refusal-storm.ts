import { setTimeout as delay } from 'node:timers/promises';
import { typeUrls } from '@dot-kube/proxy/xds';
import { AdsClient, type ReceivedResource } from '@dot-kube/proxy/xds/testing';
import type { Check, Fault, FaultContext, FaultSize } from '../fault.ts';
import { keptItsRate, noneFailed } from '../harness/checks.ts';
import { countsOf } from '../harness/counts.ts';
import { FaultMesh } from '../harness/fault-mesh.ts';
import { countersOfAll } from '../harness/proxy-counters.ts';
import { LOW_LIMIT, REFUSED_TEMPLATE, REFUSED_WORDS } from '../harness/refused-template.ts';
import { policy, SHOP } from '../harness/shop-objects.ts';

/** How long other changes go on, in seconds. */
const SECONDS: Readonly<Record<FaultSize, number>> = { short: 4, standard: 30, full: 300 };

/** From the refusal until it is known who is to blame, and nobody is asked any more. */
const BISECTION_MS = 3000;

/** Of other objects, per second. */
const CHANGES = 10;

const RATE = 100;
const CLIENTS = 3;
const OTHERS = 10;

const REFUSED = policy('TrafficSplit', 'victim', {
  service: 'victim',
  match: [{ path: { type: 'Template', value: REFUSED_TEMPLATE } }],
  backends: [{ name: 'all', labels: { app: 'catalog' } }],
});

const ROUTE = `${SHOP}/victim:80`;

const isRefused = ({ name, bytes }: ReceivedResource): boolean =>
  name === ROUTE && Buffer.from(bytes).includes(REFUSED_WORDS);

async function run({ size, signal, say }: FaultContext): Promise<readonly Check[]> {
  await using scope = new AsyncDisposableStack();
  const mesh = scope.use(await FaultMesh.start());
  const pods = await mesh.start(
    { name: 'caller-0', app: 'caller', isCaller: true, runtime: LOW_LIMIT },
    { name: 'caller-1', app: 'caller', isCaller: true, runtime: LOW_LIMIT },
    { name: 'catalog-0', app: 'catalog' },
  );
  const callers = pods.slice(0, 2);
  const names = Array.from({ length: OTHERS }, (_, index) => `other-${index}`);
  const services = ['victim', ...names].map((name) => ({ name, selector: { app: 'catalog' } }));
  const [victim, ...others] = await mesh.services(...services);
  for (const caller of callers) await Promise.all([victim, ...others].map((address) => mesh.answers(caller, address)));
  const clients = await Promise.all(Array.from({ length: CLIENTS }, (_, index) => connect(mesh, index, names)));
  for (const client of clients) scope.use(client);
  for (const client of clients) await client.until(() => client.resources(typeUrls.route).has(ROUTE));
  const url = [victim, ...others].map((address) => `http://${address}/`);
  const loads = await Promise.all(callers.map((caller) => mesh.load(caller, { url, rate: RATE / 2 })));
  const before = await rejectionsOf(mesh);
  await mesh.cluster.apply(REFUSED);
  await delay(BISECTION_MS, undefined, { signal });
  const asked = refusalsOf(clients);
  const rejected = await rejectionsOf(mesh);
  say(`refused ${asked} times by streams, ${rejected - before} times by Envoys, until the culprit was known`);
  let changes = 0;
  for (const end = performance.now() + SECONDS[size] * 1000; performance.now() < end; changes += 1) {
    const name = names[changes % OTHERS] ?? '';
    await mesh.cluster.apply(otherSplit(name, changes));
    // The refused one is touched too: the bytes that come of it stay the same.
    const { metadata, ...rest } = REFUSED;
    if (changes % 20 === 0)
      await mesh.cluster.apply({ ...rest, metadata: { ...metadata, annotations: { touched: String(changes) } } });
    await delay(1000 / CHANGES, undefined, { signal });
  }
  // Whoever comes later is not asked either.
  const late = scope.use(await connect(mesh, CLIENTS, names));
  await late.until(() => late.resources(typeUrls.route).has(ROUTE));
  await delay(500, undefined, { signal });
  const told = clients.map((client) => client.responsesOf(typeUrls.route).length);
  const resent = refusalsOf([...clients, late]) - asked;
  const again = (await rejectionsOf(mesh)) - rejected;
  const { status } = await mesh.cluster.until(REFUSED, 'Programmed', 'False RejectedByProxy');
  const results = await Promise.all(loads.map((load) => load.stop()));
  return [
    {
      name: 'the refused bytes are sent again, during other changes',
      expected: '0 times to streams, 0 times to Envoys',
      measured: `${resent} times to streams, ${again} times to Envoys, during ${changes} other changes and ${Math.min(...told)} responses to each`,
      passed: resent === 0 && again === 0 && Math.min(...told) > changes / 4,
    },
    {
      name: 'it is refused at all, at first',
      expected: 'by somebody, and its status says so',
      measured: `${asked + rejected - before} times; ${countsOf(status?.proxies?.rejected ?? 0, status?.proxies?.total ?? 0, 'proxies refuse it')}`,
      passed: before === 0 && asked + rejected > 0,
    },
    ...results.flatMap((result, index) => [
      noneFailed(`requests of ${callers[index]?.name}`, result),
      keptItsRate(result, RATE / 2),
    ]),
  ];
}

/** A stream of a pod of its own, which refuses what the Envoys refuse. */
async function connect(mesh: FaultMesh, index: number, names: readonly string[]): Promise<AdsClient> {
  const pod = { namespace: SHOP, name: `refusing-${index}`, app: 'refusing', ip: `10.250.0.${2 + index}` };
  await mesh.cluster.pod(pod);
  const client = new AdsClient({
    port: mesh.controlPlane.port,
    ca: await mesh.operator.rootsPem(),
    token: await mesh.cluster.token(pod),
    nodeId: pod.name,
    refuses: (type, resource) => (type === typeUrls.route && isRefused(resource) ? 'too long for me' : undefined),
  });
  for (const type of [typeUrls.cluster, typeUrls.listener, typeUrls.scopedRoute]) client.subscribe(type);
  client.subscribe(typeUrls.route, [ROUTE, ...names.map((name) => `${SHOP}/${name}:80`)]);
  return client;
}

function otherSplit(name: string, weight: number) {
  const backends = [
    { name: 'all', labels: { app: 'catalog' }, weight: 1 + weight },
    { name: 'same', labels: { app: 'catalog' }, weight: 1 },
  ];
  return policy('TrafficSplit', name, { service: name, backends });
}

function refusalsOf(clients: readonly AdsClient[]): number {
  const sent = clients.flatMap((client) => client.responsesOf(typeUrls.route).flatMap(({ resources }) => resources));
  return sent.filter(isRefused).length;
}

async function rejectionsOf(mesh: FaultMesh): Promise<number> {
  const counters = await countersOfAll(mesh.pods, 'update_rejected');
  return [...counters.values()].flatMap((each) => [...each.values()]).reduce((sum, value) => sum + value, 0);
}

/** Something that no proxy will ever take. */
export const F8: Fault = {
  id: 'F8',
  title: 'A resource is refused for good, while 10 other changes a second go on for 30 s',
  expected: 'its bytes are sent again 0 times once the culprit is known; 0 failed',
  isShort: true,
  run,
};
