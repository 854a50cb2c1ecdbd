import { relative } from 'node:path';
import type { ServiceReport } from '../../local/mesh-view.ts';
import { isProgrammed, type ReplicaReport, type StatusReport } from '../../local/status/status-report.ts';
import { paint, type Palette } from '../../local/terminal/palette.ts';

/** What a banner tells of. */
export interface BannerInput {
  /** How dotkube is called here. */
  readonly command: string;
  readonly folder: string;
  readonly runDirectory: string;
  readonly workingDirectory: string;
  readonly replicas: readonly ReplicaReport[];
  readonly services: readonly ServiceReport[];
  readonly status: StatusReport;
  /** Since the command was called, milliseconds. */
  readonly startedInMs: number;
  /** What to try; one line each. */
  readonly hints: readonly string[];
}

/** The Services of more are left to `dotkube status`. */
const SHOWN_SERVICES = 8;

/** Where to look, once all runs. */
export function bannerLines(input: BannerInput, palette: Palette): readonly string[] {
  const { command, folder, hints, replicas, runDirectory, services, startedInMs, status, workingDirectory } = input;
  const ready = replicas.filter((replica) => replica.ready).length;
  const meshed = replicas.filter((replica) => replica.meshed).length;
  const inForce = status.objects.filter(isProgrammed).length;
  const near = (path: string): string => {
    const short = relative(workingDirectory, path) || '.';
    return short.startsWith('..') ? path : short;
  };
  const shown = services.slice(0, SHOWN_SERVICES);
  const rows: readonly (readonly [string, string])[] = [
    [
      'running',
      `${ready} of ${replicas.length} replicas, ${meshed} with an Envoy, after ${(startedInMs / 1000).toFixed(1)} s`,
    ],
    ['policies', `${inForce} of ${status.objects.length} in force`],
    ['edit', `${near(folder)}: what is saved takes effect within a second`],
    [
      'ask',
      `${command} status${near(runDirectory) === '.dotkube' ? '' : ` --run-dir ${near(runDirectory)}`}, also for the admin port of each Envoy`,
    ],
    ['logs', `${near(runDirectory)}/logs`],
    ...shown.flatMap(({ ports, service }, index) => {
      const addresses = ports.map(({ address }) => address).join(', ');
      return [[index === 0 ? 'call' : '', `${service} at ${addresses}`] as const];
    }),
    ...hints.map((hint, index) => [index === 0 ? 'try' : '', hint] as const),
    ['end', 'Ctrl-C'],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return ['', ...rows.map(([name, text]) => `  ${paint(palette, 'bold', name.padEnd(width))}  ${text}`), ''];
}
