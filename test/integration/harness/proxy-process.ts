import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bootstrapFor, type ControlPlaneAddress, envoyArgs, rootsSecret, tokenSecret } from '@dot-kube/proxy/bootstrap';
import { envoyBinary } from '../../../operator/local/tools/envoy-binary.ts';
import { scratchDirectory } from '../../tools/scratch-directory.ts';
import { startServer, waitUntilServing } from '../../tools/server-process.ts';
import { unixHttp } from './unix-http.ts';

/** The user and the group that a pod's proxy runs as: what it sends itself is not redirected to it again. */
export const PROXY_USER = 1337;
export const PROXY_GROUP = 1337;

/** Which pod's proxy to start, and where its control plane is. */
export interface ProxyOptions {
  /** Tried in turn; the first is an operator's xDS port of 127.0.0.1, unless `controlPlanes` says otherwise. */
  readonly operatorPort?: number;
  readonly controlPlanes?: readonly ControlPlaneAddress[];
  /** Asked when the control plane does not answer; both are then reached as a product's proxy reaches them. Default: nobody. */
  readonly standby?: ControlPlaneAddress;
  /** What the control plane's certificate is verified with. */
  readonly rootsPem: string;
  /** The name that certificate must have. Default: `localhost`. */
  readonly serverName?: string;
  /** Bearer token bound to the pod: who the proxy is follows from it. */
  readonly token: string;
  /** What the proxy calls itself; the control plane does not believe it. */
  readonly proxyId: string;
  /** Process id of the holder of the network namespace to run in. Default: this process's namespace. */
  readonly networkOf?: number;
  /** Over what a proxy's bootstrap sets by itself. */
  readonly runtime?: Readonly<Record<string, string | number | boolean>>;
  /** What to wait for: `live`, everything of the start is there, or `started`, only the admin interface. Default: `live`. */
  readonly until?: 'live' | 'started';
  /** Default: `warning`, at which Envoy tells what it refuses. */
  readonly logLevel?: 'debug' | 'info' | 'warning' | 'error';
  /** How long access log lines are held back, milliseconds. Default: 10, so that tests see them at once. */
  readonly logFlushMs?: number;
  /** Default: 15 s. */
  readonly timeoutMilliseconds?: number;
}

/** A line of the access log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** A real Envoy that ends with this process. */
export interface ProxyProcess extends AsyncDisposable {
  readonly pid: number;
  /** The answer of the admin interface to `GET path`, such as `/clusters`. Throws when its status is not 200. */
  admin(path: string): Promise<string>;
  /** The same for what changes something: `POST /logging?level=debug`. */
  adminPost(path: string): Promise<string>;
  /** Value of a counter or gauge; 0 for one that has not been used. */
  stat(name: string): Promise<number>;
  /** Everything that it has in force, as one text: to look for a name or a value in. */
  configDump(): Promise<string>;
  /** Whether it answers that it is ready to take connections. */
  isLive(): Promise<boolean>;
  /** The end of its log. */
  logs(): string;
  /** Its access log so far. */
  logLines(): readonly LogLine[];
  /** Gives it another token, as the kubelet does. */
  setToken(token: string): Promise<void>;
  /** Gives it other roots for the control plane's certificate, likewise. */
  setRoots(pem: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** Ends it at once. */
  stop(): Promise<void>;
}

/** Starts the proxy of a pod: a real Envoy that connects to the control plane over TLS with the pod's token. */
export async function startProxy(options: ProxyOptions): Promise<ProxyProcess> {
  const directory = await scratchDirectory('proxy');
  const file = (name: string) => join(directory, name);
  const write = async (name: string, content: unknown) => {
    await writeFile(file(`${name}.new`), JSON.stringify(content), { mode: 0o644 });
    await rename(file(`${name}.new`), file(name));
  };
  const admin = file('admin.sock');
  await write('token.json', tokenSecret({ kind: 'inline', text: options.token }));
  await write('roots.json', rootsSecret({ kind: 'inline', text: options.rootsPem }));
  await write('bootstrap.json', bootstrapOf(options, directory, admin));
  const args = [
    ...envoyArgs({
      configPath: file('bootstrap.json'),
      logLevel: options.logLevel ?? 'warning',
      logFlushMs: options.logFlushMs ?? 10,
    }),
  ];
  const [command = '', ...rest] = [...asProxyOf(options.networkOf), await envoyBinary(), ...args];
  const server = await startServer(command, rest);
  const isLive = () =>
    unixHttp(admin, '/ready').then(
      (answer) => answer.startsWith('LIVE'),
      () => false,
    );
  const stop = async () => {
    await server.process.stop(0);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const ready = options.until === 'started' ? () => unixHttp(admin, '/server_info').then(() => true) : isLive;
    await waitUntilServing(`the proxy ${options.proxyId}`, server, ready, {
      timeoutMilliseconds: options.timeoutMilliseconds ?? 15_000,
      intervalMilliseconds: 20,
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    pid: server.process.pid,
    admin: (path) => unixHttp(admin, path),
    adminPost: (path) => unixHttp(admin, path, 'POST'),
    stat: async (name) => statValue(await unixHttp(admin, `/stats?filter=${encodeURIComponent(exactly(name))}`), name),
    configDump: () => unixHttp(admin, '/config_dump?include_eds'),
    isLive,
    logs: server.logs,
    logLines: () => logLines(server.logs()),
    setRoots: (pem) => write('roots.json', rootsSecret({ kind: 'inline', text: pem })),
    setToken: (token) => write('token.json', tokenSecret({ kind: 'inline', text: token })),
    kill: (signal) => server.process.kill(signal),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function bootstrapOf(options: ProxyOptions, directory: string, admin: string) {
  const { controlPlanes, operatorPort = 0, proxyId, serverName = 'localhost', standby } = options;
  const common = {
    kind: 'tls',
    serverNames: [{ kind: 'dns', value: serverName }],
    roots: { path: join(directory, 'roots.json') },
    token: { path: join(directory, 'token.json') },
  } as const;
  return bootstrapFor({
    node: { id: proxyId, cluster: proxyId },
    admin: { kind: 'pipe', path: admin },
    controlPlane: {
      ...common,
      addresses: controlPlanes ?? [{ host: '127.0.0.1', port: operatorPort }],
      ...(standby === undefined ? { reconnectMs: { base: 50, max: 500 } } : {}),
    },
    ...(standby === undefined ? {} : { standby: { ...common, addresses: [standby] } }),
    ...(options.runtime === undefined ? {} : { runtime: options.runtime }),
  });
}

/**
 * Into the network namespace, as the user and group of proxies, who may still read our files; the process stays the same, and ends
 * with this one.
 */
export function asProxyOf(networkOf: number | undefined): readonly string[] {
  if (networkOf === undefined) return [];
  const enter = ['nsenter', `--net=/proc/${networkOf}/ns/net`, '--'];
  const who = ['--reuid', String(PROXY_USER), '--regid', String(PROXY_GROUP), '--clear-groups'];
  const may = ['--inh-caps', '-all,+dac_override', '--ambient-caps', '-all,+dac_override'];
  return [...enter, 'setpriv', ...who, ...may, '--pdeathsig', 'KILL', '--'];
}

function exactly(name: string): string {
  return `^${name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}$`;
}

/** Lines are `name: value`, and the name may hold colons. */
function statValue(lines: string, name: string): number {
  const line = lines.split('\n').find((found) => found.startsWith(`${name}: `));
  return line === undefined ? 0 : Number(line.slice(name.length + 2));
}

function logLines(logs: string): readonly LogLine[] {
  return logs
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line) as LogLine);
}
