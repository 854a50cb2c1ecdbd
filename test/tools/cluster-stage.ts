import { runCommand } from '../../operator/local/tools/command.ts';
import { ToolUnavailableError } from '../../operator/local/tools/tool-error.ts';
import { nodeCluster, takeDown } from '../cluster/node-cluster.ts';
import type { Outcome } from './outcome.ts';

/** How badly a cluster is wanted. */
export interface ClusterStageOptions {
  /** Whether somebody asked for just this: then it fails where there can be no cluster, instead of being skipped. */
  readonly named: boolean;
  /** Default: this process's. `DOT_KUBE_E2E=require` fails too; `DOT_KUBE_E2E_KEEP=1` leaves the cluster running. */
  readonly environment?: NodeJS.ProcessEnv;
}

/** Runs something while a cluster of that name is up and our images are made; what cannot be had is said, with what to do about it. */
export async function withCluster(
  name: string,
  root: string,
  { environment = process.env, named }: ClusterStageOptions,
  run: () => Promise<Outcome>,
): Promise<Outcome> {
  const lacking = await prepare(name, root, environment);
  if (lacking !== undefined) {
    const required = named || environment['DOT_KUBE_E2E'] === 'require';
    return {
      kind: required ? 'failed' : 'skipped',
      why: `NO CLUSTER, SO NOTHING WAS TESTED ON REAL NODES: ${lacking}`,
    };
  }
  try {
    return await run();
  } finally {
    if (environment['DOT_KUBE_E2E_KEEP'] !== '1') await takeDown({ name, environment });
  }
}

/** Undefined when all is there; else what is not, and what to do. */
async function prepare(name: string, root: string, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const external = (environment['KUBECONFIG'] ?? '') !== '';
  if (external && (environment['DOT_KUBE_REGISTRY'] ?? '') === '') {
    return 'the cluster of KUBECONFIG gets our images from a registry: push those of `npm run images` and set DOT_KUBE_REGISTRY';
  }
  try {
    if (!external) await makeImages(root);
    await nodeCluster({ name, environment });
    return undefined;
  } catch (error) {
    if (error instanceof ToolUnavailableError) return error.message;
    throw error;
  }
}

async function makeImages(root: string): Promise<void> {
  const lines: string[] = [];
  const { exitCode } = await runCommand(process.execPath, ['test/tools/images/main.ts'], {
    cwd: root,
    onLine: (line) => lines.push(line),
  });
  if (exitCode !== 0) throw new ToolUnavailableError(`npm run images failed:\n${lines.slice(-20).join('\n')}`);
}
