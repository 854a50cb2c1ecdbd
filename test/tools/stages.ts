/** One part of `npm test`. */
export type Stage = ScriptStage | TestStage;

/** An npm script of the root; what it prints is shown when it fails. */
export interface ScriptStage {
  readonly kind: 'script';
  readonly name: string;
}

/** Files that `node --test` runs. */
export interface TestStage {
  readonly kind: 'tests';
  readonly name: string;
  /** Globs from the root of the repository. */
  readonly patterns: readonly string[];
  /** How many files run at the same time. */
  readonly concurrency: number;
  /** Whether it runs the real Envoy, etcd and kube-apiserver: they are fetched before it starts. */
  readonly needsTools: boolean;
  /** After so many minutes it hangs: it is ended, and fails. */
  readonly minutes: number;
  /** The test cluster that it needs, with our images in `dist/images`: both are made before it starts, and the cluster ends with it. */
  readonly cluster?: string;
  /** Whether it runs only when it is named. Default: false. */
  readonly onlyByName?: boolean;
}

/** What words of the command line ask for: stages, in their own order, and the words that choose test files. */
export function chosenStages(words: readonly string[]): {
  readonly stages: readonly Stage[];
  readonly filters: readonly string[];
} {
  const names = new Set(STAGES.map(({ name }) => name));
  const filters = words.filter((word) => !names.has(word));
  const named = words.length > filters.length;
  const stages = STAGES.filter((stage) => (named ? words.includes(stage.name) : !isOnlyByName(stage)));
  return { stages, filters };
}

function isOnlyByName(stage: Stage): boolean {
  return stage.kind === 'tests' && stage.onlyByName === true;
}

/** In the order in which they run: what fails soonest comes first. Written for two cores. */
export const STAGES: readonly Stage[] = [
  { kind: 'script', name: 'verify' },
  { kind: 'script', name: 'typecheck' },
  { kind: 'script', name: 'lint' },
  {
    kind: 'tests',
    name: 'unit',
    patterns: ['{proxy,operator,cdk8s,examples,test/bench,test/cluster,test/faults,test/tools}/**/*.test.ts'],
    concurrency: 2,
    needsTools: false,
    minutes: 15,
  },
  {
    kind: 'tests',
    name: 'golden',
    patterns: ['test/golden/**/*.test.ts'],
    concurrency: 2,
    needsTools: false,
    minutes: 15,
  },
  {
    kind: 'tests',
    name: 'feature',
    patterns: ['test/feature/**/*.test.ts'],
    concurrency: 2,
    needsTools: false,
    minutes: 15,
  },
  {
    kind: 'tests',
    name: 'integration',
    patterns: ['test/integration/**/*.test.ts'],
    // Each file may run a control plane and some Envoys, and waits for them most of the time.
    concurrency: Number(process.env['DOT_KUBE_INTEGRATION_CONCURRENCY'] ?? 3),
    needsTools: true,
    minutes: 25,
  },
  {
    kind: 'tests',
    name: 'faults',
    patterns: ['test/faults/short.ts'],
    // One after the other: each is under load, and counts time.
    concurrency: 1,
    needsTools: true,
    minutes: 10,
  },
  {
    kind: 'tests',
    name: 'smoke',
    patterns: ['test/e2e/smoke/*.test.ts'],
    concurrency: 1,
    needsTools: false,
    minutes: 10,
    cluster: 'smoke',
  },
  {
    kind: 'tests',
    name: 'e2e',
    patterns: ['test/e2e/*.test.ts'],
    // They are about one cluster, in the order of their names.
    concurrency: 1,
    needsTools: false,
    minutes: 25,
    cluster: 'e2e',
    onlyByName: true,
  },
  {
    kind: 'tests',
    name: 'lifecycle',
    patterns: ['test/e2e/lifecycle/*.test.ts'],
    concurrency: 1,
    needsTools: false,
    minutes: 25,
    cluster: 'e2e',
    onlyByName: true,
  },
];
