import { setTimeout as delay } from 'node:timers/promises';
import type { ControlPlaneAddress } from '@dot-kube/proxy/bootstrap';
import { type MeshPod, type OperatorProcess, standbyFlags, startStandby } from '../../integration/harness/index.ts';
import { freePort } from '../../tools/free-port.ts';
import type { Check, Fault, FaultContext, FaultSize } from '../fault.ts';
import { keptItsRate, noneFailed, nothing, within } from '../harness/checks.ts';
import { FaultMesh } from '../harness/fault-mesh.ts';
import { resultOf, together } from '../harness/load-results.ts';

/** How long the control plane is away after the proxies have started, in seconds. */
const AWAY_S: Readonly<Record<FaultSize, number>> = { short: 2, standard: 15, full: 120 };

/** How long is looked at it before and after. */
const AROUND_S: Readonly<Record<FaultSize, number>> = { short: 1, standard: 5, full: 15 };

/** Requests per second of pods that nothing happens to, and of the one whose proxy was restarted. */
const RATE = 300;
const RESTARTED_RATE = 50;

/** A proxy that starts has so long, and goes back within so long, in milliseconds. */
const READY_MS = 2000;
const BACK_MS = 5000;

async function run({ size, signal, say }: FaultContext): Promise<readonly Check[]> {
  const port = await freePort();
  await using mesh = await FaultMesh.start({ flags: standbyFlags(port) });
  await using standby = await startStandby({
    cluster: mesh.cluster,
    rootsPem: await mesh.operator.rootsPem(),
    primaries: [port],
  });
  const at = { host: mesh.network.hostAddress, port: standby.xdsPort };
  const { caller, restarted, denied, orders, addresses } = await pods(mesh, at);
  const [catalog, ordersAddress] = addresses;
  say(`${RATE} requests/s`);
  const load = await mesh.load(caller, { url: `http://${catalog}/`, rate: RATE });
  await delay(AROUND_S[size] * 1000, undefined, { signal });
  const firstAt = Date.now();
  await mesh.killControlPlane();
  say('the control plane is dead, and proxies are restarted');
  const callerAfter = await readyAfter(restarted, at, catalog, 200);
  const ownLoad = await mesh.load(restarted, { url: `http://${catalog}/`, rate: RESTARTED_RATE });
  const deniedAfter = await readyAfter(denied, at, catalog, 403);
  const stranger = startDenied(denied, catalog);
  // Nobody calls this one while its own proxy is restarted.
  await orders.restartProxy({ standby: at, until: 'started' });
  const started = performance.now();
  await answered(caller, ordersAddress, 200).catch((error: unknown) => {
    const lines = [...orders.proxy.logLines(), ...caller.proxy.logLines().slice(-3)].map((line) =>
      JSON.stringify(line),
    );
    throw new Error(`${String(error).slice(0, 300)}; ${lines.slice(-6).join('\n')}`, { cause: error });
  });
  const serverAfter = performance.now() - started;
  const plain = await plaintext(orders);
  await delay(AWAY_S[size] * 1000, undefined, { signal });
  const onStandby = await proxiesOf(standby);
  await mesh.startControlPlane();
  const served = performance.now();
  say('it is back');
  while ((await proxiesOf(standby)) > 0 || !isBack(mesh.operator, 'restarted-0')) {
    if (performance.now() - served > BACK_MS * 4) break;
    await delay(20, undefined, { signal });
  }
  const backAfter = performance.now() - served;
  await delay(AROUND_S[size] * 1000, undefined, { signal });
  const others = await load.stop();
  const own = await ownLoad.stop();
  const letIn = await stranger.stop();
  const alone = await withoutStandby(mesh, restarted, catalog);
  return [
    within('a restarted caller is ready, and answered', READY_MS, callerAfter),
    within('a restarted caller that is denied is ready, and denied', READY_MS, deniedAfter),
    within('a restarted server is called', READY_MS, serverAfter),
    {
      name: 'proxies on the standby while the control plane is away',
      expected: '3',
      measured: String(onStandby),
      passed: onStandby === 3,
    },
    noneFailed('requests of others before', resultOf(others.requests, 0, firstAt)),
    noneFailed('requests of others meanwhile and after', resultOf(others.requests, firstAt)),
    noneFailed('requests of the restarted caller', own),
    keptItsRate(together([others]), RATE),
    nothing('what a denied caller was answered but 403', letIn),
    nothing('a call of the restarted server without mutual TLS', plain, 'refused'),
    within('restarted proxies are back at the control plane', BACK_MS, backAfter),
    nothing('what a proxy that starts without a standby does but refuse', alone, 'nothing'),
  ];
}

interface Pods {
  readonly caller: MeshPod;
  readonly restarted: MeshPod;
  readonly denied: MeshPod;
  readonly orders: MeshPod;
  /** Of the catalog, which nothing happens to, and of the orders. */
  readonly addresses: readonly [catalog: string, orders: string];
}

/** All of them know the standby, and have called what they call. */
async function pods(mesh: FaultMesh, standby: ControlPlaneAddress): Promise<Pods> {
  const [caller, restarted, denied, orders] = await mesh.start(
    { name: 'caller-0', app: 'caller', isCaller: true },
    { name: 'restarted-0', app: 'restarted', serviceAccount: 'caller', isCaller: true },
    { name: 'denied-0', app: 'denied', isCaller: true },
    { name: 'orders-0', app: 'orders' },
    { name: 'catalog-0', app: 'catalog' },
    { name: 'catalog-1', app: 'catalog' },
  );
  const [catalog, spare, called] = await mesh.services(
    { name: 'catalog', selector: { app: 'catalog' } },
    { name: 'catalog-too', selector: { app: 'catalog' } },
    { name: 'orders', selector: { app: 'orders' } },
  );
  if (!caller || !restarted || !denied || !orders || !catalog || !spare || !called) throw new Error('a pod is missing');
  await Promise.all(mesh.pods.map((pod) => pod.restartProxy({ standby })));
  for (const pod of [caller, restarted]) await mesh.answers(pod, catalog);
  await mesh.answers(caller, called);
  await answered(denied, catalog, 403);
  // The standby hears of what was acknowledged last.
  await delay(500);
  return { caller, restarted, denied, orders, addresses: [catalog, called] };
}

/** From the start of a proxy to the first answer, in milliseconds. */
async function readyAfter(
  pod: MeshPod,
  standby: ControlPlaneAddress,
  address: string,
  status: number,
): Promise<number> {
  const started = performance.now();
  await pod.restartProxy({ standby, until: 'started' });
  await answered(pod, address, status);
  return performance.now() - started;
}

async function answered(pod: MeshPod, address: string, status: number): Promise<void> {
  const deadline = performance.now() + 30_000;
  const seen = new Map<number, number>();
  for (;;) {
    const found = await statusOf(pod, address);
    if (found === status) return;
    seen.set(found, (seen.get(found) ?? 0) + 1);
    if (performance.now() > deadline)
      throw new Error(`${pod.name} is never answered ${status}, but ${JSON.stringify([...seen])}: ${pod.proxy.logs()}`);
    await delay(10);
  }
}

const statusOf = (pod: MeshPod, address: string): Promise<number> =>
  pod.call(address, 80).then(
    (answer) => answer.status,
    () => 0,
  );

/** Calls of a pod that may not, until stopped; answers what was not refused by the policy. */
function startDenied(pod: MeshPod, address: string) {
  const over = new AbortController();
  const wrong: string[] = [];
  const running = (async () => {
    while (!over.signal.aborted) {
      const status = await statusOf(pod, address);
      if (status !== 403) wrong.push(`${status}`);
      await delay(20);
    }
  })();
  const stop = async (): Promise<readonly string[]> => {
    over.abort();
    await running;
    return wrong;
  };
  return { stop };
}

async function plaintext({ ip }: MeshPod): Promise<readonly string[]> {
  try {
    const { status } = await fetch(`http://${ip}:8080/`, { signal: AbortSignal.timeout(3000) });
    return [`answered ${status}`];
  } catch {
    return [];
  }
}

async function proxiesOf(standby: OperatorProcess): Promise<number> {
  const { body } = await standby.health('/metrics');
  return Number(/^dotkube_standby_proxies (\d+)$/m.exec(body)?.[1] ?? Number.NaN);
}

function isBack(operator: OperatorProcess, pod: string): boolean {
  return operator
    .log()
    .some((line) => line.message === 'a proxy connected' && String(line['proxy']).endsWith(`/${pod}`));
}

/** What a proxy does that starts while the control plane is away and knows no other. */
async function withoutStandby(mesh: FaultMesh, pod: MeshPod, address: string): Promise<readonly string[]> {
  await mesh.killControlPlane();
  await pod.restartProxy({ standby: 'none', until: 'started' });
  await delay(READY_MS);
  const [status, isLive] = [await statusOf(pod, address), await pod.proxy.isLive()];
  return [...(status === 0 ? [] : [`it answers ${status}`]), ...(isLive ? ['it says that it is ready'] : [])];
}

/** The control plane dies and proxies start meanwhile. */
export const F3: Fault = {
  id: 'F3',
  title:
    'Proxies are restarted while the control plane is dead, under 300 requests/s, beside a standby and without one',
  expected:
    'served by the standby within 2 s with policy enforced, back at the control plane later, 0 failed; without it all is refused',
  isShort: true,
  run,
};
