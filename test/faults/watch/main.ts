import { parseArgs } from 'node:util';
import { runSequence } from './sequence.ts';

/** `node test/faults/watch/main.ts --seed 17 [--count 10]`: runs sequences again and prints what they came to. */
const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, count: { type: 'string', default: '1' } },
});
const first = Number(values.seed);
for (let seed = first; seed < first + Number(values.count); seed++) {
  const { difference, wrong, happened, lists, unexplained } = await runSequence(seed);
  const verdict = difference === undefined && wrong.length === 0 ? 'as it should be' : 'WRONG';
  process.stdout.write(`${seed}: ${verdict}; ${lists} lists, ${Math.max(0, unexplained)} of them unexplained\n`);
  for (const [name, times] of happened) process.stdout.write(`  ${times} × ${name}\n`);
  for (const line of [...wrong, ...(difference === undefined ? [] : [difference])]) process.stdout.write(`  ${line}\n`);
}
