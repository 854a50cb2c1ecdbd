import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { WorkerTask } from './campaign-worker.ts';
import type { Outcome } from './sequence.ts';

/** What many sequences came to. */
export interface Campaign {
  readonly firstSeed: number;
  readonly outcomes: readonly Outcome[];
  readonly failed: readonly Outcome[];
  readonly happened: Readonly<Record<string, number>>;
  readonly lists: number;
  /** The most lists of one sequence that neither its start nor a fault explains. */
  readonly unexplained: number;
}

const WORKERS = 2;
const AT_ONCE = 12;

/** Runs the sequences of so many seeds from the first one on, many at the same time; `progress` hears how many are over. */
export async function runCampaign(
  firstSeed: number,
  sequences: number,
  signal: AbortSignal,
  progress: (done: number) => void,
): Promise<Campaign> {
  const outcomes: Outcome[] = [];
  const all = Array.from({ length: sequences }, (_, index) => firstSeed + index);
  const workers = Array.from({ length: WORKERS }, (_, part) => {
    const workerData: WorkerTask = { seeds: all.filter((seed) => seed % WORKERS === part), atOnce: AT_ONCE };
    const worker = new Worker(new URL('campaign-worker.ts', import.meta.url), { workerData });
    worker.on('message', (outcome: Outcome) => {
      outcomes.push(outcome);
      progress(outcomes.length);
    });
    return worker;
  });
  const stop = (): void => void Promise.all(workers.map((worker) => worker.terminate()));
  signal.addEventListener('abort', stop);
  await Promise.all(workers.map((worker) => once(worker, 'exit')));
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  return campaignOf(firstSeed, outcomes);
}

function campaignOf(firstSeed: number, outcomes: readonly Outcome[]): Campaign {
  const happened: Record<string, number> = {};
  for (const outcome of outcomes)
    for (const [name, times] of outcome.happened) happened[name] = (happened[name] ?? 0) + times;
  return {
    firstSeed,
    outcomes,
    failed: outcomes.filter(({ difference, wrong }) => difference !== undefined || wrong.length > 0),
    happened,
    lists: outcomes.reduce((sum, { lists }) => sum + lists, 0),
    unexplained: Math.max(0, ...outcomes.map(({ unexplained }) => unexplained)),
  };
}
