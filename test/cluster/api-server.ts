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
const SERVICE_CIDR = '10.96.0.0/16';
const SERVICE_ADDRESS = '10.96.0.1';
const NAMES = [
  'localhost',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
];

/** Starts kube-apiserver with its files in `directory`; it is not ready yet. `args` come after our own and override them. */
export async function startApiServer(
  program: string,
  directory: string,
  etcdUrl: string,
  authority: TestAuthority,
  args: readonly string[],
): Promise<ApiServer> {
  const serving = await authority.server(NAMES, ['127.0.0.1', SERVICE_ADDRESS]);
  const file = async (name: string, content: string) => {
    const path = join(directory, name);
    await writeFile(path, content, { mode: 0o600 });
    return path;
  };
  const signing = generateSigningKey();
  const port = await freePort();
  const server = await startServer(program, [
    `--etcd-servers=${etcdUrl}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--tls-cert-file=${await file('api-server.crt', serving.certificate)}`,
    `--tls-private-key-file=${await file('api-server.key', serving.key)}`,
    `--client-ca-file=${await file('authority.crt', authority.certificate)}`,
    '--authorization-mode=RBAC',
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${await file('service-accounts.pub', signing.publicKey)}`,
    `--service-account-signing-key-file=${await file('service-accounts.key', signing.privateKey)}`,
    `--service-cluster-ip-range=${SERVICE_CIDR}`,
    '--allow-privileged=true',
    // A loopback address is no endpoint of the Service `kubernetes`.
    '--endpoint-reconciler-type=none',
    // No controller makes the service account `default`, which this one asks of every pod.
    '--disable-admission-plugins=ServiceAccount',
    '--profiling=false',
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
  const agent = new Agent({ ca: authority, cert: client.certificate, key: client.key, keepAlive: true });
  const ok = (path: string) =>
    new Promise<boolean>((resolve, reject) => {
      const sent = request(new URL(path, server.url), { agent, timeout: 2_000 }, (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      });
      sent.once('timeout', () => sent.destroy(new Error('no answer within 2 s')));
      sent.once('error', reject);
      sent.end();
    });
  const ready = async () => (await ok('/readyz')) && (await ok('/api/v1/namespaces/default'));
  try {
    await waitUntilServing('kube-apiserver', server, ready, { timeoutMilliseconds });
  } finally {
    agent.destroy();
  }
}
