import { stringify } from 'yaml';
import type { KeyPair } from './certificates.ts';

/** A kubeconfig with everything inside: no files beside it. */
export function kubeconfigYaml(server: string, authority: string, client: KeyPair): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority-data': base64(authority) } }],
    users: [
      {
        name: 'test',
        user: { 'client-certificate-data': base64(client.certificate), 'client-key-data': base64(client.key) },
      },
    ],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
  });
}

function base64(pem: string): string {
  return Buffer.from(pem).toString('base64');
}
