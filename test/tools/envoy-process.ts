import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { envoyBinary } from '../../operator/local/tools/envoy-binary.ts';
import { scratchDirectory } from './scratch-directory.ts';
import { startServer, waitUntilServing } from './server-process.ts';

/** What to start. */
export interface EnvoyOptions {
  /** Envoy's bootstrap in its JSON form; `admin` is added: a free port of 127.0.0.1. */
  readonly bootstrap: Readonly<Record<string, unknown>>;
  /** Worker threads; default 1. */
  readonly concurrency?: number;
  /** Default `warning`, at which Envoy tells what it refuses. */
  readonly logLevel?: 'trace' | 'debug' | 'info' | 'warning' | 'error';
  /** More command line flags, such as `--component-log-level upstream:debug`. */
  readonly args?: readonly string[];
  /** What to wait for: `live` (all clusters and listeners of the start are there) or only the admin port. Default `live`. */
  readonly until?: 'live' | 'admin';
  /** Default 10 s. */
  readonly timeoutMilliseconds?: number;
}

/** A real Envoy that ends with this process. */
export interface EnvoyProcess extends AsyncDisposable {
  readonly pid: number;
  /** `127.0.0.1:port` of the admin interface. */
  readonly adminAddress: string;
  /** The answer of the admin interface to `GET path`, such as `/clusters`. Throws when its status is not 200. */
  admin(path: string): Promise<string>;
  /** The same for what changes something: `POST /logging?level=debug`. */
  adminPost(path: string): Promise<string>;
  /** Value of a counter or gauge; 0 for one that has not been used. */
  stat(name: string): Promise<number>;
  /** Address (`127.0.0.1:port`) of each listener, by name: the real ports of those with port 0. */
  listeners(): Promise<ReadonlyMap<string, string>>;
  /** The end of its log. */
  logs(): string;
  /** Ends it at once. */
  stop(): Promise<void>;
}

/** Starts Envoy. Throws with the end of its log when it refuses the bootstrap or is not there in time. */
export async function startEnvoy(options: EnvoyOptions): Promise<EnvoyProcess> {
  const program = await envoyBinary();
  const directory = await scratchDirectory('envoy');
  const bootstrapFile = join(directory, 'bootstrap.json');
  const addressFile = join(directory, 'admin-address');
  const admin = { address: { socket_address: { address: '127.0.0.1', port_value: 0 } } };
  await writeFile(bootstrapFile, JSON.stringify({ ...options.bootstrap, admin }), { mode: 0o600 });
  const server = await startServer(program, [
    '--config-path',
    bootstrapFile,
    '--admin-address-path',
    addressFile,
    '--concurrency',
    String(options.concurrency ?? 1),
    '--log-level',
    options.logLevel ?? 'warning',
    // Hot restart shares memory between all Envoys of a machine that have the same base id.
    '--disable-hot-restart',
    ...(options.args ?? []),
  ]);
  const stop = async () => {
    await server.process.stop(0);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const ready = async () => {
      const address = await readFile(addressFile, 'utf8');
      return options.until === 'admin' ? address !== '' : (await fetchAdmin(address, '/ready')).startsWith('LIVE');
    };
    const waiting = { timeoutMilliseconds: options.timeoutMilliseconds ?? 10_000, intervalMilliseconds: 10 };
    await waitUntilServing('envoy', server, ready, waiting);
    const adminAddress = await readFile(addressFile, 'utf8');
    const get = (path: string) => fetchAdmin(adminAddress, path);
    return {
      pid: server.process.pid,
      adminAddress,
      admin: get,
      adminPost: (path) => fetchAdmin(adminAddress, path, 'POST'),
      stat: async (name) => statValue(await get(`/stats?filter=${encodeURIComponent(exactly(name))}`), name),
      listeners: async () => listenerAddresses(await get('/listeners')),
      logs: server.logs,
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function fetchAdmin(address: string, path: string, method = 'GET'): Promise<string> {
  const response = await fetch(`http://${address}${path}`, { method });
  const body = await response.text();
  if (response.status !== 200) throw new Error(`${method} ${path} of Envoy's admin: ${response.status} ${body}`);
  return body;
}

function exactly(name: string): string {
  return `^${name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}$`;
}

/** Lines are `name: value`, and the name may hold colons. */
function statValue(lines: string, name: string): number {
  const line = lines.split('\n').find((found) => found.startsWith(`${name}: `));
  return line === undefined ? 0 : Number(line.slice(name.length + 2));
}

/** Lines are `name::address`. */
function listenerAddresses(lines: string): ReadonlyMap<string, string> {
  return new Map(
    lines
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const at = line.lastIndexOf('::');
        return [line.slice(0, at), line.slice(at + 2)];
      }),
  );
}
