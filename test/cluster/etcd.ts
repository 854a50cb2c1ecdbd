import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ServerProcess, startServer, waitUntilServing } from '../tools/server-process.ts';

/** An etcd that only this machine's user reaches. */
export interface Etcd extends ServerProcess {
  /** For `kube-apiserver --etcd-servers`. */
  readonly url: string;
}

/** Starts etcd with its data and its client socket in `directory`, and returns when it listens. */
export async function startEtcd(program: string, directory: string): Promise<Etcd> {
  const socket = join(directory, 'etcd.sock');
  const nobody = 'http://127.0.0.1:0';
  const server = await startServer(program, [
    '--name=etcd',
    `--data-dir=${join(directory, 'etcd')}`,
    // A crash may lose data, which nobody wants back.
    '--unsafe-no-fsync',
    `--listen-client-urls=unix://${socket}`,
    // Asked for, but without peers and with clients that know the socket nobody uses them.
    `--advertise-client-urls=${nobody}`,
    `--listen-peer-urls=${nobody}`,
    `--initial-advertise-peer-urls=${nobody}`,
    `--initial-cluster=etcd=${nobody}`,
    '--heartbeat-interval=10',
    '--election-timeout=100',
    '--log-level=warn',
  ]);
  const listens = () => stat(socket).then((found) => found.isSocket());
  await waitUntilServing('etcd', server, listens, { timeoutMilliseconds: 20_000, intervalMilliseconds: 10 });
  return { ...server, url: `unix://${socket}` };
}
