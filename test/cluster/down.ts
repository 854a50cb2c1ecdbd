/** `npm run cluster:down -- [--name main]`: ends the cluster and leaves nothing of it but what is cached. */
import { parseArgs } from 'node:util';
import { takeDown } from './node-cluster.ts';

const { values } = parseArgs({ options: { name: { type: 'string' } } });
const name = values.name ?? 'main';
try {
  const ended = await takeDown({ name });
  process.stderr.write(ended ? `✓ cluster ${name}: ended\n` : `✓ cluster ${name}: does not run\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
