/** How long one kind of change takes, and what it costs. */
export interface ChangeFigures {
  /** What was changed: `endpoint`, `httproutes`, `trafficsplits`. */
  readonly kind: string;
  readonly rounds: number;
  /** Rounds in which some client heard nothing within 6 s; the times are of the others. */
  readonly missed: number;
  readonly firstClientMs: number;
  /** From the write to the last client: the median of all rounds; 6,000 or more means that most rounds were missed. */
  readonly allClientsMs: number;
  readonly allClientsMaxMs: number;
  readonly cpuMs: number;
  readonly kib: number;
}

/** Many Services changed at once. */
export interface ChurnFigures {
  readonly endpoints: number;
  /** From the first write to the last client's last change; undefined: not within 30 s. */
  readonly ms: number | undefined;
  /** Of that, after the last write. */
  readonly afterWritesMs: number | undefined;
  readonly cpuMs: number | undefined;
}

/** What one run of xdsload says. */
export interface XdsloadFigures {
  readonly syncSeconds: number;
  readonly syncCpuSeconds: number;
  readonly resourcesPerClient: number;
  readonly kibPerClient: number;
  /** Of the control plane, with no client. */
  readonly idleRssMiB: number;
  readonly syncedRssMiB: number;
  /** At the end of everything. */
  readonly rssMiB: number;
  readonly changes: readonly ChangeFigures[];
  readonly churn: readonly ChurnFigures[];
}

/** After which xdsload waits no more. */
const MISSED_MS = 6000;

const NUMBER = '(-?[\\d.]+)';
const SYNC = new RegExp(
  `^initial_sync_s ${NUMBER} +msgs ${NUMBER} +resources/client ${NUMBER} +KiB/client ${NUMBER} +cp_rss_MiB ${NUMBER}->${NUMBER} +cp_cpu_s ${NUMBER}$`,
);
const CHANGE = new RegExp(
  `^(\\w+) rounds ${NUMBER} missed ${NUMBER} +first_client_ms p50 ${NUMBER} +all_clients_ms p50 ${NUMBER} p90 ${NUMBER} max ${NUMBER} +cp_cpu_ms/change ${NUMBER} +KiB/change ${NUMBER} +cp_rss_MiB ${NUMBER}$`,
);
const CHURN = new RegExp(
  `^churn ${NUMBER} endpoints: writes took ${NUMBER} ms, last client had the last after ${NUMBER} ms, cp_cpu_ms ${NUMBER}$`,
);
const TOTAL = new RegExp(`^total cp_rss_MiB ${NUMBER} cp_cpu_s ${NUMBER}$`);

/** Reads what xdsload printed to standard output. Throws, with the output, when it did not come to its end. Pure. */
export function parseXdsload(output: string, churnSize = 0): XdsloadFigures {
  const lines = output.split('\n').map((line) => line.trim());
  const numbers = (pattern: RegExp): readonly number[] | undefined =>
    lines
      .map((line) => pattern.exec(line))
      .find((found) => found !== null)
      ?.slice(1)
      .map(Number);
  const sync = numbers(SYNC);
  const total = numbers(TOTAL);
  if (sync === undefined || total === undefined) throw new Error(`xdsload did not come to its end:\n${output}`);
  const [
    syncSeconds = 0,
    ,
    resourcesPerClient = 0,
    kibPerClient = 0,
    idleRssMiB = 0,
    syncedRssMiB = 0,
    syncCpuSeconds = 0,
  ] = sync;
  return {
    syncSeconds,
    syncCpuSeconds,
    resourcesPerClient,
    kibPerClient,
    idleRssMiB,
    syncedRssMiB,
    rssMiB: total[0] ?? 0,
    changes: lines.flatMap((line) => changeOf(line) ?? []),
    churn: lines.flatMap((line) => churnOf(line, churnSize) ?? []),
  };
}

/** The figures of a kind of change; throws when it was not measured. */
export function changeFigures({ changes }: XdsloadFigures, isKind: (kind: string) => boolean): ChangeFigures {
  const found = changes.find(({ kind }) => isKind(kind));
  if (found === undefined) throw new Error('xdsload did not measure this kind of change');
  return found;
}

function changeOf(line: string): ChangeFigures | undefined {
  const found = CHANGE.exec(line);
  if (found === null) return undefined;
  const [kind = '', ...rest] = found.slice(1);
  const [rounds = 0, missed = 0, first = 0, median = 0, , max = 0, cpuMs = 0, kib = 0] = rest.map(Number);
  const mostMissed = missed * 2 > rounds;
  return {
    kind,
    rounds,
    missed,
    firstClientMs: first,
    allClientsMs: mostMissed ? MISSED_MS : median,
    allClientsMaxMs: missed > 0 ? MISSED_MS : max,
    cpuMs,
    kib,
  };
}

function churnOf(line: string, endpoints: number): ChurnFigures | undefined {
  if (line.startsWith('churn missed:')) return { endpoints, ms: undefined, afterWritesMs: undefined, cpuMs: undefined };
  const found = CHURN.exec(line);
  if (found === null) return undefined;
  const [count = 0, writesMs = 0, ms = 0, cpuMs = 0] = found.slice(1).map(Number);
  return { endpoints: count, ms, afterWritesMs: ms - writesMs, cpuMs };
}
