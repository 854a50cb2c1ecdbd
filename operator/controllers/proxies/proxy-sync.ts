import { type ProxyStatus, type Quarantine, type TypeStatus, type TypeUrl, typeUrls } from '@dot-kube/proxy/xds';

/** How a proxy and the control plane stand. */
export interface ProxySync {
  /** `namespace/pod`. */
  readonly proxy: string;
  readonly connected: boolean;
  readonly types: readonly TypeSync[];
}

/** How one type of configuration stands. */
export interface TypeSync {
  /** Envoy's name of the discovery service: `CDS`, `EDS`, `SDS`, `RDS`, `SRDS`, `LDS`. */
  readonly type: string;
  /** `STALE`: sent and not yet acknowledged. `NACK`: refused, and held back until it changes. */
  readonly state: 'SYNCED' | 'STALE' | 'NACK';
  readonly resources: number;
  /** Envoy's own words. */
  readonly error?: string;
}

/** The names that people know the types by, in the order in which they are shown. */
const NAMES: ReadonlyMap<TypeUrl, string> = new Map([
  [typeUrls.listener, 'LDS'],
  [typeUrls.scopedRoute, 'SRDS'],
  [typeUrls.route, 'RDS'],
  [typeUrls.cluster, 'CDS'],
  [typeUrls.endpoints, 'EDS'],
  [typeUrls.secret, 'SDS'],
]);

/** How the proxies that there should be stand; those that are not connected are listed too. Sorted by name. */
export function proxySyncs(
  expected: readonly string[],
  connected: readonly ProxyStatus[],
  quarantined: readonly Quarantine[],
): readonly ProxySync[] {
  const syncs = new Map<string, ProxySync>();
  for (const proxy of expected) syncs.set(proxy, { proxy, connected: false, types: [] });
  for (const { id, types } of connected) {
    const own = quarantined.filter(({ proxy }) => proxy === id);
    const byType = new Map(types.map((status) => [status.type, status]));
    syncs.set(id, {
      proxy: id,
      connected: true,
      types: [...NAMES].flatMap(([type, name]) => {
        const status = byType.get(type);
        return status === undefined ? [] : [typeSync(name, status, own)];
      }),
    });
  }
  return [...syncs.values()].sort((a, b) => (a.proxy < b.proxy ? -1 : 1));
}

function typeSync(name: string, status: TypeStatus, quarantined: readonly Quarantine[]): TypeSync {
  const refused = quarantined.find(({ type }) => type === status.type);
  const resources = status.resources.filter(({ sent }) => sent !== undefined && sent.kind !== 'removed').length;
  if (refused !== undefined)
    return { type: name, state: 'NACK', resources, error: `${refused.name}: ${refused.error}` };
  const settled = status.resources.every(({ acked, sent }) => sent === undefined || sent.version === acked?.version);
  return { type: name, state: settled && status.inFlight === 0 ? 'SYNCED' : 'STALE', resources };
}
