import { compareEndpoints, type RawEndpoint, STATE_RANK } from './service-endpoints.ts';
import type { ServiceFacts } from './service-facts.ts';

/** An endpoint with all addresses of its pod. */
export interface PodEndpoint extends RawEndpoint {
  /** Addresses of the same pod of the other family. */
  readonly alternatives: readonly string[];
}

/**
 * The endpoints of a port, each pod once, sorted: a pod with two addresses stands in a slice of each family, and would get twice
 * the traffic. Its address is the one of the family of the Service's first address, the other is an alternative. Of endpoints
 * that name no pod nobody knows which are the same: those of that family are taken, where there are any. Callers of a headless
 * Service dial endpoints of either family, so that all of them stay.
 */
export function eachPodOnce(
  endpoints: readonly RawEndpoint[],
  { addresses: [first] }: Pick<ServiceFacts, 'addresses'>,
): readonly PodEndpoint[] {
  if (first === undefined) return endpoints.map(alone);
  const isOfFirst = ({ address }: RawEndpoint): boolean => isIpv6(address) === isIpv6(first);
  // What stands in the place of a pod's address, and is not known as one, is not the pod.
  const pods = Map.groupBy(
    endpoints.filter(({ named }) => named !== undefined),
    ({ named, port, pod }) => `${named} ${port} ${pod === undefined ? 'unknown' : 'known'}`,
  );
  const nameless = endpoints.filter(({ named }) => named === undefined);
  const ofFirst = nameless.filter(isOfFirst);
  return [
    ...[...pods.values()].flatMap((same) => together(same, isOfFirst)),
    ...(ofFirst.length > 0 ? ofFirst : nameless).map(alone),
  ].sort(compareEndpoints);
}

/** Two addresses of two families are one pod's; anything else is left as it is. */
function together(same: readonly RawEndpoint[], isFirst: (endpoint: RawEndpoint) => boolean): readonly PodEndpoint[] {
  const [one, other] = same;
  if (one === undefined || other === undefined || same.length > 2) return same.map(alone);
  if (isIpv6(one.address) === isIpv6(other.address)) return same.map(alone);
  const [main, second] = isFirst(one) ? [one, other] : [other, one];
  // The slices change one after the other: as with duplicates, the best state counts.
  const { state } = STATE_RANK[one.state] <= STATE_RANK[other.state] ? one : other;
  return [{ ...main, state, alternatives: [second.address] }];
}

function alone(endpoint: RawEndpoint): PodEndpoint {
  return { ...endpoint, alternatives: [] };
}

function isIpv6(address: string): boolean {
  return address.includes(':');
}
