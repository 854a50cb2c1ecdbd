import type { ControlPlaneName } from '../control-planes/control-plane.ts';
import { type Figure, together } from '../report/figure.ts';
import { figuresResult } from '../report/section.ts';
import { growthExponent } from '../report/statistics.ts';
import { formatNumber } from '../report/table.ts';
import { startBenchCluster } from '../rig/bench-cluster.ts';
import type { Bench } from '../rig/bench.ts';
import type { PartResult } from '../rig/part.ts';
import { runXdsload, setUpServices } from '../rig/xdsload.ts';
import { changeFigures, type XdsloadFigures } from '../rig/xdsload-output.ts';
import { startControlPlane } from './control-plane.ts';

/** The meshes in which the same change is made. */
const SIZES = [125, 500, 2000] as const;
/** Few, so that what a change costs is seen beside what telling proxies of it costs. */
const CLIENTS = 20;
const ENDPOINTS = 5;
/** The kernel counts CPU in 10 ms: so many changes make that fine. */
const ROUNDS = { 'dot-kube': 150, istiod: 15 } as const;
const GAP_MS = { 'dot-kube': 50, istiod: 300 } as const;
const MOST = 0.2;

interface Grown {
  readonly services: number;
  readonly controlPlane: ControlPlaneName;
  readonly figures: XdsloadFigures;
}

/** How the cost of one change, from the write to the API to the bytes on the streams, grows with the mesh. */
export async function growth(bench: Bench): Promise<PartResult> {
  const all: Grown[] = [];
  const names: readonly ControlPlaneName[] = bench.istiod ? ['dot-kube', 'istiod'] : ['dot-kube'];
  for (const services of SIZES) {
    await using cluster = await startBenchCluster(bench.say, { istiod: bench.istiod });
    const { say, signal } = bench;
    const base = { program: (await bench.programs()).xdsload, kubeconfig: cluster.kubeconfig, say, signal };
    const size = { services, endpoints: ENDPOINTS, clients: CLIENTS };
    say(`making ${services} Services`);
    await setUpServices({ ...base, ...size });
    for (const controlPlane of names) {
      await using running = await startControlPlane(bench, cluster, controlPlane);
      const target = { pid: running.pid, flags: running.xdsloadFlags };
      const [rounds, gapMs] = [ROUNDS[controlPlane], GAP_MS[controlPlane]];
      const figures = await runXdsload({ ...base, ...size, rounds, gapMs, churn: 0, lazy: false, target });
      all.push({ services, controlPlane, figures });
    }
  }
  const before = `${CLIENTS} proxies that ask for everything; the exponent is the slope of a line through the logarithms of cost and number of Services.`;
  return figuresResult('growth', 'What one change costs as the mesh grows', growthFigures(all), all, { before });
}

type Cost = 'allClientsMs' | 'cpuMs' | 'kib';

const COSTS: readonly { readonly kind: 'endpoint' | 'route'; readonly cost: Cost; readonly name: string }[] = [
  { kind: 'endpoint', cost: 'allClientsMs', name: 'one endpoint, time' },
  { kind: 'endpoint', cost: 'cpuMs', name: 'one endpoint, CPU' },
  { kind: 'endpoint', cost: 'kib', name: 'one endpoint, sent' },
  { kind: 'route', cost: 'allClientsMs', name: 'one route edit, time' },
  { kind: 'route', cost: 'cpuMs', name: 'one route edit, CPU' },
  { kind: 'route', cost: 'kib', name: 'one route edit, sent' },
];

/** For each cost its value at each size, then the exponent. Pure. */
export function growthFigures(all: readonly Grown[]): readonly Figure[] {
  const sizes = [...new Set(all.map(({ services }) => services))].toSorted((a, b) => a - b);
  return COSTS.flatMap(({ kind, cost, name }) => {
    const points = (of: ControlPlaneName) =>
      all
        .filter(({ controlPlane }) => controlPlane === of)
        .map(({ services, figures }) => ({
          x: services,
          y: changeFigures(figures, (each) => (each === 'endpoint') === (kind === 'endpoint'))[cost],
        }));
    const [ours, istiod] = [points('dot-kube'), points('istiod')];
    const at = (from: typeof ours, size: number) =>
      together(
        from.filter(({ x }) => x === size).map(({ y }) => y),
        cost === 'kib' ? 'KiB' : 'ms',
      );
    return [
      ...sizes.map((size) => ({
        name: `${name}, ${formatNumber(size)} Services`,
        ours: at(ours, size),
        istiod: at(istiod, size),
      })),
      {
        name: `${name}, exponent`,
        ours: { value: growthExponent(ours).slope, unit: 'exponent' as const },
        istiod: istiod.length < 2 ? undefined : { value: growthExponent(istiod).slope, unit: 'exponent' as const },
        goal: { kind: 'limit' as const, most: MOST },
      },
    ];
  });
}
