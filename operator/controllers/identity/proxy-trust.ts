import { IDENTITY_SECRET, ROOTS_SECRET } from '@dot-kube/proxy/envoy';
import { type EntryRef, type ResourceCache, typeUrls, type XdsServer } from '@dot-kube/proxy/xds';
import { layers } from '../mesh/entry.ts';
import type { ProxyTrust } from './decide-root-change.ts';

/** Where it is known what proxies have. */
export interface ProxyTrustSource {
  readonly server: Pick<XdsServer, 'connected' | 'connection' | 'uses' | 'ackedRevision'>;
  readonly cache: Pick<ResourceCache, 'revisionOf'>;
  /** Ids of the proxies that run, as far as the API tells. */
  readonly expected: () => Iterable<string>;
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
