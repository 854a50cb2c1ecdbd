import { startDotKube } from '../control-planes/dot-kube.ts';
import { figuresResult } from '../report/section.ts';
import { CLIENT, startBenchCluster } from '../rig/bench-cluster.ts';
import type { Bench } from '../rig/bench.ts';
import type { PartResult } from '../rig/part.ts';
import { runXdsload, setUpServices } from '../rig/xdsload.ts';
import { phaseThatEnds } from './profile.ts';

const SIZE = { services: 1000, endpoints: 5, clients: 500 } as const;
const CHURN = 200;
const METRIC = 'dotkube_event_loop_delay_seconds';

interface Stall {
  readonly phase: string;
  readonly p99: number;
  readonly longest: number;
}

/** How late the event loop is, while proxies connect and while endpoints churn. */
export async function stalls(bench: Bench): Promise<PartResult> {
  const { say, signal } = bench;
  await using cluster = await startBenchCluster(say, { istiod: false });
  const { kubeconfig, mesh } = cluster;
  const base = { program: (await bench.programs()).xdsload, kubeconfig, ...SIZE, signal };
  say(`making ${SIZE.services} Services`);
  await setUpServices({ ...base, say });
  await using running = await startDotKube({
    program: await bench.operator(),
    kubeconfig,
    token: await mesh.token(CLIENT),
  });
  const seen = new Map<string, Stall>();
  const readings: Promise<void>[] = [];
  const read = async (phase: string): Promise<void> => {
    const sample = await running.metrics();
    const [p99 = 0, longest = 0] = ['0.99', '1'].map((quantile) => sample(`${METRIC}{quantile="${quantile}"}`));
    const before = seen.get(phase);
    // Several lines may end one phase: the worst of it counts.
    seen.set(phase, { phase, p99: Math.max(p99, before?.p99 ?? 0), longest: Math.max(longest, before?.longest ?? 0) });
  };
  await running.metrics();
  const heard = (line: string): void => {
    const phase = phaseThatEnds(line);
    if (phase !== undefined) readings.push(read(phase));
    say(line);
  };
  const target = { pid: running.pid, flags: running.xdsloadFlags };
  await runXdsload({ ...base, say: heard, rounds: 15, gapMs: 50, churn: CHURN, lazy: false, target });
  await Promise.all(readings);
  const all = [...seen.values()];
  const figures = all.flatMap(({ phase, p99, longest }) => [
    { name: `${phase}, 99 % of all turns`, ours: milliseconds(p99) },
    { name: `${phase}, the longest`, ours: milliseconds(longest) },
  ]);
  const before = `1,000 Services × 5 endpoints, 500 proxies that ask for everything; churn is ${CHURN} Services at once. How late the event loop was, by the operator's own metric.`;
  return figuresResult('stalls', 'How long the event loop stands still', figures, all, { before });
}

function milliseconds(seconds: number) {
  return { value: seconds * 1000, unit: 'ms' as const };
}
