import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Connection } from './connection.ts';

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Whether this process runs in a pod with a service account. */
export function isInCluster(env: NodeJS.ProcessEnv = process.env): boolean {
  return env['KUBERNETES_SERVICE_HOST'] !== undefined;
}

/**
 * The connection of a pod: its service account's token, which the kubelet renews and which is therefore read anew every
 * time. Throws when this is no pod.
 */
export async function inClusterConnection(
  env: NodeJS.ProcessEnv = process.env,
  directory: string = SERVICE_ACCOUNT,
): Promise<Connection> {
  const host = env['KUBERNETES_SERVICE_HOST'];
  const port = env['KUBERNETES_SERVICE_PORT'] ?? '443';
  if (host === undefined) throw new Error('not in a cluster: KUBERNETES_SERVICE_HOST is not set');
  const read = async (file: string): Promise<string> => (await readFile(join(directory, file), 'utf8')).trim();
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    namespace: await read('namespace').catch(() => 'default'),
    credentials: async () => {
      const [token, ca] = await Promise.all([read('token'), read('ca.crt')]);
      return { headers: { authorization: `Bearer ${token}` }, tls: { ca } };
    },
  };
}
