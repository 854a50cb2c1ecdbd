import { type ControlPlaneName, type RunningControlPlane } from '../control-planes/control-plane.ts';
import { type DotKubeOptions, startDotKube } from '../control-planes/dot-kube.ts';
import { startIstiod } from '../control-planes/istiod.ts';
import { type BenchCluster, CLIENT, startBenchCluster } from '../rig/bench-cluster.ts';
import type { Bench } from '../rig/bench.ts';
import { processUsage } from '../rig/process-usage.ts';
import { runXdsload, setUpServices } from '../rig/xdsload.ts';
import type { XdsloadFigures } from '../rig/xdsload-output.ts';

/** How much of everything there is. */
export interface Size {
  readonly services: number;
  readonly endpoints: number;
  readonly clients: number;
}

/** One control plane, started for this, under the load program. */
export interface Turn {
  readonly controlPlane: ControlPlaneName;
  readonly lazy: boolean;
  readonly figures: XdsloadFigures & { readonly peakMiB: number };
}

/** Services that change at once. */
const CHURN = 200;
const ROUNDS = 15;
const GAP_MS = 400;

/** One after the other, alternating: never both at once, and neither always first. */
const ORDER: readonly ControlPlaneName[] = ['dot-kube', 'istiod', 'dot-kube', 'istiod'];

/** Measures both at one size, `repeats` times each, and ours with lazy clients once. */
export async function measureSize(bench: Bench, size: Size): Promise<readonly Turn[]> {
  const { say } = bench;
  const { services, endpoints, clients } = size;
  await using cluster = await startBenchCluster(say, { istiod: bench.istiod });
  const { xdsload } = await bench.programs();
  say(`making ${services} Services of ${endpoints} endpoints`);
  await setUpServices({ ...size, program: xdsload, kubeconfig: cluster.kubeconfig, say, signal: bench.signal });
  const turns: Turn[] = [];
  const order = ORDER.filter((name) => name === 'dot-kube' || bench.istiod);
  for (const controlPlane of order) {
    say(`${controlPlane}: ${clients} clients that ask for everything`);
    turns.push({ controlPlane, lazy: false, figures: await turn(bench, cluster, size, controlPlane, false) });
  }
  say(`dot-kube: ${clients} clients that ask for what they use, as idle Envoys do`);
  turns.push({ controlPlane: 'dot-kube', lazy: true, figures: await turn(bench, cluster, size, 'dot-kube', true) });
  return turns;
}

async function turn(
  bench: Bench,
  cluster: BenchCluster,
  size: Size,
  name: ControlPlaneName,
  lazy: boolean,
): Promise<Turn['figures']> {
  const { say, signal } = bench;
  const { xdsload } = await bench.programs();
  await using controlPlane = await startControlPlane(bench, cluster, name);
  const figures = await runXdsload({
    ...size,
    program: xdsload,
    kubeconfig: cluster.kubeconfig,
    rounds: lazy ? 1 : ROUNDS,
    // Lazy clients hear of no change: they asked for nothing that is changed.
    churn: lazy ? 0 : Math.min(CHURN, size.services),
    gapMs: GAP_MS,
    lazy,
    routes: !lazy,
    target: { pid: controlPlane.pid, flags: controlPlane.xdsloadFlags },
    say,
    signal,
  });
  const { peakKiB } = await processUsage(controlPlane.pid);
  return { ...figures, peakMiB: peakKiB / 1024 };
}

/** Starts one of the two; a pod's token is made for ours. `ours`: how, where not as in its image. */
export async function startControlPlane(
  bench: Bench,
  cluster: BenchCluster,
  name: ControlPlaneName,
  ours: Partial<DotKubeOptions> = {},
): Promise<RunningControlPlane> {
  bench.say(`starting ${name}`);
  if (name === 'istiod') return startIstiod((await bench.programs()).istiod, cluster.kubeconfig);
  const { kubeconfig, mesh } = cluster;
  const program = ours.program ?? (await bench.operator());
  return startDotKube({ kubeconfig, token: await mesh.token(CLIENT), ...ours, program });
}
