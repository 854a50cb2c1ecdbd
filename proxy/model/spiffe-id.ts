/**
 * A workload's identity: `spiffe://<trust domain>/ns/<namespace>/sa/<service account>`.
 * Source: https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE-ID.md
 */
export interface SpiffeId {
  readonly trustDomain: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** The URI that stands in a certificate's subject alternative name. */
export function formatSpiffeId(id: SpiffeId): string {
  return `spiffe://${id.trustDomain}/ns/${id.namespace}/sa/${id.serviceAccount}`;
}

/** Reads a URI of exactly the form that {@link formatSpiffeId} writes; anything else is `undefined`. */
export function parseSpiffeId(uri: string): SpiffeId | undefined {
  if (!uri.startsWith('spiffe://')) return undefined;
  const parts = uri.slice('spiffe://'.length).split('/');
  const [trustDomain, ns, namespace, sa, serviceAccount] = parts;
  if (parts.length !== 5 || ns !== 'ns' || sa !== 'sa') return undefined;
  if (!trustDomain || !namespace || !serviceAccount) return undefined;
  return { trustDomain, namespace, serviceAccount };
}

/** Orders identities by their URI, so that generated matchers do not depend on the order of their input. */
export function compareSpiffeIds(a: SpiffeId, b: SpiffeId): number {
  const left = formatSpiffeId(a);
  const right = formatSpiffeId(b);
  return left < right ? -1 : left > right ? 1 : 0;
}
