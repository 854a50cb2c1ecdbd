import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { basename, dirname, join } from 'node:path';
import { findOnPath } from '../../operator/local/tools/executable.ts';
import { withFileLock } from '../../operator/local/tools/file-lock.ts';
import { type Progress, progressPrinter } from '../../operator/local/tools/progress.ts';
import { kubeBinaries } from '../tools/kube-binaries.ts';
import { evaluatorBinary } from '../tools/network-policy-evaluator.ts';
import { type Kubectl, kubectlFor } from './kubectl.ts';
import { type BringUpOptions, bringUp } from './node/bring-up.ts';
import { readState, type StateEntry, statesDirectory } from './node/cluster-state.ts';
import { enforceOnNodes } from './network-policy/start-enforcer.ts';
import { importImage } from './node/node-programs.ts';
import { end, type ProcessRecord, runs } from './node/process-record.ts';
import { tearDown } from './node/tear-down.ts';

/** A Kubernetes with nodes that run pods. */
export interface NodeCluster {
  readonly name: string;
  /** Path of a kubeconfig with all rights. */
  readonly kubeconfig: string;
  /** The real kubectl, with that kubeconfig. */
  readonly kubectl: Kubectl;
  /** Whether it is the cluster of the environment's KUBECONFIG: others use it too, so clean up and choose names of your own. */
  readonly external: boolean;
  /** Path of the API server's audit log: a JSON line for every write but those of Leases by Kubernetes itself. Undefined for an external cluster. */
  readonly auditLog: string | undefined;
  /**
   * Gives every node an image under `name` (`dot-kube/proxy:0.1.0`), from an OCI image layout (a directory or a tar of it) or an archive of
   * docker's, and returns the name by which pods ask for it. For an external cluster it loads nothing: `name` in DOT_KUBE_REGISTRY.
   */
  loadImage(path: string, name: string): Promise<string>;
  /**
   * Enforces NetworkPolicies on every node until it is disposed of, and returns when those that are there are enforced. An external cluster
   * does so itself, or not.
   */
  enforceNetworkPolicies(): Promise<AsyncDisposable>;
  /** Ends it and leaves nothing; leaves an external cluster alone. */
  down(): Promise<void>;
}

/** How to bring a cluster up, and which. */
export interface NodeClusterOptions extends Partial<BringUpOptions> {
  /**
   * Default `main`; a KUBECONFIG that `cluster:up` has printed names its own. Clusters of different names run beside each other. Letters,
   * digits and dashes, at most 20.
   */
  readonly name?: string;
  /** Default: this process's; KUBECONFIG in it means that cluster. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Default: lines on standard error. */
  readonly progress?: Progress;
}

/**
 * The cluster of that name: the one that runs, or a new one. It stays when this process ends, until `down`, its own or `npm run
 * cluster:down`. Throws ToolUnavailableError where nodes are impossible, and Error when one runs with other flags than are asked for.
 */
export async function nodeCluster(options: NodeClusterOptions = {}): Promise<NodeCluster> {
  const environment = options.environment ?? process.env;
  const given = environment['KUBECONFIG'] ?? '';
  const states = statesDirectory(environment);
  // One that `cluster:up` has printed is ours.
  const ours = given !== '' && given === join(states, basename(dirname(given)), 'kubeconfig');
  if (given !== '' && !ours) return externalCluster(given, environment);
  const { name, directory } = placeOf(ours ? { ...options, name: basename(dirname(given)) } : options);
  const progress = options.progress ?? progressPrinter(process.stderr);
  const { apiServerArgs = [], networkPolicy = false, nodes = 2 } = options;
  return withFileLock(`${directory}.lock`, async () => {
    const running = await runningEntries(directory);
    if (running === undefined) {
      await tearDown(directory);
      try {
        await bringUp(name, directory, { apiServerArgs, networkPolicy, nodes }, environment, progress);
      } catch (error) {
        // What is left tells why; the next `up` or `down` removes it.
        await endAll(directory);
        throw error;
      }
    } else {
      checkFlags(name, running, options);
    }
    return ownCluster(name, directory, environment);
  });
}

/** Ends the cluster of that name, whoever brought it up. Returns whether there was one. Throws when something of it does not go. */
export async function takeDown(options: Pick<NodeClusterOptions, 'name' | 'environment'> = {}): Promise<boolean> {
  const { directory } = placeOf(options);
  return withFileLock(`${directory}.lock`, () => tearDown(directory));
}

function placeOf(options: Pick<NodeClusterOptions, 'name' | 'environment'>): {
  readonly name: string;
  readonly directory: string;
} {
  const name = options.name ?? 'main';
  if (!/^[a-z0-9-]{1,20}$/.test(name)) throw new Error(`a cluster cannot be named ${name}: up to 20 of a-z, 0-9 and -`);
  return { name, directory: join(statesDirectory(options.environment), name) };
}

function checkFlags(
  name: string,
  entries: readonly StateEntry[],
  { apiServerArgs, networkPolicy }: NodeClusterOptions,
): void {
  const up = entries.find((entry) => entry.kind === 'up');
  const has = up?.apiServerArgs ?? [];
  if (apiServerArgs !== undefined && JSON.stringify(has) !== JSON.stringify(apiServerArgs)) {
    throw new Error(`cluster ${name} runs with other API server flags (${has.join(' ')}): end it first`);
  }
  if (networkPolicy !== undefined && networkPolicy !== up?.networkPolicy) {
    throw new Error(`cluster ${name} runs ${networkPolicy ? 'without' : 'with'} --network-policy: end it first`);
  }
}

async function runningEntries(directory: string): Promise<readonly StateEntry[] | undefined> {
  const entries = await readState(directory);
  const whole = entries?.some((entry) => entry.kind === 'up') === true;
  return whole && processesIn(entries).every(runs) ? entries : undefined;
}

function processesIn(entries: readonly StateEntry[] = []): readonly ProcessRecord[] {
  return entries.flatMap((entry) => (entry.kind === 'process' ? [entry.process] : []));
}

async function endAll(directory: string): Promise<void> {
  for (const process of processesIn(await readState(directory))) end(process);
}

async function ownCluster(name: string, directory: string, environment: NodeJS.ProcessEnv): Promise<NodeCluster> {
  const { kubectl } = await kubeBinaries({ environment });
  const kubeconfig = join(directory, 'kubeconfig');
  return {
    name,
    kubeconfig,
    kubectl: kubectlFor(kubectl, kubeconfig),
    external: false,
    auditLog: join(directory, 'control', 'audit.log'),
    loadImage: async (path, image) => {
      const nodes = (await readState(directory))?.flatMap((entry) => (entry.kind === 'node' ? [entry] : [])) ?? [];
      const folder = (await stat(path)).isDirectory();
      await Promise.all(
        nodes.map(({ node, pid }) =>
          importImage({ name: node, pid }, image, () => (folder ? tarOf(path) : createReadStream(path))),
        ),
      );
      return image;
    },
    enforceNetworkPolicies: async () => {
      const entries = (await readState(directory)) ?? [];
      const always = entries.some((entry) => entry.kind === 'up' && entry.networkPolicy);
      if (always) return new AsyncDisposableStack();
      // Nodes reach nothing from where it could be built.
      await evaluatorBinary({ environment });
      return enforceOnNodes(entries, kubeconfig);
    },
    down: async () => {
      await takeDown({ name, environment });
    },
  };
}

function tarOf(folder: string): NodeJS.ReadableStream {
  return spawn('tar', ['-C', folder, '-cf', '-', '.'], { stdio: ['ignore', 'pipe', 'inherit'] }).stdout;
}

async function externalCluster(kubeconfig: string, environment: NodeJS.ProcessEnv): Promise<NodeCluster> {
  const program = (await findOnPath('kubectl', environment)) ?? (await kubeBinaries({ environment })).kubectl;
  const registry = (environment['DOT_KUBE_REGISTRY'] ?? '').replace(/\/$/, '');
  return {
    name: 'external',
    kubeconfig,
    kubectl: kubectlFor(program, kubeconfig),
    external: true,
    auditLog: undefined,
    loadImage: (_, name) => {
      if (registry !== '') return Promise.resolve(`${registry}/${name}`);
      const why = `the cluster of KUBECONFIG takes ${name} from a registry: set DOT_KUBE_REGISTRY`;
      return Promise.reject(new Error(why));
    },
    enforceNetworkPolicies: () => Promise.resolve(new AsyncDisposableStack()),
    down: () => Promise.resolve(),
  };
}
