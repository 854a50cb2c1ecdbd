import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ClusterState, StateEntry } from '../node/cluster-state.ts';
import { type Addresses, addressesOf } from '../node/network.ts';
import { type NodeProgram, type NodeSpace, startInNode } from '../node/node-space.ts';

/** Enforces NetworkPolicies on a node for as long as its cluster is there. */
export function startEnforcer(
  state: ClusterState,
  node: NodeSpace,
  kubeconfig: string,
  { control, machine }: Addresses,
): Promise<NodeProgram> {
  return startInNode(state, node, 'network-policies', [...command(kubeconfig), control, machine], { enter: 'network' });
}

/** Enforces NetworkPolicies on the nodes of a cluster that runs, until it is disposed of or this process ends. */
export async function enforceOnNodes(entries: readonly StateEntry[], kubeconfig: string): Promise<AsyncDisposable> {
  const link = entries.flatMap((entry) => (entry.kind === 'link' ? [entry.link] : []))[0] ?? '';
  const { control, machine } = addressesOf(Number(/\d+$/.exec(link)?.[0]));
  await using scope = new AsyncDisposableStack();
  const started = entries.flatMap((entry) => {
    if (entry.kind !== 'node') return [];
    const args = ['-t', String(entry.pid), '-n', '--', ...command(kubeconfig), control, machine];
    const child = spawn('nsenter', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    scope.defer(async () => {
      child.kill('SIGTERM');
      await ended;
    });
    const early = ended.then(([code]) => Promise.reject(new Error(`the enforcer on ${entry.node} ended with ${code}`)));
    early.catch(() => undefined);
    return [Promise.race([once(createInterface(child.stdout), 'line'), early])];
  });
  await Promise.all(started);
  return scope.move();
}

function command(kubeconfig: string): readonly string[] {
  return [process.execPath, join(import.meta.dirname, 'main.ts'), kubeconfig];
}
