import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scratchDirectory } from '../../tools/scratch-directory.ts';
import { startServer } from '../../tools/server-process.ts';
import { type MeshCluster, SYSTEM_NAMESPACE } from './mesh-cluster.ts';
import { MAIN, OperatorHandle, type OperatorProcess } from './operator-process.ts';

/** How to run a standby. */
export interface StandbyProcessOptions {
  readonly cluster: MeshCluster;
  /** What the control plane is verified with. */
  readonly rootsPem: string;
  /** Ports of loopback at which replicas tell it what proxies acknowledged. */
  readonly primaries: readonly number[];
  /** The name of its pod. Default: `standby-0`. */
  readonly name?: string;
  /** Default: any free port of all addresses. */
  readonly xdsAddress?: string;
  /** Default: the cluster's administrator. */
  readonly kubeconfig?: string;
  readonly flags?: readonly string[];
  /** What to wait for: `serving`, proxies may connect, or `started`, nothing. Default: `serving`. */
  readonly until?: 'serving' | 'started';
}

/** Flags of an operator that tells a standby: at a port of loopback. */
export function standbyFlags(port: number): readonly string[] {
  return ['--standby-service', 'localhost:15010', '--standby-address', `127.0.0.1:${port}`];
}

/** Runs `node operator/main.ts --standby …` as the standby's own service account is known by its token. */
export async function startStandby(options: StandbyProcessOptions): Promise<OperatorProcess> {
  const { cluster, name = 'standby-0', primaries, rootsPem, until } = options;
  const pod = { namespace: SYSTEM_NAMESPACE, name, app: 'dot-kube-standby', ip: '10.0.0.9' };
  await cluster.pod(pod);
  const directory = await scratchDirectory('standby');
  await writeFile(join(directory, 'token'), await cluster.token(pod), { mode: 0o600 });
  await writeFile(join(directory, 'roots.pem'), rootsPem);
  const server = await startServer(process.execPath, [
    MAIN,
    '--standby',
    '--kubeconfig',
    options.kubeconfig ?? cluster.kubeconfig,
    ...primaries.flatMap((port) => ['--primary', `localhost:${port}`]),
    '--token-file',
    join(directory, 'token'),
    '--roots-file',
    join(directory, 'roots.pem'),
    '--xds-address',
    options.xdsAddress ?? ':0',
    '--health-address',
    '127.0.0.1:0',
    ...(options.flags ?? []),
  ]);
  const running = new OperatorHandle(server, directory);
  try {
    if (until !== 'started') await running.logged('xDS is served', 20_000);
    return running;
  } catch (error) {
    await running.stop();
    throw error;
  }
}
