import type { Cluster } from '../model/index.ts';
import { socketAddress } from './address.ts';
import { panicThreshold } from './circuit-breaker.ts';
import type { LocalityEndpointsInit } from './endpoint.ts';
import { HealthStatus } from './proto/index.ts';

/*
 * Envoy keeps the size of a hash ring and divides it among the endpoints, so that each of nine has more points on it than each
 * of ten had: 20 % of the keys move when one of ten goes, where 10 % have to. A share of the ring that no healthy endpoint may
 * have keeps the number of points of each the same.
 */

/** With fewer endpoints than this there is a spare share; with more, what one of them leaves to the others is little. */
const SHARES = 64;
/** Largest ring that Envoy takes. */
const MAX_RING_SIZE = 8_388_608;
/** The ring is larger than was asked for by this factor, as most of it is spare. */
const SPARE_FACTOR = 8;

/**
 * Whether a cluster's ring has a spare share. Not when ejected endpoints may be used in need: Envoy would count the one that
 * stands for the spare share among them.
 */
export function hasSpareShare({ loadBalancer, circuitBreaker }: Cluster): boolean {
  return loadBalancer.algorithm.kind === 'ring-hash' && panicThreshold(circuitBreaker.outlierDetection) === 0;
}

/** Size of the ring with a spare share, so that eight endpoints or more have as many points as was asked for, or more. */
export function spareRingSize(minimumSize: number): number {
  return Math.min(minimumSize * SPARE_FACTOR, MAX_RING_SIZE);
}

/** The endpoints, and who takes what they leave of the ring: an endpoint that is never healthy. */
export function withSpareShare(groups: readonly LocalityEndpointsInit[]): readonly LocalityEndpointsInit[] {
  const shares = groups.map(weighByCount);
  const count = groups.reduce((sum, { lbEndpoints = [] }) => sum + lbEndpoints.length, 0);
  // A single endpoint has every key anyway.
  if (count < 2 || count >= SHARES) return shares;
  // TEST-NET-1 (RFC 5737), which nothing ever connects to.
  const address = socketAddress({ address: '192.0.2.1', port: 1 });
  const nobody = {
    hostIdentifier: { case: 'endpoint' as const, value: { address } },
    healthStatus: HealthStatus.UNHEALTHY,
  };
  return [...shares, { locality: { region: 'spare' }, lbEndpoints: [nobody], loadBalancingWeight: SHARES - count }];
}

/** Each endpoint alike. Envoy takes a weight to be 0 in a locality that has no name. */
export function weighByCount(group: LocalityEndpointsInit): LocalityEndpointsInit {
  const { locality = { region: 'plaintext' }, lbEndpoints = [] } = group;
  return { ...group, locality, loadBalancingWeight: lbEndpoints.length };
}
