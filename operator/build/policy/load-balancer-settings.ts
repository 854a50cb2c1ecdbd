import {
  type Algorithm,
  type HashKey,
  type LoadBalancer,
  type LocalityPreference,
  type Protocol,
  type SlowStart,
  carriesHttp,
} from '@dot-kube/proxy/model';
import type { MeshPolicyLoadBalancerHash, MeshPolicyLoadBalancerSlowStart } from '../../api/index.ts';
import { defined } from '../defined.ts';
import { durationMs } from '../duration.ts';
import { numberOf, objectOf, textOf } from '../lenient.ts';
import type { Effective } from './caller-policy.ts';

/** What the Service itself says of it. */
export interface ClusterContext {
  readonly protocol: Protocol;
  readonly preferNear: boolean;
  readonly clientAffinity: boolean;
}

const FAILOVER_THRESHOLD = 70;

/** How the endpoints of a Service's port are chosen among. */
export function loadBalancerOf(fields: Effective, context: ClusterContext): LoadBalancer {
  return defined<LoadBalancer>({
    algorithm: algorithmOf(fields, context),
    locality: localityOf(fields, context),
  });
}

/** The algorithm in force; one that hashes, and has nothing to hash, is least request. */
export function algorithmOf(fields: Effective, { protocol, clientAffinity }: ClusterContext): Algorithm {
  const key = keyOf(fields['loadBalancer.hash']?.value, protocol);
  const slowStart = slowStartOf(fields['loadBalancer.slowStart']?.value);
  switch (fields['loadBalancer.algorithm']?.value) {
    case 'RoundRobin':
      return { kind: 'round-robin', ...slowStart };
    case 'Random':
      return { kind: 'random' };
    case 'RingHash':
      if (key === undefined) break;
      return defined<Extract<Algorithm, { kind: 'ring-hash' }>>({
        kind: 'ring-hash',
        key,
        minimumSize: fields['loadBalancer.ringHash.minimumSize']?.value,
      });
    case 'Maglev':
      if (key === undefined) break;
      return { kind: 'maglev', key };
    case undefined:
      if (clientAffinity) return { kind: 'maglev', key: { kind: 'source-ip' } };
      break;
    case 'LeastRequest':
      break;
  }
  return { kind: 'least-request', ...slowStart };
}

/** Opaque bytes have neither headers nor cookies. */
function keyOf(hash: MeshPolicyLoadBalancerHash | undefined, protocol: Protocol): HashKey | undefined {
  if (hash?.sourceIP === true) return { kind: 'source-ip' };
  if (!carriesHttp(protocol)) return undefined;
  const header = textOf(hash?.header);
  if (header !== undefined) return { kind: 'header', name: header.toLowerCase() };
  const cookie = objectOf(hash?.cookie);
  if (cookie === undefined) return undefined;
  const ttlMs = durationMs(cookie.ttl);
  const path = textOf(cookie.path) ?? (ttlMs === undefined ? undefined : '/');
  return defined<Extract<HashKey, { kind: 'cookie' }>>({ kind: 'cookie', name: cookie.name, path, ttlMs });
}

function localityOf(fields: Effective, { preferNear }: ClusterContext): LocalityPreference | undefined {
  const preference = fields['loadBalancer.locality.preference']?.value ?? (preferNear ? 'Zone' : 'None');
  if (preference === 'None') return undefined;
  const failover = fields['loadBalancer.locality.failover']?.value;
  return defined<LocalityPreference>({
    prefer: preference === 'Zone' ? 'zone' : 'region',
    failoverThresholdPercent: fields['loadBalancer.locality.failoverThreshold']?.value ?? FAILOVER_THRESHOLD,
    failover: failover === 'Region' ? 'region' : failover === 'Never' ? 'never' : undefined,
  });
}

/** Whether slow start is asked for; a window of 0s turns it off. */
export function isSlowStart(slowStart: MeshPolicyLoadBalancerSlowStart | undefined): boolean {
  return (durationMs(objectOf(slowStart)?.window) ?? 0) > 0;
}

/** Whether an algorithm knows weights that change with time. */
export function growsWeights(kind: Algorithm['kind']): boolean {
  return kind === 'least-request' || kind === 'round-robin';
}

function slowStartOf(slowStart: MeshPolicyLoadBalancerSlowStart | undefined): { readonly slowStart?: SlowStart } {
  const { window, aggression, minWeightPercent } = objectOf(slowStart) ?? {};
  const windowMs = durationMs(window);
  if (windowMs === undefined || windowMs === 0) return {};
  return {
    slowStart: defined<SlowStart>({
      windowMs,
      aggression: numberOf(aggression),
      minWeightPercent: numberOf(minWeightPercent),
    }),
  };
}
