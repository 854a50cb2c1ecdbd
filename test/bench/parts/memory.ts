import { setTimeout as delay } from 'node:timers/promises';
import { startDotKube } from '../control-planes/dot-kube.ts';
import { startFleet } from '../fleet/fleet.ts';
import type { FleetProxy } from '../fleet/fleet-messages.ts';
import type { Figure } from '../report/figure.ts';
import { figuresResult } from '../report/section.ts';
import { fitLine } from '../report/statistics.ts';
import { formatNumber } from '../report/table.ts';
import { type BenchCluster, startBenchCluster } from '../rig/bench-cluster.ts';
import type { Bench } from '../rig/bench.ts';
import { fleetPods } from '../rig/fleet-pods.ts';
import type { PartResult } from '../rig/part.ts';
import { processUsage } from '../rig/process-usage.ts';
import { setUpServices } from '../rig/xdsload.ts';

const SERVICES = 500;
const ENDPOINTS = 5;
const CALLS = 10;
const COUNTS = { lazy: [125, 250, 500, 1000], eager: [125, 250, 500] } as const;
const QUIET_MS = 3000;
const MOST_MS = 300_000;
/** Memory is given back when the process has been idle for a while. */
const IDLE_MS = 8000;
const MOST_KB = 100;

interface Point {
  readonly proxies: number;
  readonly rssKiB: number;
}

/** What one more proxy costs in memory, by the slope over their number. */
export async function memory(bench: Bench): Promise<PartResult> {
  const { say, signal } = bench;
  await using cluster = await startBenchCluster(say, { istiod: false });
  const program = (await bench.programs()).xdsload;
  say(`making ${SERVICES} Services`);
  const size = { services: SERVICES, endpoints: ENDPOINTS };
  await setUpServices({ program, kubeconfig: cluster.kubeconfig, ...size, say, signal });
  const pods = await fleetPods(cluster, Math.max(...COUNTS.lazy), say);
  const lazy = await pointsOf(bench, cluster, pods, COUNTS.lazy, CALLS);
  const eager = await pointsOf(bench, cluster, pods, COUNTS.eager, SERVICES);
  const figures = [
    ...figuresOf(`that call ${CALLS} of ${SERVICES} Services`, lazy),
    ...figuresOf(`that ask for all of ${SERVICES} Services`, eager),
  ];
  const before = `Resident memory, ${IDLE_MS / 1000} s after the last message; each proxy is a pod with a token of its own. The slope is by least squares, in KB of 1,000 bytes.`;
  return figuresResult('memory', 'Memory of one more proxy', figures, { lazy, eager }, { before });
}

async function pointsOf(
  bench: Bench,
  { kubeconfig }: BenchCluster,
  pods: readonly FleetProxy[],
  counts: readonly number[],
  calls: number,
): Promise<readonly Point[]> {
  await using running = await startDotKube({ program: await bench.operator(), kubeconfig });
  await using fleet = startFleet();
  const points: Point[] = [];
  let connected = 0;
  for (const proxies of counts) {
    await fleet.connect(running.xdsPort, pods.slice(connected, proxies), calls);
    connected = proxies;
    await fleet.settled(QUIET_MS, MOST_MS);
    await delay(IDLE_MS, undefined, { signal: bench.signal });
    const { rssKiB } = await processUsage(running.pid);
    bench.say(`${proxies} proxies that call ${calls} Services: ${Math.round(rssKiB / 1024)} MiB`);
    points.push({ proxies, rssKiB });
  }
  return points;
}

/** The points, then the slope. Pure. */
export function figuresOf(words: string, points: readonly Point[]): readonly Figure[] {
  const { slope } = fitLine(points.map(({ proxies, rssKiB }) => ({ x: proxies, y: (rssKiB * 1024) / 1000 })));
  return [
    ...points.map(({ proxies, rssKiB }) => ({
      name: `${formatNumber(proxies)} proxies ${words}`,
      ours: { value: rssKiB / 1024, unit: 'MiB' as const },
    })),
    {
      name: `one more proxy ${words}`,
      ours: { value: slope, unit: 'KB' as const },
      goal: { kind: 'limit' as const, most: MOST_KB },
    },
  ];
}
