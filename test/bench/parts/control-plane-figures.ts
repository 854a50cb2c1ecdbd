import { type Figure, type Goal, type Measured, together, type Unit } from '../report/figure.ts';
import { changeFigures } from '../rig/xdsload-output.ts';
import type { Turn } from './control-plane.ts';

/** xdsload waits for a change this long. */
const MISSED_MS = 6000;

const atMost = (divisor: number): Goal => ({ kind: 'fraction', divisor });

/** What is taken from each run of xdsload, and the goal for it. Undefined where a run has no such figure. */
interface Row {
  readonly name: string;
  readonly unit: Unit;
  readonly of: (figures: Turn['figures']) => number | undefined;
  readonly goal?: Goal;
  /** Of lazy clients too. */
  readonly lazy?: boolean;
  /** From here on the value is only a lower bound. */
  readonly floor?: number;
}

const isRoute = (kind: string): boolean => kind !== 'endpoint';
const isEndpoint = (kind: string): boolean => kind === 'endpoint';

const ROWS: readonly Row[] = [
  { name: 'initial sync, time', unit: 's', of: ({ syncSeconds }) => syncSeconds, lazy: true },
  { name: 'initial sync, CPU', unit: 's', of: (run) => run.syncCpuSeconds, goal: atMost(2), lazy: true },
  { name: 'initial sync, resources a client', unit: 'count', of: (run) => run.resourcesPerClient, lazy: true },
  { name: 'initial sync, sent a client', unit: 'KiB', of: ({ kibPerClient }) => kibPerClient, lazy: true },
  { name: 'memory without clients', unit: 'MiB', of: ({ idleRssMiB }) => idleRssMiB, lazy: true },
  { name: 'memory after the initial sync', unit: 'MiB', of: (run) => run.syncedRssMiB, goal: atMost(2), lazy: true },
  { name: 'memory at the end', unit: 'MiB', of: ({ rssMiB }) => rssMiB, goal: atMost(2) },
  { name: 'memory, the most', unit: 'MiB', of: ({ peakMiB }) => peakMiB },
  {
    name: 'one endpoint, to the first client',
    unit: 'ms',
    of: (run) => changeFigures(run, isEndpoint).firstClientMs,
  },
  {
    name: 'one endpoint, to all clients',
    unit: 'ms',
    of: (run) => changeFigures(run, isEndpoint).allClientsMs,
    goal: atMost(4),
    floor: MISSED_MS,
  },
  { name: 'one endpoint, CPU', unit: 'ms', of: (run) => changeFigures(run, isEndpoint).cpuMs, goal: atMost(2) },
  { name: 'one endpoint, sent to all', unit: 'KiB', of: (run) => changeFigures(run, isEndpoint).kib },
  { name: 'many endpoints at once, until all clients have all', unit: 'ms', of: (run) => medianOf(run, 'ms') },
  {
    name: 'many endpoints at once, of that after the last write',
    unit: 'ms',
    of: (run) => medianOf(run, 'afterWritesMs'),
    goal: atMost(4),
  },
  { name: 'many endpoints at once, CPU', unit: 'ms', of: (run) => medianOf(run, 'cpuMs') },
  {
    name: 'one route edit, to all clients',
    unit: 'ms',
    of: (run) => changeFigures(run, isRoute).allClientsMs,
    goal: atMost(20),
    floor: MISSED_MS,
  },
  { name: 'one route edit, CPU', unit: 'ms', of: (run) => changeFigures(run, isRoute).cpuMs, goal: atMost(50) },
  { name: 'one route edit, sent to all', unit: 'KiB', of: (run) => changeFigures(run, isRoute).kib, goal: atMost(200) },
];

/** The table of one size. Pure. */
export function controlPlaneFigures(turns: readonly Turn[]): readonly Figure[] {
  const runs = (name: string, lazy: boolean): readonly Turn['figures'][] =>
    turns.filter((turn) => turn.controlPlane === name && turn.lazy === lazy).map(({ figures }) => figures);
  const [ours, istiod, lazy] = [runs('dot-kube', false), runs('istiod', false), runs('dot-kube', true)];
  return ROWS.map((row) => ({
    name: row.name,
    ours: measured(row, ours),
    istiod: measured(row, istiod),
    ...(row.lazy === true ? { lazy: measured(row, lazy) } : {}),
    ...(row.goal === undefined ? {} : { goal: row.goal }),
  }));
}

function measured(
  { of, unit, floor = Number.POSITIVE_INFINITY }: Row,
  runs: readonly Turn['figures'][],
): Measured | undefined {
  const values = runs.map(of);
  // A run that has not what the others have is no reason to leave it out.
  if (values.some((value) => value === undefined)) return undefined;
  return together(
    values.filter((value) => value !== undefined),
    unit,
    (value) => value >= floor,
  );
}

function medianOf({ churn }: Turn['figures'], field: 'ms' | 'afterWritesMs' | 'cpuMs'): number | undefined {
  const values = churn.map((each) => each[field]);
  if (values.length === 0 || values.some((value) => value === undefined)) return undefined;
  return together(
    values.filter((value) => value !== undefined),
    'ms',
  )?.value;
}
