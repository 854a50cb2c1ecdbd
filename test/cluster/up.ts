/**
 * `npm run cluster:up -- [--name main] [--nodes 2] [--network-policy] [--api-server-arg=--flag=value]…`: brings the cluster up unless it
 * runs, and prints the path of its kubeconfig.
 */
import { parseArgs } from 'node:util';
import { nodeCluster } from './node-cluster.ts';

const { values } = parseArgs({
  options: {
    name: { type: 'string' },
    nodes: { type: 'string' },
    'network-policy': { type: 'boolean' },
    'api-server-arg': { type: 'string', multiple: true },
  },
});
const { name, nodes, 'api-server-arg': apiServerArgs, 'network-policy': networkPolicy } = values;
const started = performance.now();
try {
  const cluster = await nodeCluster({
    // The one that is asked for, also in a shell that has used another.
    environment: { ...process.env, KUBECONFIG: '' },
    ...(name === undefined ? {} : { name }),
    ...(nodes === undefined ? {} : { nodes: Number(nodes) }),
    ...(networkPolicy === undefined ? {} : { networkPolicy }),
    ...(apiServerArgs === undefined ? {} : { apiServerArgs }),
  });
  process.stderr.write(`upMilliseconds=${Math.round(performance.now() - started)}\n`);
  process.stdout.write(`export KUBECONFIG=${cluster.kubeconfig}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
