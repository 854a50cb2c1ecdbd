import { writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { freePort } from '../tools/free-port.ts';
import { type ServerProcess, startServer, waitUntilServing } from '../tools/server-process.ts';
import { generateSigningKey, type KeyPair, type TestAuthority } from './certificates.ts';

/** A kube-apiserver on a port of 127.0.0.1. */
export interface ApiServer extends ServerProcess {
  readonly url: string;
}

/** The first address of the service range is the API server's own Service. */
export const SERVICE_CIDR = '10.96.0.0/16';
const SERVICE_ADDRESS = '10.96.0.1';
const NAMES = [
  'localhost',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
];

/** What every API server is started with. */
export interface ApiServerFiles {
  readonly args: readonly string[];
  /** Path of the key that signs service account tokens. */
  readonly signingKey: string;
  /** Path of the authority's certificate. */
  readonly authority: string;
}

/** Writes the files of an API server that is reached at `addresses` into `directory`, and returns the flags that go with them. */
export async function writeApiServerFiles(
  directory: string,
  etcdUrl: string,
  authority: TestAuthority,
  addresses: readonly string[],
): Promise<ApiServerFiles> {
  const serving = await authority.server(NAMES, [...addresses, SERVICE_ADDRESS]);
  const file = async (name: string, content: string) => {
    const path = join(directory, name);
    await writeFile(path, content, { mode: 0o600 });
    return path;
  };
  const signing = generateSigningKey();
  const authorityFile = await file('authority.crt', authority.certificate);
  const signingKey = await file('service-accounts.key', signing.privateKey);
  const args = [
    `--etcd-servers=${etcdUrl}`,
    `--tls-cert-file=${await file('api-server.crt', serving.certificate)}`,
    `--tls-private-key-file=${await file('api-server.key', serving.key)}`,
    `--client-ca-file=${authorityFile}`,
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${await file('service-accounts.pub', signing.publicKey)}`,
    `--service-account-signing-key-file=${signingKey}`,
    `--service-cluster-ip-range=${SERVICE_CIDR}`,
    '--allow-privileged=true',
    '--profiling=false',
  ];
  return { args, signingKey, authority: authorityFile };
}

/** Starts kube-apiserver with its files in `directory`; it is not ready yet. `args` come after our own and override them. */
export async function startApiServer(
  program: string,
  directory: string,
  etcdUrl: string,
  authority: TestAuthority,
  args: readonly string[],
): Promise<ApiServer> {
  const files = await writeApiServerFiles(directory, etcdUrl, authority, ['127.0.0.1']);
  const port = await freePort();
  const server = await startServer(program, [
    ...files.args,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    '--authorization-mode=RBAC',
    // A loopback address is no endpoint of the Service `kubernetes`.
    '--endpoint-reconciler-type=none',
    // No controller makes the service account `default`, which this one asks of every pod.
    '--disable-admission-plugins=ServiceAccount',
    ...args,
  ]);
  return { ...server, url: `https://127.0.0.1:${port}` };
}

/** Waits until the API server says that it is ready and has made the default namespace. */
export async function waitForApiServer(
  server: ApiServer,
  authority: string,
  client: KeyPair,
  timeoutMilliseconds: number,
): Promise<void> {
  using readiness = apiServerReadiness(server.url, authority, client);
  await waitUntilServing('kube-apiserver', server, readiness.ready, { timeoutMilliseconds });
}

/** Asks an API server whether it is ready and has made the default namespace. */
export interface ApiServerReadiness extends Disposable {
  /** Rejects when there is no answer. */
  readonly ready: () => Promise<boolean>;
}

/** Asks the API server at `url` as `client`. */
export function apiServerReadiness(url: string, authority: string, client: KeyPair): ApiServerReadiness {
  const agent = new Agent({ ca: authority, cert: client.certificate, key: client.key, keepAlive: true });
  const ok = (path: string) =>
    new Promise<boolean>((resolve, reject) => {
      const sent = request(new URL(path, url), { agent, timeout: 2_000 }, (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      });
      sent.once('timeout', () => sent.destroy(new Error('no answer within 2 s')));
      sent.once('error', reject);
      sent.end();
    });
  return {
    ready: async () => (await ok('/readyz')) && (await ok('/api/v1/namespaces/default')),
    [Symbol.dispose]: () => agent.destroy(),
  };
}
