import { systemClock } from '../../../operator/framework/index.ts';
import { CertificateAuthority, MemoryCaStore, type Secret } from '../../../operator/identity/index.ts';

/** A Secret as people and cert-manager make them, with a new root. */
export async function tlsSecret(name: string, namespace: string): Promise<Secret> {
  const store = new MemoryCaStore();
  await CertificateAuthority.open({ store, clock: systemClock, trustDomain: 'cluster.local' });
  const stored = await store.load();
  if (stored === undefined) throw new Error('no root was made');
  const { certificatePem, privateKeyPem } = stored.state.current;
  const files = { 'tls.crt': certificatePem, 'tls.key': privateKeyPem, 'ca.crt': certificatePem };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    type: 'kubernetes.io/tls',
    data: Object.fromEntries(Object.entries(files).map(([file, text]) => [file, Buffer.from(text).toString('base64')])),
  };
}

/** The root certificate in such a Secret, PEM. */
export function rootOf({ data }: Secret): string {
  return Buffer.from(data?.['tls.crt'] ?? '', 'base64').toString();
}
