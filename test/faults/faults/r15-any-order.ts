import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Check, Fault, FaultContext, FaultSize } from '../fault.ts';
import { countsOf } from '../harness/counts.ts';
import type { OrderResult, OrderTask } from '../random/orders-worker.ts';

/** How many orders of each set of objects. */
const ORDERS: Readonly<Record<FaultSize, number>> = { short: 60, standard: 1000, full: 10_000 };
const WORKERS = 2;
/** The objects of so many random sets are one. */
const SETS = 3;

/** The same objects, in any order and by any detour, are the same bytes. */
export const R15: Fault = {
  id: 'R15',
  title:
    'The same objects arrive in random orders, a few at a time, some of them as something else before, or gone for a while, and strangers come and go',
  expected: 'byte-identical resources',
  isShort: true,
  controls: [
    {
      title: 'what an object is not any more is told to nobody',
      file: 'operator/framework/derive/shelf.ts',
      find: '        changed.add(indexInput(name, index.name, each));\n        if (!now.has(each)',
      replace: '        if (!now.has(each)',
      fails: 'orders that came to other bytes',
    },
  ],
  run: anyOrder,
};

async function anyOrder({ size, signal, say }: FaultContext): Promise<readonly Check[]> {
  const orders = ORDERS[size];
  const results: OrderResult[] = [];
  const workers = Array.from({ length: WORKERS }, (_, part) => {
    const seeds = Array.from({ length: orders }, (__, index) => index + 1).filter((seed) => seed % WORKERS === part);
    const workerData: OrderTask = { set: 1, sets: SETS, seeds };
    const worker = new Worker(new URL('../random/orders-worker.ts', import.meta.url), { workerData });
    worker.on('message', (result: OrderResult) => {
      results.push(result);
      if (results.length % 200 === 0) say(`${results.length} of ${orders} orders`);
    });
    return worker;
  });
  const stop = (): void => void Promise.all(workers.map((worker) => worker.terminate()));
  signal.addEventListener('abort', stop);
  await Promise.all(workers.map((worker) => once(worker, 'exit')));
  signal.removeEventListener('abort', stop);
  const other = results.filter(({ differences }) => differences.length > 0);
  for (const { seed, differences } of other.slice(0, 3)) say(`order ${seed}: ${differences.slice(0, 3).join(', ')}`);
  const [first] = results;
  const what = `${first?.objects ?? 0} objects and ${first?.resources ?? 0} resources`;
  return [
    {
      name: 'orders that came to other bytes',
      expected: `0 of ${orders}`,
      measured: `${countsOf(other.length, results.length, 'did')}, with ${what}`,
      passed: other.length === 0 && results.length === orders && (first?.resources ?? 0) > 40,
    },
  ];
}
