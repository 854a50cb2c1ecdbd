import type { ProxyStatus, Quarantine } from '@dot-kube/proxy/xds';
import { proxySyncs, type ProxySync } from './proxy-sync.ts';

/** Where a replica tells how its proxies stand, on its health port and to callers of its own pod alone. */
export const PROXIES_PATH = '/debug/proxies';

/** What one replica knows of proxies. Nothing in it is secret: names of pods, types, versions, and Envoy's words on refusals. */
export interface ReplicaProxies {
  /** The replica. */
  readonly instance: string;
  /** Ids of all proxies that run, as far as the API tells; each is connected to one of the replicas. */
  readonly expected: readonly string[];
  /** Those that are connected to this one. */
  readonly proxies: readonly ProxySync[];
}

/** What a replica answers at {@link PROXIES_PATH}. */
export function replicaProxies(
  instance: string,
  expected: readonly string[],
  connected: readonly ProxyStatus[],
  quarantined: readonly Quarantine[],
): ReplicaProxies {
  return { instance, expected: [...expected].sort(), proxies: proxySyncs([], connected, quarantined) };
}

/** What several replicas say together: a proxy that is connected to none of them is told of as not connected. Sorted by name. */
export function mergedProxies(replicas: readonly ReplicaProxies[]): readonly ProxySync[] {
  const syncs = new Map<string, ProxySync>();
  for (const proxy of replicas.flatMap(({ expected }) => expected))
    syncs.set(proxy, { proxy, connected: false, types: [] });
  for (const sync of replicas.flatMap(({ proxies }) => proxies)) syncs.set(sync.proxy, sync);
  return [...syncs.values()].sort((a, b) => (a.proxy < b.proxy ? -1 : 1));
}
