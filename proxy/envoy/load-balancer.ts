import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf';
import type { Algorithm, SlowStart } from '../model/index.ts';
import { extension } from './extension.ts';
import type { Init } from './init.ts';
import { hashPolicy } from './hash-policy.ts';
import { spareRingSize } from './hash-ring.ts';
import { DIALLED_HEADER } from './names.ts';
import {
  duration,
  LeastRequestSchema,
  type LoadBalancingPolicySchema,
  type LocalityLbConfigSchema,
  MaglevSchema,
  OverrideHostSchema,
  RandomSchema,
  RingHashSchema,
  RoundRobinSchema,
  type SlowStartConfigSchema,
  Subset_LbSubsetFallbackPolicy,
  SubsetSchema,
} from './proto/index.ts';

export type LoadBalancingPolicyInit = Init<typeof LoadBalancingPolicySchema>;

const DEFAULT_RING_SIZE = 1024;
const DEFAULT_TABLE_SIZE = 65_537;
/** Envoy takes prime numbers up to this one. */
const MAX_TABLE_SIZE = 5_000_011;

/** How a cluster treats its localities. */
export interface LocalityWeights {
  /** They have weights, which come first. */
  readonly weighted?: boolean;
  /** One of them stands for what endpoints leave of a hash ring. */
  readonly spare?: boolean;
}

/** How a cluster's endpoints are chosen. */
export function loadBalancingPolicy(
  algorithm: Algorithm,
  { weighted = false, spare = false }: LocalityWeights = {},
): LoadBalancingPolicyInit {
  const localityLbConfig: Init<typeof LocalityLbConfigSchema> = {
    localityConfigSpecifier: { case: 'localityWeightedLbConfig', value: {} },
  };
  const locality = weighted ? { localityLbConfig } : {};
  const hashedLocality = weighted || spare ? { localityWeightedLbConfig: {} } : {};
  switch (algorithm.kind) {
    case 'least-request':
      return policy('least_request', LeastRequestSchema, { ...locality, ...slowStartFields(algorithm.slowStart) });
    case 'round-robin':
      return policy('round_robin', RoundRobinSchema, { ...locality, ...slowStartFields(algorithm.slowStart) });
    case 'random':
      return policy('random', RandomSchema, locality);
    case 'ring-hash':
      return policy('ring_hash', RingHashSchema, {
        ...hashedLocality,
        minimumRingSize: BigInt(ringSize(algorithm.minimumSize ?? DEFAULT_RING_SIZE, spare)),
        consistentHashingLbConfig: { hashPolicy: [hashPolicy(algorithm.key)] },
      });
    case 'maglev':
      return policy('maglev', MaglevSchema, {
        ...hashedLocality,
        tableSize: BigInt(primeFrom(algorithm.tableSize ?? DEFAULT_TABLE_SIZE)),
        consistentHashingLbConfig: { hashPolicy: [hashPolicy(algorithm.key)] },
      });
  }
}

/** Envoy wants a name by which its runtime could override the aggression; none of ours is ever set there. */
const AGGRESSION_KEY = 'dot-kube.slow-start.aggression';

function slowStartFields(slowStart: SlowStart | undefined) {
  if (slowStart === undefined || slowStart.windowMs === 0) return {};
  const { windowMs, aggression, minWeightPercent } = slowStart;
  const slowStartConfig: Init<typeof SlowStartConfigSchema> = {
    slowStartWindow: duration(windowMs),
    ...(aggression === undefined ? {} : { aggression: { defaultValue: aggression, runtimeKey: AGGRESSION_KEY } }),
    ...(minWeightPercent === undefined ? {} : { minWeightPercent: { value: minWeightPercent } }),
  };
  return { slowStartConfig };
}

function ringSize(minimumSize: number, spare: boolean): number {
  return spare ? spareRingSize(minimumSize) : minimumSize;
}

/** The endpoint that the caller dialled, and none when the cluster does not have it. */
export function dialledEndpoint(): LoadBalancingPolicyInit {
  const none = policy('subset', SubsetSchema, {
    fallbackPolicy: Subset_LbSubsetFallbackPolicy.NO_FALLBACK,
    subsetLbPolicy: policy('random', RandomSchema),
  });
  return policy('override_host', OverrideHostSchema, {
    overrideHostSources: [{ header: DIALLED_HEADER }],
    fallbackPolicy: none,
  });
}

function policy<Desc extends DescMessage>(
  name: string,
  schema: Desc,
  init?: MessageInitShape<Desc>,
): LoadBalancingPolicyInit {
  return { policies: [{ typedExtensionConfig: extension(`envoy.load_balancing_policies.${name}`, schema, init) }] };
}

/** The first prime number that is not smaller, as a Maglev table needs. */
export function primeFrom(size: number): number {
  for (let candidate = Math.max(2, Math.ceil(size)); candidate < MAX_TABLE_SIZE; candidate += 1) {
    if (isPrime(candidate)) return candidate;
  }
  return MAX_TABLE_SIZE;
}

function isPrime(number: number): boolean {
  for (let divisor = 2; divisor * divisor <= number; divisor += 1) {
    if (number % divisor === 0) return false;
  }
  return true;
}
