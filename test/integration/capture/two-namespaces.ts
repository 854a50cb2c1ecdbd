import { readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runCommand } from '../../../operator/local/tools/command.ts';
import { type RunningProcess, startProcess } from '../../tools/process.ts';
import { startServer, waitUntilServing } from '../../tools/server-process.ts';

/** Addresses of the two, by family. */
export const POD = { ipv4: '10.99.0.2', ipv6: 'fd99::2' } as const;
export const PEER = { ipv4: '10.99.0.1', ipv6: 'fd99::1' } as const;

const ACTOR = join(import.meta.dirname, 'actor.ts');

/** A network namespace that lives as long as a process in it. */
export interface Namespace {
  readonly pid: number;
  /** Runs a command in it; answers what it wrote to standard output, or throws what it wrote at all. */
  run(...line: readonly string[]): Promise<string>;
  /** Answers every connection to these ports with these words. */
  serve(ports: Readonly<Record<number, string>>): Promise<void>;
  /** Who answers at each of these targets (`10.0.0.1 80`), or the code of the error. */
  dial(user: number, ...targets: readonly string[]): Promise<readonly string[]>;
}

/** A pod and somebody else, with a link between them. Needs root on Linux. */
export async function twoNamespaces(cleanUp: AsyncDisposableStack): Promise<{ pod: Namespace; peer: Namespace }> {
  const [pod, peer] = [await namespace(cleanUp), await namespace(cleanUp)];
  await pod.run('ip', 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(peer.pid));
  for (const [one, addresses] of [
    [pod, POD],
    [peer, PEER],
  ] as const) {
    await one.run('ip', 'link', 'set', 'lo', 'up');
    await one.run('ip', 'address', 'add', `${addresses.ipv4}/24`, 'dev', 'eth0');
    await one.run('ip', '-6', 'address', 'add', `${addresses.ipv6}/64`, 'dev', 'eth0', 'nodad');
    await one.run('ip', 'link', 'set', 'eth0', 'up');
  }
  return { pod, peer };
}

async function namespace(cleanUp: AsyncDisposableStack): Promise<Namespace> {
  const { pid } = await hold(cleanUp);
  const enter = ['--net', `--target=${pid}`, '--'];
  const run = async (...line: readonly string[]): Promise<string> => {
    const { exitCode, stdout, tail } = await runCommand('nsenter', [...enter, ...line]);
    if (exitCode !== 0) throw new Error(`${line.join(' ')}: ${tail}`);
    return stdout;
  };
  return {
    pid,
    run,
    serve: async (ports) => {
      const words = [process.execPath, ACTOR, 'serve', '0', JSON.stringify(ports)];
      const server = await startServer('nsenter', [...enter, ...words]);
      cleanUp.defer(async () => void (await server.process.stop(0)));
      await waitUntilServing('an actor', server, () => Promise.resolve(server.logs().includes('ready')), {
        timeoutMilliseconds: 10_000,
      });
    },
    dial: async (user, ...targets) =>
      JSON.parse(await run(process.execPath, ACTOR, 'dial', String(user), JSON.stringify(targets))) as string[],
  };
}

async function hold(cleanUp: AsyncDisposableStack): Promise<RunningProcess> {
  const ours = await readlink('/proc/self/ns/net');
  const holder = await startProcess({ command: 'unshare', args: ['--net', 'sleep', 'infinity'] });
  cleanUp.defer(async () => void (await holder.stop(0)));
  for (let tries = 0; tries < 500; tries += 1) {
    if ((await readlink(`/proc/${holder.pid}/ns/net`).catch(() => ours)) !== ours) return holder;
    await delay(5);
  }
  throw new Error('a network namespace cannot be made');
}
