import { parentPort, workerData } from 'node:worker_threads';
import { atOnce, bigSet, inRandomOrder } from './orders.ts';

/** What a worker is told. */
export interface OrderTask {
  /** The seed of the objects, and of how many random sets they are. */
  readonly set: number;
  readonly sets: number;
  /** One for each order. */
  readonly seeds: readonly number[];
}

/** What one order came to. */
export interface OrderResult {
  readonly seed: number;
  readonly objects: number;
  readonly resources: number;
  /** The places of resources that are not as they are when everything is there from the start. */
  readonly differences: readonly string[];
}

const { set, sets, seeds } = workerData as OrderTask;
const objects = bigSet(set, sets);
const wanted = atOnce(objects);
const known = new Set(wanted);
for (const seed of seeds) {
  const found = inRandomOrder(objects, seed);
  const here = new Set(found);
  const other = [...found.filter((each) => !known.has(each)), ...wanted.filter((each) => !here.has(each))];
  const differences = [...new Set(other.map((each) => each.split('\n').slice(0, 3).join(' ')))];
  const result: OrderResult = { seed, objects: objects.length, resources: wanted.length, differences };
  parentPort?.postMessage(result, []);
}
