import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OPERATOR_ENVIRONMENT, OPERATOR_NODE_FLAGS } from '../../../operator/image/index.ts';
import { freePort } from '../../tools/free-port.ts';
import { startProcess } from '../../tools/process.ts';
import { scratchDirectory } from '../../tools/scratch-directory.ts';
import { waitUntilServing } from '../../tools/server-process.ts';
import type { RunningControlPlane } from './control-plane.ts';
import { outputTail } from './output-tail.ts';

/** How to run ours. */
export interface DotKubeOptions {
  /** Path of `operator.mjs`, or of `operator/main.ts`. */
  readonly program: string;
  readonly kubeconfig: string;
  /** Of the pod whose proxies all clients of xdsload are. Default: none are meant. */
  readonly token?: string;
  /** More flags of Node.js, before the program, than the image has. */
  readonly nodeFlags?: readonly string[];
  /** Default: a free one. */
  readonly xdsPort?: number;
  /** The certificate authority; give a restarted one the same. Default: one of its own. */
  readonly caFile?: string;
  /** Default: `leading`: it serves proxies and writes statuses. */
  readonly until?: 'leading' | 'started';
}

/** Ours, with what its metrics say. */
export interface RunningDotKube extends RunningControlPlane {
  /** Asks for `/metrics`, and answers how to find a sample in it; undefined when there is none of that name and labels. */
  metrics(): Promise<(name: string) => number | undefined>;
}

/** Its marker reaches the clients in what a request has to be for the split to apply. */
const SPLIT = {
  apiVersion: 'mesh.dot-kube.io/v1alpha1',
  kind: 'TrafficSplit',
  metadata: { name: 'bench', namespace: 'bench' },
  spec: {
    service: 'svc-0',
    backends: [{ name: 'other', service: 'svc-1' }],
    match: [{ headers: [{ name: 'x-marker', value: 'MARKER' }] }],
  },
};

/** Starts the operator as a process of its own. */
export async function startDotKube(options: DotKubeOptions): Promise<RunningDotKube> {
  const directory = await scratchDirectory('bench-operator');
  const split = join(directory, 'split.json');
  await writeFile(split, JSON.stringify(SPLIT));
  const xdsPort = options.xdsPort ?? (await freePort());
  const health = await freePort();
  const output = outputTail();
  const running = await startProcess({
    command: process.execPath,
    args: [
      ...OPERATOR_NODE_FLAGS,
      ...(options.nodeFlags ?? []),
      options.program,
      ...flagsOf(options, directory, xdsPort, health),
    ],
    env: { ...process.env, ...OPERATOR_ENVIRONMENT, PATH: process.env['PATH'] },
    cwd: directory,
    onOutput: output.add,
  });
  const stop = async () => {
    await running.stop(10_000);
    await rm(directory, { recursive: true, force: true });
  };
  const get = async (path: string) => fetch(`http://127.0.0.1:${health}${path}`);
  try {
    // The lease tells that it leads: what it writes is part of its work.
    const leads = async () => (await get('/readyz')).status === 200 && output.text().includes('this replica leads');
    if (options.until !== 'started')
      await waitUntilServing('the operator', { process: running, logs: output.text }, leads, {
        timeoutMilliseconds: 60_000,
      });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    name: 'dot-kube',
    pid: running.pid,
    process: running,
    xdsPort,
    xdsloadFlags: [
      `-addr=127.0.0.1:${xdsPort}`,
      `-token=${options.token ?? ''}`,
      '-node-id=bench/client',
      `-route-file=${split}`,
      '-route-gvr=mesh.dot-kube.io/v1alpha1/trafficsplits',
    ],
    metrics: async () => {
      const text = await (await get('/metrics')).text();
      return (name) => sampleOf(text, name);
    },
    log: output.text,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function flagsOf(options: DotKubeOptions, directory: string, xdsPort: number, health: number): readonly string[] {
  return [
    `--kubeconfig=${options.kubeconfig}`,
    '--xds-address=127.0.0.1:0',
    `--plaintext-xds=127.0.0.1:${xdsPort}`,
    `--health-address=127.0.0.1:${health}`,
    '--replicas-address=127.0.0.1:0',
    `--ca-file=${options.caFile ?? join(directory, 'ca.json')}`,
  ];
}

/** One line of the text format of Prometheus; `name` with its labels as they are printed. Pure. */
export function sampleOf(text: string, name: string): number | undefined {
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
}
