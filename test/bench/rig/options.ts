import { parseArgs } from 'node:util';
import type { Size } from '../parts/control-plane.ts';
import { UsageError } from './usage-error.ts';

/** The parts, in the order in which they run. */
export const PARTS = [
  'control-plane',
  'growth',
  'start',
  'restart',
  'memory',
  'stalls',
  'data-plane',
  'profile',
] as const;

/** One of {@link PARTS}. */
export type PartName = (typeof PARTS)[number];

/** What the command line of the bench says. */
export interface BenchFlags {
  readonly help: boolean;
  /** In the order of {@link PARTS}. */
  readonly parts: readonly PartName[];
  readonly shared: string | undefined;
  /** Ours alone: nothing is compared. */
  readonly istiod: boolean;
  /** Of the part `control-plane`; undefined: the standard ones. */
  readonly sizes: readonly Size[] | undefined;
  /** Where figures are kept as JSON; undefined: below the cache. */
  readonly json: string | undefined;
}

/** What `--help` prints. */
export const USAGE = `Usage: npm run bench -- [part ...] [flags]

Measures the control plane, beside istiod where there is something to compare, and writes test/bench/RESULTS.md.
Run it on a machine that does nothing else. Without parts: all but profile.

  control-plane   500 Services × 5 endpoints, 200 proxies, and 1,000 × 5, 500 proxies; both control planes, ABAB
  growth          what one change costs among 125, 500 and 2,000 Services
  start           from the start of the process to the first correct push, 1,000 Services
  restart         from a restart of the process to 1,000 proxies in sync, with the bytes
  memory          what one more proxy costs, 125 to 1,000 proxies
  stalls          how long the event loop stands still while endpoints churn
  data-plane      what the sidecars cost beside Envoys that do nothing but route and mTLS
  profile         where the time goes in an initial sync, in endpoint churn, in route edits

  --shared PATH   The folder with xdsload/ (Go sources) and istiod.xz. Default: DOT_KUBE_BENCH_SHARED, ../shared/bench.
  --size SxExN    Instead of the standard sizes of control-plane: Services, endpoints of each, proxies; repeatable.
                  RESULTS.md is left alone then.
  --no-istiod     Ours alone; RESULTS.md is left alone.
  --json FOLDER   Where to keep the figures as JSON. Default: bench/results below the cache.
  --help          Print this.

Exit code 0 when every goal is met, 1 when one is missed or something failed, 2 when something has to be given first.
`;

const options = {
  shared: { type: 'string' },
  size: { type: 'string', multiple: true },
  'no-istiod': { type: 'boolean', default: false },
  json: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

/** Reads the command line. Throws {@link UsageError}. Pure. */
export function parseBenchFlags(args: readonly string[]): BenchFlags {
  const { values, positionals } = read(args);
  const named = new Set(positionals.map(partOf));
  return {
    help: values.help,
    parts: PARTS.filter((part) => (named.size === 0 ? part !== 'profile' : named.has(part))),
    shared: values.shared,
    istiod: !values['no-istiod'],
    sizes: values.size?.map(sizeOf),
    json: values.json,
  };
}

function read(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (cause) {
    throw new UsageError(`${cause instanceof Error ? cause.message : String(cause)}; see --help`, { cause });
  }
}

function partOf(word: string): PartName {
  const part = PARTS.find((each) => each === word);
  if (part === undefined) throw new UsageError(`there is no part ${word}: ${PARTS.join(', ')}`);
  return part;
}

function sizeOf(text: string): Size {
  const [services = 0, endpoints = 0, clients = 0] = /^[1-9]\d{0,4}x[1-9]\d{0,2}x[1-9]\d{0,3}$/.test(text)
    ? text.split('x').map(Number)
    : [];
  if (services === 0) throw new UsageError(`--size is SERVICESxENDPOINTSxPROXIES, as in 500x5x200, not ${text}`);
  return { services, endpoints, clients };
}
