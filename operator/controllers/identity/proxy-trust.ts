import { createHash } from 'node:crypto';
import { IDENTITY_SECRET, ROOTS_SECRET } from '@dot-kube/proxy/envoy';
import { type EntryRef, type ResourceCache, typeUrls, type XdsServer } from '@dot-kube/proxy/xds';
import type { CertificateAuthority } from '../../identity/index.ts';
import { layers } from '../mesh/entry.ts';
import type { ProxyTrust } from './decide-root-change.ts';

/** Where it is known what proxies have. */
export interface ProxyTrustSource {
  readonly server: Pick<XdsServer, 'connected' | 'connection' | 'uses' | 'ackedRevision'>;
  readonly cache: Pick<ResourceCache, 'revisionOf'>;
  /** Ids of the proxies that run, as far as the API tells. */
  readonly expected: () => Iterable<string>;
}

/** What is trusted and what signs, by name. */
export interface RootNames {
  readonly bundle: string;
  readonly signing: string;
}

/** How the proxies of one replica stand in a change of the root, as it says itself: of the roots that it has. */
export interface ReplicaTrust extends RootNames {
  /** Connected proxies that have not acknowledged the trust bundle; the newest certificate. Sorted. */
  readonly withoutBundle: readonly string[];
  readonly withoutCertificate: readonly string[];
  /** Certificates in use there that another root than `signing` has signed. */
  readonly signedByOthers: number;
}

/** Another replica, as far as it is known. */
export interface OtherReplica {
  readonly connected: ReadonlySet<string>;
  readonly trust?: ReplicaTrust | undefined;
}

/** The names of an authority's roots, the same on every replica. */
export function rootNames(authority: Pick<CertificateAuthority, 'signingRoot' | 'trustBundle'>): RootNames {
  const bundle = createHash('sha256').update(authority.trustBundle.pem).digest('hex');
  return { bundle, signing: authority.signingRoot };
}

/** What this replica says while no change is under way, of which nobody has to know more. */
export function stableTrust(roots: RootNames): ReplicaTrust {
  return { ...roots, withoutBundle: [], withoutCertificate: [], signedByOthers: 0 };
}

/** What this replica says of its own proxies. */
export function replicaTrust(
  source: Omit<ProxyTrustSource, 'expected'>,
  roots: RootNames,
  signedByOthers: number,
): ReplicaTrust {
  const trusts = proxyTrusts({ ...source, expected: () => [] });
  const without = (has: (trust: ProxyTrust) => boolean): readonly string[] =>
    trusts.filter((trust) => !has(trust)).map(({ id }) => id);
  return {
    ...roots,
    withoutBundle: without(({ hasBundle }) => hasBundle),
    withoutCertificate: without(({ hasCertificate }) => hasCertificate),
    signedByOthers,
  };
}

/** The same with what other replicas say of proxies that are connected there. Of other roots than ours they say nothing. */
export function withReplicas(
  trusts: readonly ProxyTrust[],
  others: readonly OtherReplica[],
  roots: RootNames,
): readonly ProxyTrust[] {
  const byId = new Map(trusts.map((trust) => [trust.id, trust]));
  for (const { connected, trust } of others) {
    const withoutBundle = new Set(trust?.bundle === roots.bundle ? trust.withoutBundle : connected);
    const withoutCertificate = new Set(trust?.signing === roots.signing ? trust.withoutCertificate : connected);
    for (const id of connected) {
      if (byId.get(id)?.connected === true) continue;
      const hasBundle = !withoutBundle.has(id);
      byId.set(id, { id, connected: true, hasBundle, hasCertificate: !withoutCertificate.has(id) });
    }
  }
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Certificates in use on other replicas that the signing root has not signed; at least one where that is not known. */
export function signedElsewhere(others: readonly OtherReplica[], { signing }: Pick<RootNames, 'signing'>): number {
  return others.reduce((sum, { trust }) => sum + (trust?.signing === signing ? trust.signedByOthers : 1), 0);
}

/** What every proxy has of the mesh's certificates: those that are connected and those that should be. */
export function proxyTrusts(source: ProxyTrustSource): readonly ProxyTrust[] {
  const { server, expected } = source;
  const ids = new Set([...server.connected(), ...expected()]);
  return [...ids].sort().map((id) => {
    const connection = server.connection(id);
    if (connection === undefined) return { id, connected: false, hasBundle: false, hasCertificate: false };
    const own = connection.layers.filter((layer) => layer.startsWith(layers.identity('')));
    return {
      id,
      connected: true,
      hasBundle: has(source, id, secret(layers.mesh, ROOTS_SECRET)),
      hasCertificate: own.every((layer) => has(source, id, secret(layer, IDENTITY_SECRET))),
    };
  });
}

function secret(layer: string, name: string): EntryRef {
  return { layer, type: typeUrls.secret, name };
}

/** One that does not use a secret gets the present one when it does. */
function has({ server, cache }: ProxyTrustSource, id: string, entry: EntryRef): boolean {
  return !server.uses(id, entry) || server.ackedRevision(id, entry) >= (cache.revisionOf(entry) ?? 0);
}
