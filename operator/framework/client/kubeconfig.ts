import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { parse } from 'yaml';
import { fieldOf, isJsonObject, type JsonObject } from '../api/json.ts';
import type { Connection, Credentials, TlsMaterial } from './connection.ts';
import { inClusterConnection, isInCluster } from './in-cluster.ts';

/** Which kubeconfig, and which of its contexts. */
export interface KubeconfigOptions {
  /** Default: `KUBECONFIG`, then `~/.kube/config`, then the pod's own service account. */
  readonly path?: string;
  /** Default: the current one. */
  readonly context?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** The user fields that need no plugin; anything else is left to `@kubernetes/client-node`. */
const PLAIN_USER_FIELDS: ReadonlySet<string> = new Set([
  'client-certificate',
  'client-certificate-data',
  'client-key',
  'client-key-data',
  'token',
  'tokenFile',
  'username',
  'password',
]);

/**
 * The connection that a kubeconfig describes, as kubectl would make it. Certificates and tokens are read here; for exec
 * plugins, auth providers, proxies and several files at once `@kubernetes/client-node` is loaded, which takes a second.
 */
export async function kubeconfigConnection(options: KubeconfigOptions = {}): Promise<Connection> {
  const env = options.env ?? process.env;
  const configured = options.path ?? env['KUBECONFIG'];
  const path = configured ?? join(homedir(), '.kube', 'config');
  if (path.includes(delimiter) && options.path === undefined) return pluginConnection(options, undefined);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (configured === undefined && isInCluster(env)) return inClusterConnection(env);
    throw new Error(`cannot read the kubeconfig ${path}`, { cause });
  }
  const { server, namespace, cluster, user } = pick(parsed(text, path), path, options.context);
  const isPlain = Object.keys(user).every((field) => PLAIN_USER_FIELDS.has(field));
  if (!isPlain || cluster['proxy-url'] !== undefined) return pluginConnection(options, path);
  const directory = dirname(path);
  return { server, namespace, credentials: () => plainCredentials(cluster, user, directory) };
}

function parsed(text: string, path: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw new Error(`the kubeconfig ${path} is not YAML`, { cause });
  }
}

function pick(config: unknown, path: string, wanted: string | undefined) {
  const contextName = wanted ?? textOf(config, 'current-context');
  if (contextName === undefined) throw new Error(`the kubeconfig ${path} has no current-context`);
  const context = named(config, 'contexts', contextName, 'context', path);
  const cluster = named(config, 'clusters', textOf(context, 'cluster') ?? '', 'cluster', path);
  const user = context['user'] === undefined ? {} : named(config, 'users', textOf(context, 'user') ?? '', 'user', path);
  const server = textOf(cluster, 'server');
  if (server === undefined) throw new Error(`the cluster of context ${contextName} in ${path} has no server`);
  return { server, namespace: textOf(context, 'namespace') ?? 'default', cluster, user };
}

function named(config: unknown, list: string, name: string, field: string, path: string): JsonObject {
  const items = fieldOf(config, list);
  const item = Array.isArray(items) ? items.find((entry) => fieldOf(entry, 'name') === name) : undefined;
  const value = fieldOf(item, field);
  if (!isJsonObject(value)) throw new Error(`the kubeconfig ${path} has no ${field} ${JSON.stringify(name)}`);
  return value;
}

async function plainCredentials(cluster: JsonObject, user: JsonObject, directory: string): Promise<Credentials> {
  const read = (path: string): Promise<string> => readFile(isAbsolute(path) ? path : join(directory, path), 'utf8');
  const pem = async (from: JsonObject, name: string): Promise<string | undefined> => {
    const data = textOf(from, `${name}-data`);
    if (data !== undefined) return Buffer.from(data, 'base64').toString('utf8');
    const path = textOf(from, name);
    return path === undefined ? undefined : read(path);
  };
  const [ca, cert, key] = await Promise.all([
    pem(cluster, 'certificate-authority'),
    pem(user, 'client-certificate'),
    pem(user, 'client-key'),
  ]);
  const tokenFile = textOf(user, 'tokenFile');
  const token = tokenFile === undefined ? textOf(user, 'token') : (await read(tokenFile)).trim();
  return {
    headers: authorization(token, textOf(user, 'username'), textOf(user, 'password')),
    tls: tlsMaterial(ca, cert, key, textOf(cluster, 'tls-server-name'), cluster['insecure-skip-tls-verify'] === true),
  };
}

function authorization(token?: string, username?: string, password = ''): Record<string, string> {
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  if (username === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

function tlsMaterial(ca?: string, cert?: string, key?: string, servername?: string, insecure = false): TlsMaterial {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(servername === undefined ? {} : { servername }),
    ...(insecure ? { rejectUnauthorized: false } : {}),
  };
}

/** The connection as client-node makes it, which knows exec plugins and auth providers. */
async function pluginConnection(options: KubeconfigOptions, path: string | undefined): Promise<Connection> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  if (path === undefined) config.loadFromDefault();
  else config.loadFromFile(path);
  if (options.context !== undefined) config.setCurrentContext(options.context);
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error('the kubeconfig has no cluster for its current context');
  const namespace = config.getContextObject(config.getCurrentContext())?.namespace ?? 'default';
  return {
    server: cluster.server,
    namespace,
    credentials: async () => {
      const https: PluginOptions = {};
      await config.applyToHTTPSOptions(https as Parameters<typeof config.applyToHTTPSOptions>[0]);
      const { ca, cert, key, servername, rejectUnauthorized, auth } = https;
      const [username, password] = auth === undefined ? [] : auth.split(':', 2);
      const headers = { ...authorization(undefined, username, password), ...https.headers };
      const tls = tlsMaterial(
        ca?.toString(),
        cert?.toString(),
        key?.toString(),
        servername,
        rejectUnauthorized === false,
      );
      return { headers: lowerCased(headers), tls };
    },
  };
}

/** The fields that client-node sets among the options of a request. */
interface PluginOptions {
  readonly headers?: Record<string, string>;
  readonly ca?: Buffer | string;
  readonly cert?: Buffer | string;
  readonly key?: Buffer | string;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
  readonly auth?: string;
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function textOf(object: unknown, field: string): string | undefined {
  const value = fieldOf(object, field);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
