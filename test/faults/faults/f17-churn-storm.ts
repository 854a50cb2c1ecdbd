import { setTimeout as delay } from 'node:timers/promises';
import type { Check, Fault, FaultContext, FaultSize } from '../fault.ts';
import { Fleet } from '../fleet/fleet.ts';
import { FleetMesh } from '../fleet/fleet-mesh.ts';
import type { Arrivals } from '../fleet/protocol.ts';
import { quantile, slopeOf, stalenessOf } from '../fleet/staleness.ts';

const SIZES: Readonly<Record<FaultSize, { readonly clients: number; readonly seconds: number }>> = {
  short: { clients: 50, seconds: 8 },
  standard: { clients: 500, seconds: 60 },
  full: { clients: 500, seconds: 600 },
};
const RATE = 500;
const SERVICES = 200;
/** How many Services a client calls. */
const CALLED = 10;
/** Changes come in bunches, as timers are no finer. */
const TICK_MS = 10;
/** Of so many clients one is measured; all of them get, and acknowledge, everything. */
const MEASURED = 5;

/** Endpoints change faster than anybody could be told each time. */
export const F17: Fault = {
  id: 'F17',
  title: `${RATE} endpoint changes a second for 60 s with 500 proxies, each of which calls ${CALLED} of ${SERVICES} Services`,
  expected: 'staleness p99 at most 1 s; memory flat after the first third; nothing left over',
  isShort: false,
  run: churnStorm,
};

async function churnStorm({ size, signal, say }: FaultContext): Promise<readonly Check[]> {
  const { clients, seconds } = SIZES[size];
  await using mesh = await FleetMesh.start(SERVICES, clients);
  const called = (client: number): readonly number[] =>
    Array.from({ length: CALLED }, (_, index) => (client * 7 + index * 13) % SERVICES);
  await using fleet = await Fleet.connect(mesh.clients(clients, called), mesh.port);
  say(`${clients} clients are connected, ${Math.round(await mesh.memory())} MB`);
  await fleet.report();
  const [cpu, begun] = [await mesh.cpu(), performance.now()];
  await mesh.operator.health('/metrics');
  const arrivals: Arrivals[] = [];
  const memory: number[] = [];
  const written = new Map<number, number>();
  let marker = SERVICES;
  for (let second = 1; second <= seconds; second++) {
    signal.throwIfAborted();
    for (const end = begun + second * 1000; performance.now() < end; await delay(TICK_MS)) {
      const due = Math.floor(((performance.now() - begun) / 1000) * RATE) + SERVICES;
      for (; marker < due; marker++) {
        written.set(marker, performance.timeOrigin + performance.now());
        mesh.change(marker % SERVICES, marker);
      }
    }
    memory.push(await mesh.memory());
    arrivals.push(...(await fleet.report()).arrivals.filter(({ client }) => client % MEASURED === 0));
    if (second % 10 === 0) say(`${second} s: ${Math.round(memory.at(-1) ?? 0)} MB`);
  }
  const ended = performance.timeOrigin + performance.now();
  const busy = ((await mesh.cpu()) - cpu) / ((performance.now() - begun) / 1000);
  const loop = await eventLoop(mesh);
  await delay(3000);
  const rest = await fleet.report();
  arrivals.push(...rest.arrivals.filter(({ client }) => client % MEASURED === 0));
  const delays = stalenessOf(arrivals, written, SERVICES);
  const p99 = quantile(delays, 0.99);
  const last = Math.max(0, ...rest.arrivals.flatMap(({ seen }) => seen.filter((_, index) => index % 4 === 3)));
  const later = memory.slice(Math.floor(memory.length / 3));
  const slope = slopeOf(later);
  const growth = slope * later.length;
  return [
    {
      name: 'staleness of endpoints',
      expected: 'p99 at most 1,000 ms',
      measured: `p50 ${quantile(delays, 0.5).toFixed(0)} ms, p99 ${p99.toFixed(0)} ms, longest ${quantile(delays, 1).toFixed(0)} ms, of ${delays.length} (change, proxy) pairs at ${((marker - SERVICES) / seconds).toFixed(0)} changes/s`,
      passed: p99 <= 1000 && delays.length > clients,
    },
    {
      name: 'what was left over when the storm ended',
      expected: 'the last of it is told within 1 s',
      measured: `the last after ${Math.max(0, last - ended).toFixed(0)} ms`,
      passed: last - ended <= 1000 && rest.closed.length === 0,
    },
    {
      name: 'memory of the control plane after the first third',
      expected: 'grows by at most 10 %',
      measured: `${growth.toFixed(1)} MB (${slope.toFixed(2)} MB/s), from ${later[0]?.toFixed(0)} to ${later.at(-1)?.toFixed(0)} MB`,
      passed: growth <= (later[0] ?? 0) * 0.1,
    },
    {
      name: 'the control plane meanwhile',
      expected: 'its event loop is never 1 s late',
      measured: `event loop p99 ${(loop.p99 * 1000).toFixed(0)} ms, longest ${(loop.longest * 1000).toFixed(0)} ms late; ${busy.toFixed(2)} cores`,
      passed: loop.longest < 1,
    },
  ];
}

/** How late its event loop was since it was last asked, in seconds. */
async function eventLoop(mesh: FleetMesh): Promise<{ readonly p99: number; readonly longest: number }> {
  const { body } = await mesh.operator.health('/metrics');
  const of = (q: string): number =>
    Number(
      new RegExp(`^dotkube_event_loop_delay_seconds\\{quantile="${q}"\\} (\\S+)$`, 'm').exec(body)?.[1] ?? Number.NaN,
    );
  return { p99: of('0.99'), longest: of('1') };
}
