import type { EndpointSlice } from '../../api/index.ts';

/** Which endpoints are replicas. */
export interface ReplicaEndpoints {
  /** Where the operator runs. */
  readonly namespace: string;
  /** The Service that proxies find them by. */
  readonly service: string;
  /** Where each serves its reports. */
  readonly port: number;
}

/** Whether a slice is of the Service of the replicas. */
export function isOfReplicas({ metadata }: EndpointSlice, { namespace, service }: ReplicaEndpoints): boolean {
  return metadata.namespace === namespace && metadata.labels?.['kubernetes.io/service-name'] === service;
}

/**
 * The addresses of all replicas, ready or not: one that stops has proxies until it has stopped. Of a replica with addresses of
 * both families the first counts. Pure.
 */
export function replicaAddresses(slices: Iterable<EndpointSlice>, replicas: ReplicaEndpoints): readonly string[] {
  const byReplica = new Map<string, string>();
  for (const slice of slices) {
    if (!isOfReplicas(slice, replicas) || (slice.addressType !== 'IPv4' && slice.addressType !== 'IPv6')) continue;
    for (const { addresses, targetRef } of slice.endpoints ?? []) {
      const [ip] = addresses;
      if (ip === undefined) continue;
      const address = `${slice.addressType === 'IPv6' ? `[${ip}]` : ip}:${replicas.port}`;
      const replica = targetRef?.uid ?? targetRef?.name ?? address;
      const known = byReplica.get(replica);
      if (known === undefined || address < known) byReplica.set(replica, address);
    }
  }
  return [...byReplica.values()].sort();
}
