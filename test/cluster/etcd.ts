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
  const { args, listens, url } = etcdSettings(directory);
  const server = await startServer(program, args);
  await waitUntilServing('etcd', server, listens, { timeoutMilliseconds: 20_000, intervalMilliseconds: 10 });
  return { ...server, url };
}

/** How to start an etcd with its data and its client socket in `directory`, and how to know that it listens. */
export interface EtcdSettings {
  readonly args: readonly string[];
  /** Rejects when there is no socket. */
  readonly listens: () => Promise<boolean>;
  /** For `kube-apiserver --etcd-servers`. */
  readonly url: string;
}

/** The settings of an etcd that keeps everything in `directory`. */
export function etcdSettings(directory: string): EtcdSettings {
  const socket = join(directory, 'etcd.sock');
  const nobody = 'http://127.0.0.1:0';
  const args = [
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
  ];
  const listens = () => stat(socket).then((found) => found.isSocket());
  return { args, listens, url: `unix://${socket}` };
}
