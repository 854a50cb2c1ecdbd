import { readlink, rm } from 'node:fs/promises';
import {
  Agent,
  type AgentOptions,
  createServer as createHttpServer,
  type RequestListener,
  type Server,
} from 'node:http';
import { connect, createServer, type Server as NetServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { type Duplex, PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { runCommand } from '../../../operator/local/tools/command.ts';
import { type RunningProcess, startProcess } from '../../tools/process.ts';
import { scratchDirectory } from '../../tools/scratch-directory.ts';
import { startServer, waitUntilServing } from '../../tools/server-process.ts';
import { PROXY_GROUP } from './proxy-process.ts';
import { redirect } from './redirection.ts';

/** Redirects the connections of a pod to its proxy; `enter` is a command line that runs others in the pod's network namespace. */
export type CapturePod = (enter: readonly [string, ...string[]]) => Promise<void>;

const PORTS = { inboundPort: 15_006, outboundPort: 15_001, exceptGroup: PROXY_GROUP } as const;

/**
 * A node's network on this machine: pods with addresses and network namespaces of their own, whose TCP connections are
 * redirected to their proxies as in a cluster. Needs root on Linux. All of it ends with this process, however it ends.
 */
export class PodNetwork implements AsyncDisposable {
  /** Where pods reach what listens on this machine. */
  readonly hostAddress: string;
  /** Whether pods have an IPv6 address beside the other; then `capture` has to redirect both. */
  readonly hasIpv6: boolean;
  readonly #prefix: string;
  readonly #node: RunningProcess;
  readonly #capture: CapturePod;
  readonly #pods: NetworkPod[] = [];

  private constructor(prefix: string, node: RunningProcess, capture: CapturePod, hasIpv6: boolean) {
    this.hasIpv6 = hasIpv6;
    this.hostAddress = `${prefix}.1`;
    this.#prefix = prefix;
    this.#node = node;
    this.#capture = capture;
  }

  /** `capture` defaults to rules that need no tool to be installed. */
  static async create(
    capture: CapturePod = (enter) => redirect(enter, PORTS),
    { hasIpv6 = false }: { readonly hasIpv6?: boolean } = {},
  ): Promise<PodNetwork> {
    const prefix = await freePrefix();
    const node = await holdNamespace();
    const network = new PodNetwork(prefix, node, capture, hasIpv6);
    const link = `dk${process.pid.toString(36)}${prefix.split('.')[2]}`;
    try {
      await inside(node, 'ip', 'link', 'add', 'bridge', 'type', 'bridge');
      await inside(node, 'ip', 'link', 'set', 'bridge', 'up');
      // Both ends of a pair go when the namespace of one goes.
      await run('ip', 'link', 'add', link, 'type', 'veth', 'peer', 'name', 'host', 'netns', String(node.pid));
      await inside(node, 'ip', 'link', 'set', 'host', 'master', 'bridge', 'up');
      await run('ip', 'address', 'add', `${network.hostAddress}/24`, 'dev', link);
      await run('ip', 'link', 'set', link, 'up');
      return network;
    } catch (error) {
      await network.stop();
      throw error;
    }
  }

  /** The address of the pod with this number, from 2 to 254. */
  address(number: number): string {
    return `${this.#prefix}.${number}`;
  }

  /** Its IPv6 address, which other pods reach, but nothing outside of this network. */
  ipv6Address(number: number): string {
    return `fd44:${this.#prefix.split('.')[2]}::${number.toString(16)}`;
  }

  /** A pod's network, in which nothing runs yet but what the test does as its application. */
  async pod(number: number): Promise<NetworkPod> {
    const holder = await holdNamespace();
    const name = `pod${number}`;
    await inside(
      this.#node,
      'ip',
      'link',
      'add',
      name,
      'type',
      'veth',
      'peer',
      'name',
      'eth0',
      'netns',
      String(holder.pid),
    );
    await inside(this.#node, 'ip', 'link', 'set', name, 'master', 'bridge', 'up');
    await inside(holder, 'ip', 'link', 'set', 'lo', 'up');
    await inside(holder, 'ip', 'address', 'add', `${this.address(number)}/24`, 'dev', 'eth0');
    await inside(holder, 'ip', 'link', 'set', 'eth0', 'up');
    await inside(holder, 'ip', 'route', 'add', 'default', 'via', this.hostAddress);
    if (this.hasIpv6) {
      await inside(holder, 'ip', '-6', 'address', 'add', `${this.ipv6Address(number)}/64`, 'dev', 'eth0', 'nodad');
      await inside(holder, 'ip', '-6', 'route', 'add', 'default', 'dev', 'eth0');
    }
    await this.#capture(enter(holder));
    const pod = await NetworkPod.start(this.address(number), holder, this.hasIpv6 ? this.ipv6Address(number) : '');
    this.#pods.push(pod);
    return pod;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#pods.map((pod) => pod.stop()));
    await this.#node.stop(0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** A pod's network namespace. What is done here is done as its application. */
export class NetworkPod {
  readonly ip: string;
  /** Empty in a network that has none. */
  readonly ipv6: string;
  readonly #holder: RunningProcess;
  readonly #relay: RunningProcess;
  readonly #directory: string;
  readonly #servers: (Server | NetServer)[] = [];
  readonly #sockets = new Set<Socket>();

  private constructor(ip: string, ipv6: string, holder: RunningProcess, relay: RunningProcess, directory: string) {
    this.ip = ip;
    this.ipv6 = ipv6;
    this.#holder = holder;
    this.#relay = relay;
    this.#directory = directory;
  }

  static async start(ip: string, holder: RunningProcess, ipv6 = ''): Promise<NetworkPod> {
    const directory = await scratchDirectory('pod');
    const relay = join(import.meta.dirname, 'pod-relay.ts');
    const [command, ...args] = [...enter(holder), process.execPath, relay, join(directory, 'control.sock')];
    const server = await startServer(command, args);
    await waitUntilServing('the relay of a pod', server, () => Promise.resolve(server.logs().includes('ready')), {
      timeoutMilliseconds: 10_000,
      intervalMilliseconds: 10,
    });
    return new NetworkPod(ip, ipv6, holder, server.process, directory);
  }

  /** For `networkOf` of a proxy. */
  get holderPid(): number {
    return this.#holder.pid;
  }

  /** A TCP connection as the application makes it. Throws what the application would be told. */
  async connect(host: string, port: number): Promise<Socket> {
    return this.#order({ kind: 'connect', host, port });
  }

  /** For HTTP clients: `request({ agent: pod.agent(), host: '10.96.0.7', port: 80 })` calls as the application. */
  agent(options: AgentOptions = {}): Agent {
    return new PodAgent(this, options);
  }

  /** Serves HTTP as the application, on all addresses of the pod or on `host`. */
  async serveHttp(port: number, listener: RequestListener, host = '0.0.0.0'): Promise<void> {
    await this.#serve(createHttpServer(listener), port, host);
  }

  /** Serves TCP as the application. */
  async serveTcp(port: number, listener: (socket: Socket) => void, host = '0.0.0.0'): Promise<void> {
    await this.#serve(createServer(listener), port, host);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    for (const server of this.#servers) {
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
    }
    await this.#relay.stop(0);
    await this.#holder.stop(0);
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #serve(server: Server | NetServer, port: number, host: string): Promise<void> {
    const socket = join(this.#directory, `${port}.sock`);
    this.#servers.push(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(socket, resolve);
    });
    await this.#order({ kind: 'listen', host, port, socket });
  }

  async #order(order: unknown): Promise<Socket> {
    const socket = connect(join(this.#directory, 'control.sock'));
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', () => {});
    socket.write(`${JSON.stringify(order)}\n`);
    const answer = await firstLine(socket);
    if (answer === 'ok') return socket;
    socket.destroy();
    throw new Error(answer);
  }
}

class PodAgent extends Agent {
  readonly #pod: NetworkPod;

  constructor(pod: NetworkPod, options: AgentOptions) {
    super(options);
    this.#pod = pod;
  }

  override createConnection(
    { host = '', port = 80 }: { readonly host?: string | null; readonly port?: number | string | null },
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const tell = async (): Promise<void> => {
      try {
        callback?.(null, await this.#pod.connect(host ?? '', Number(port)));
      } catch (error) {
        callback?.(error as Error, new PassThrough());
      }
    };
    void tell();
  }
}

/** Reads up to the first line break and no further. */
function firstLine(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let line = '';
    const done = (): void => {
      socket.off('readable', look);
      resolve(line);
    };
    const look = (): void => {
      for (let byte = socket.read(1) as Buffer | null; byte !== null; byte = socket.read(1) as Buffer | null) {
        if (byte[0] === 10) return done();
        line += byte.toString('latin1');
      }
    };
    socket.on('readable', look);
    socket.once('close', done);
  });
}

/** A network namespace lives as long as a process in it. */
async function holdNamespace(): Promise<RunningProcess> {
  const ours = await readlink('/proc/self/ns/net');
  const holder = await startProcess({ command: 'unshare', args: ['--net', 'sleep', 'infinity'] });
  for (let tries = 0; tries < 500; tries += 1) {
    if ((await readlink(`/proc/${holder.pid}/ns/net`).catch(() => ours)) !== ours) return holder;
    await delay(5);
  }
  await holder.stop(0);
  throw new Error('a network namespace cannot be made: root is needed, on Linux');
}

function enter(holder: RunningProcess): readonly [string, ...string[]] {
  return ['nsenter', `--net=/proc/${holder.pid}/ns/net`, '--'];
}

function inside(holder: RunningProcess, ...line: readonly string[]): Promise<string> {
  return run(...enter(holder), ...line);
}

async function run(...line: readonly string[]): Promise<string> {
  const [command = '', ...args] = line;
  const { exitCode, stdout, tail } = await runCommand(command, args);
  if (exitCode !== 0) throw new Error(`${line.join(' ')}: ${tail}`);
  return stdout;
}

/** `10.244.x` that no interface of this machine has yet; another per process, as several may look at once. */
async function freePrefix(): Promise<string> {
  const taken = await run('ip', '-oneline', '-4', 'address');
  for (let tries = 0; tries < 250; tries += 1) {
    const prefix = `10.244.${2 + ((process.pid + tries) % 250)}`;
    if (!taken.includes(` ${prefix}.`)) return prefix;
  }
  throw new Error('all of 10.244.0.0/16 is in use on this machine');
}
