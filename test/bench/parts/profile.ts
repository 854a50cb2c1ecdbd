import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../../tools/images/root.ts';
import { type CpuProfile, type ProfileShares, profileShares } from '../report/cpu-profile.ts';
import { formatNumber, markdownTable } from '../report/table.ts';
import { startBenchCluster } from '../rig/bench-cluster.ts';
import type { Bench } from '../rig/bench.ts';
import type { PartResult } from '../rig/part.ts';
import { runXdsload, setUpServices } from '../rig/xdsload.ts';
import { startControlPlane } from './control-plane.ts';

const SIZE = { services: 500, endpoints: 5, clients: 200 } as const;
const CHURN = 200;
/** Of one change at a time, besides; close enough to be one profile, far enough to be one push each. */
const ROUNDS = 60;
const GAP_MS = 50;
/** Microseconds between samples. */
const INTERVAL = 250;
const NAMED = 3;

type Phase = 'initial sync' | 'endpoint churn' | 'route edits';

/** Where the control plane's time goes, phase by phase. */
export async function profile(bench: Bench): Promise<PartResult> {
  const { say, signal } = bench;
  const folder = join(bench.scratch, 'profile');
  await mkdir(folder, { recursive: true });
  await using cluster = await startBenchCluster(say, { istiod: false });
  const base = { program: (await bench.programs()).xdsload, kubeconfig: cluster.kubeconfig, ...SIZE, signal };
  say(`making ${SIZE.services} Services`);
  await setUpServices({ ...base, say });
  const nodeFlags = ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-interval=${INTERVAL}`];
  // Not bundled: functions are to be named by their files.
  const program = join(ROOT, 'operator/main.ts');
  const running = await startControlPlane(bench, cluster, 'dot-kube', { program, nodeFlags });
  const begin = monotonic();
  const ends = new Map<Phase, number>();
  const heard = (line: string): void => {
    const phase = phaseThatEnds(line);
    if (phase !== undefined) ends.set(phase, monotonic());
    say(line);
  };
  try {
    const target = { pid: running.pid, flags: running.xdsloadFlags };
    await runXdsload({ ...base, say: heard, rounds: ROUNDS, gapMs: GAP_MS, churn: CHURN, lazy: false, target });
  } finally {
    // An orderly end, or the profile is not written.
    say('ending the control plane, which writes its profile');
    await running.stop();
  }
  const written = await readProfile(folder);
  const phases = spansOf(begin, ends).map(([phase, from, to]) => ({ phase, ...profileShares(written, { from, to }) }));
  const body = [
    `500 Services × 5 endpoints, 200 proxies. Self time, of all time in which the process did not wait; \`(garbage collector)\` and \`(program)\` are V8's words.`,
    profileTable(phases),
  ].join('\n\n');
  return {
    sections: [{ id: 'profile', title: 'Where the time goes', body }],
    data: { phases: phases.map(first) },
    missed: [],
  };
}

/** Three functions of each phase. Pure. */
export function profileTable(phases: readonly (ProfileShares & { readonly phase: string })[]): string {
  const rows = phases.flatMap(({ phase, busyMs, functions }) =>
    functions
      .slice(0, NAMED)
      .map(({ name, place, selfMs }, index) => [
        index === 0 ? `${phase}, ${formatNumber(busyMs / 1000)} s` : '',
        `\`${name}\`${place === '' ? '' : ` ${place}`}`,
        `${((100 * selfMs) / busyMs).toFixed(1)} %`,
      ]),
  );
  return markdownTable([['', 'function', 'share'], ...rows]);
}

/** xdsload prints a line when something is over. Pure. */
export function phaseThatEnds(line: string): Phase | undefined {
  const words = line.trim();
  if (words.startsWith('initial_sync_s')) return 'initial sync';
  if (words.startsWith('endpoint rounds') || words.startsWith('churn')) return 'endpoint churn';
  return words.startsWith('trafficsplits rounds') ? 'route edits' : undefined;
}

function spansOf(begin: number, ends: ReadonlyMap<Phase, number>): readonly (readonly [Phase, number, number])[] {
  let from = begin;
  return [...ends].map(([phase, to]) => {
    const span = [phase, from, to] as const;
    from = to;
    return span;
  });
}

/** V8 counts on the same clock. */
function monotonic(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

async function readProfile(folder: string): Promise<CpuProfile> {
  const [file] = (await readdir(folder)).filter((name) => name.endsWith('.cpuprofile'));
  if (file === undefined) throw new Error('the control plane wrote no profile: it did not end in order');
  return JSON.parse(await readFile(join(folder, file), 'utf8')) as CpuProfile;
}

/** Enough of it for the JSON. */
function first({ phase, busyMs, functions }: ProfileShares & { readonly phase: string }) {
  const byTotal = functions.toSorted((a, b) => b.totalMs - a.totalMs);
  return { phase, busyMs, bySelf: functions.slice(0, 40), byTotal: byTotal.slice(0, 60) };
}
