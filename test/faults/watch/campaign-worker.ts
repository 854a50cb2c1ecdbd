import { parentPort, workerData } from 'node:worker_threads';
import { type Outcome, runSequence } from './sequence.ts';

/** What a worker is told. */
export interface WorkerTask {
  readonly seeds: readonly number[];
  readonly atOnce: number;
}

const { seeds, atOnce } = workerData as WorkerTask;
let next = 0;
const tell = (outcome: Outcome): void => parentPort?.postMessage(outcome, []);

async function work(): Promise<void> {
  for (let seed = seeds[next++]; seed !== undefined; seed = seeds[next++]) {
    try {
      tell(await runSequence(seed));
    } catch (error) {
      const wrong = [error instanceof Error ? (error.stack ?? error.message) : String(error)];
      tell({ seed, difference: undefined, wrong, happened: new Map(), lists: 0, unexplained: 0 });
    }
  }
}

await Promise.all(Array.from({ length: atOnce }, work));
