import { parseArgs } from 'node:util';
import { randomSet } from '../../gen/random-sets.ts';
import { EnvoyJudge } from './envoy-judge.ts';

/** `node test/faults/random/envoy-main.ts --seed 1 --count 10`: gives random sets to an Envoy; a line of JSON for each. */
const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, count: { type: 'string', default: '1' } },
});
const first = Number(values.seed);
await using judge = await EnvoyJudge.start();
for (let seed = first; seed < first + Number(values.count); seed++) {
  const objects = randomSet(seed);
  try {
    process.stdout.write(`${JSON.stringify({ seed, objects: objects.length, ...(await judge.judge(objects)) })}\n`);
  } catch (error) {
    const thrown = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stdout.write(`${JSON.stringify({ seed, objects: objects.length, thrown })}\n`);
  }
}
