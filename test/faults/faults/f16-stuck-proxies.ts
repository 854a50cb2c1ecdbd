import { setTimeout as delay } from 'node:timers/promises';
import type { Check, Fault, FaultContext, FaultSize } from '../fault.ts';
import { Fleet } from '../fleet/fleet.ts';
import { clusterOf, FleetMesh } from '../fleet/fleet-mesh.ts';
import type { Arrivals } from '../fleet/protocol.ts';
import { quantile, stalenessOf } from '../fleet/staleness.ts';

interface Size {
  readonly clients: number;
  readonly stuck: number;
  readonly phaseMs: number;
}

const SIZES: Readonly<Record<FaultSize, Size>> = {
  short: { clients: 100, stuck: 10, phaseMs: 2000 },
  standard: { clients: 1000, stuck: 50, phaseMs: 7000 },
  full: { clients: 1000, stuck: 50, phaseMs: 10_000 },
};
/** What a stuck one asks for before it reads nothing is more than its windows take. */
const SERVICES = 400;
/** Each change is told to all. */
const CALLED = [0, 1, 2, 3];
const CHANGE_EVERY_MS = 200;
const DROPPED_WITHIN_S = 30;
/** Below so many milliseconds a fifth is less than what a busy machine adds by itself. */
const SLACK_MS = 20;

/** Some proxies read nothing any more, and all others must not feel it. */
export const F16: Fault = {
  id: 'F16',
  title: '50 of 1,000 proxies stop reading: half of them their connections, half their streams alone',
  expected: `p99 of the others at most 20 % (or ${SLACK_MS} ms) longer, at most 5 MB for each, all dropped within ${DROPPED_WITHIN_S} s`,
  isShort: false,
  run: stuckProxies,
};

async function stuckProxies({ size, signal, say }: FaultContext): Promise<readonly Check[]> {
  const { clients, stuck, phaseMs } = SIZES[size];
  await using mesh = await FleetMesh.start(SERVICES, clients);
  const victims = Array.from({ length: stuck }, (_, index) => index * Math.floor(clients / stuck));
  const specs = mesh
    .clients(clients, () => CALLED)
    .map((spec, index) => ({ ...spec, hasRelay: victims.indexOf(index) % 2 === 1 }));
  await using fleet = await Fleet.connect(specs, mesh.port);
  const more = Array.from({ length: SERVICES - CALLED.length }, (_, index) => clusterOf(CALLED.length + index));
  say(`${clients} clients are connected, ${Math.round(await mesh.memory())} MB`);
  const written = new Map<number, number>();
  let marker = SERVICES;
  /** Changes for a while; what became of them with the clients that read. */
  const phase = async (milliseconds: number): Promise<readonly Arrivals[]> => {
    signal.throwIfAborted();
    await fleet.report();
    for (const end = performance.now() + milliseconds; performance.now() < end; await delay(CHANGE_EVERY_MS)) {
      const service = CALLED[marker % CALLED.length] ?? 0;
      written.set(marker, performance.timeOrigin + performance.now());
      mesh.change(service, marker++);
    }
    await delay(500);
    return (await fleet.report()).arrivals.filter(({ client }) => !victims.includes(client));
  };
  const [well, ill]: [Arrivals[], Arrivals[]] = [[], []];
  await phase(phaseMs / 2);
  let before = 0;
  let most = 0;
  let stuckAt = 0;
  for (let round = 1; round <= 2; round++) {
    well.push(...(await phase(phaseMs)));
    if (round === 1) before = await mesh.memory();
    await fleet.stopReading(victims, more);
    stuckAt = performance.now();
    ill.push(...(await phase(phaseMs)));
    most = Math.max(most, await mesh.memory());
    if (round === 1) await fleet.readAgain(victims);
    await delay(500);
  }
  say(`${stuck} clients read nothing; waiting until they are dropped`);
  const dropped = await untilDropped(mesh, stuck, stuckAt);
  most = Math.max(most, await mesh.memory());
  const [of, ofIll] = [stalenessOf(well, written, CALLED.length), stalenessOf(ill, written, CALLED.length)];
  const [p99, p99Ill] = [quantile(of, 0.99), quantile(ofIll, 0.99)];
  const each = (most - before) / stuck;
  return [
    {
      name: 'what changes reach the others',
      expected: `p99 at most 20 % or ${SLACK_MS} ms longer`,
      measured: `p99 ${p99.toFixed(0)} ms before (p50 ${quantile(of, 0.5).toFixed(0)}), ${p99Ill.toFixed(0)} ms with ${stuck} stuck (p50 ${quantile(ofIll, 0.5).toFixed(0)}); ${of.length} and ${ofIll.length} (change, proxy) pairs, ABAB`,
      passed: p99Ill <= Math.max(p99 * 1.2, p99 + SLACK_MS) && ofIll.length > clients && of.length > clients,
    },
    {
      name: 'memory of the control plane for each stuck proxy',
      expected: 'at most 5 MB',
      measured: `${each.toFixed(2)} MB (${before.toFixed(0)} MB before, ${most.toFixed(0)} MB at most)`,
      passed: each <= 5,
    },
    {
      name: 'stuck proxies that are dropped',
      expected: `${stuck} within ${DROPPED_WITHIN_S} s, and nobody else`,
      measured: `${dropped.count} after ${dropped.seconds.toFixed(1)} s`,
      passed: dropped.count === stuck && dropped.seconds <= DROPPED_WITHIN_S,
    },
  ];
}

/** Waits until so many proxies are no longer connected. */
async function untilDropped(
  mesh: FleetMesh,
  stuck: number,
  since: number,
): Promise<{ readonly count: number; readonly seconds: number }> {
  const gone = new Set<unknown>();
  for (;;) {
    for (const line of mesh.operator.log()) if (line.message === 'a proxy disconnected') gone.add(line['proxy']);
    const seconds = (performance.now() - since) / 1000;
    if (gone.size >= stuck || seconds > DROPPED_WITHIN_S + 15) return { count: gone.size, seconds };
    await delay(250);
  }
}
