import type { Init } from './init.ts';
import type { Endpoint, Locality, LocalityPreference } from '../model/index.ts';
import { parseAddress, socketAddress } from './address.ts';
import { weighByCount, withSpareShare } from './hash-ring.ts';
import { MTLS_REGION } from './names.ts';
import { sortBy } from './order.ts';
import type { ClusterLoadAssignmentSchema, LbEndpointSchema, LocalityLbEndpointsSchema } from './proto/index.ts';
import { MTLS_METADATA } from './transport-socket.ts';

export type AssignmentInit = Init<typeof ClusterLoadAssignmentSchema>;
export type LocalityEndpointsInit = Init<typeof LocalityLbEndpointsSchema>;

const DEFAULT_FAILOVER_THRESHOLD_PERCENT = 70;

/**
 * The endpoints that may be picked, sorted: draining ones only when nothing else is left. The others leave the cluster, which
 * lets what they have under way end, and lets their share of a locality not count as unhealthy.
 */
export function pickable(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  const healthy = endpoints.filter(({ health }) => health === 'healthy');
  const picked = healthy.length > 0 ? healthy : endpoints;
  return sortBy(picked, ({ address, port }) => `${address} ${String(port).padStart(5, '0')}`);
}

/** Endpoints of one locality, in which some may speak mTLS and others not. */
export function localityEndpoints(endpoints: readonly Endpoint[]): LocalityEndpointsInit {
  return {
    lbEndpoints: endpoints.map((endpoint) => lbEndpoint(endpoint, endpoint.mtls ? mtlsMetadata() : {})),
  };
}

/** One host, with all of its addresses. */
export function lbEndpoint(endpoint: HostAddress, metadata: MtlsMetadata = {}): Init<typeof LbEndpointSchema> {
  const { alternatives = [], port } = endpoint;
  const additionalAddresses = alternatives.map((address) => ({ address: socketAddress({ address, port }) }));
  const value = { address: socketAddress(endpoint), ...(alternatives.length > 0 ? { additionalAddresses } : {}) };
  return { hostIdentifier: { case: 'endpoint', value }, ...metadata };
}

/**
 * The endpoints with their addresses of the dialled one's family first, as kube-proxy has them: who dials a Service's IPv6 address
 * gets to endpoints over IPv6.
 */
export function inFamilyOf(dialled: string, endpoints: readonly Endpoint[]): readonly Endpoint[] {
  const isIpv6 = isIpv6Address(parseAddress(dialled).address);
  return endpoints.map((endpoint) => {
    const { address, alternatives = [] } = endpoint;
    const [first, ...others] = alternatives.filter((each) => isIpv6Address(each) === isIpv6);
    if (first === undefined || isIpv6Address(address) === isIpv6) return endpoint;
    const rest = alternatives.filter((each) => isIpv6Address(each) !== isIpv6);
    return { ...endpoint, address: first, alternatives: [...others, address, ...rest] };
  });
}

function isIpv6Address(address: string): boolean {
  return address.includes(':');
}

type HostAddress = Pick<Endpoint, 'address' | 'alternatives' | 'port'>;
type MtlsMetadata = Pick<Init<typeof LbEndpointSchema>, 'metadata'>;

function mtlsMetadata(): MtlsMetadata {
  const { namespace, key, value } = MTLS_METADATA;
  return { metadata: { filterMetadata: { [namespace]: { [key]: value } } } };
}

/**
 * One locality for mTLS and one for plain text: an endpoint that changes from one to the other is a new host to Envoy then,
 * which would go on using the connections that it has. And what says so is said once, not by each endpoint, of which it would
 * be two thirds of the bytes.
 */
function bySocket(endpoints: readonly Endpoint[]): readonly LocalityEndpointsInit[] {
  const [mtls, plaintext] = [endpoints.filter((each) => each.mtls), endpoints.filter((each) => !each.mtls)];
  return [
    ...(mtls.length > 0
      ? [{ lbEndpoints: mtls.map((each) => lbEndpoint(each)), locality: { region: MTLS_REGION }, ...mtlsMetadata() }]
      : []),
    ...(plaintext.length > 0 ? [{ lbEndpoints: plaintext.map((each) => lbEndpoint(each)) }] : []),
  ];
}

/** What the endpoints of a cluster are ordered by. */
export interface AssignmentOptions {
  readonly preference?: LocalityPreference | undefined;
  readonly client?: Locality | undefined;
  /** A hash ring with a spare share. */
  readonly spare?: boolean;
}

/** All alike, or by their distance from the client, as far as failover goes. */
export function assignment(
  clusterName: string,
  endpoints: readonly Endpoint[],
  { preference, client, spare = false }: AssignmentOptions = {},
): AssignmentInit {
  const picked = pickable(endpoints);
  if (preference === undefined || client === undefined) {
    const groups = bySocket(picked);
    return { clusterName, endpoints: [...(spare ? withSpareShare(groups) : groups)] };
  }
  // A near endpoint that drains is no better than a far one that does not.
  const byDistance = Map.groupBy(picked, ({ locality }) => distance(preference, client, locality));
  const groups = [...byDistance].filter(([far]) => far <= farthest(preference)).sort(([a], [b]) => a - b);
  const threshold = preference.failoverThresholdPercent ?? DEFAULT_FAILOVER_THRESHOLD_PERCENT;
  return {
    clusterName,
    // Envoy takes priorities without gaps only.
    endpoints: groups.flatMap(([, there], priority) =>
      bySocket(there).map((group) => ({ ...(spare ? weighByCount(group) : group), priority })),
    ),
    policy: { overprovisioningFactor: Math.round(10_000 / threshold) },
  };
}

/** 0 in the same zone, 1 in the same region, 2 elsewhere or unknown. */
function distance(preference: LocalityPreference, client: Locality, endpoint: Locality | undefined): 0 | 1 | 2 {
  if (endpoint === undefined || endpoint.region !== client.region) return 2;
  return preference.prefer === 'zone' && endpoint.zone === client.zone ? 0 : 1;
}

function farthest({ prefer, failover }: LocalityPreference): 0 | 1 | 2 {
  if (failover === undefined) return 2;
  return failover === 'never' && prefer === 'zone' ? 0 : 1;
}
