import type {
  MeshPolicyLoadBalancerAlgorithm,
  MeshPolicyLoadBalancerHash,
  MeshPolicyLoadBalancerLocalityFailover,
  MeshPolicyLoadBalancerLocalityPreference,
  MeshPolicyLoadBalancerSlowStart,
  MeshPolicyRetriesBackoff,
  MeshPolicyRetriesBudget,
  MeshPolicyRetriesCondition,
  MeshPolicySpec,
} from '../../api/index.ts';

/** The fields of a MeshPolicy that bind callers, by their path. Each is merged on its own. */
export interface CallerFields {
  readonly 'timeouts.request': string;
  readonly 'timeouts.perTry': string;
  readonly 'timeouts.idle': string;
  readonly 'retries.attempts': number;
  readonly 'retries.conditions': readonly MeshPolicyRetriesCondition[];
  readonly 'retries.statusCodes': readonly number[];
  readonly 'retries.backoff': MeshPolicyRetriesBackoff;
  readonly 'retries.budget': MeshPolicyRetriesBudget;
  readonly 'circuitBreaker.maxConnections': number;
  readonly 'circuitBreaker.maxPendingRequests': number;
  readonly 'circuitBreaker.maxRequests': number;
  readonly 'circuitBreaker.maxRetries': number;
  readonly 'circuitBreaker.maxRequestsPerConnection': number;
  readonly 'circuitBreaker.outlierDetection': true;
  readonly 'circuitBreaker.outlierDetection.consecutiveErrors': number;
  readonly 'circuitBreaker.outlierDetection.consecutiveGatewayErrors': number;
  readonly 'circuitBreaker.outlierDetection.interval': string;
  readonly 'circuitBreaker.outlierDetection.baseEjectionTime': string;
  readonly 'circuitBreaker.outlierDetection.maxEjectionTime': string;
  readonly 'circuitBreaker.outlierDetection.maxEjectionPercent': number;
  readonly 'circuitBreaker.outlierDetection.minHealthyPercent': number;
  readonly 'loadBalancer.algorithm': MeshPolicyLoadBalancerAlgorithm;
  readonly 'loadBalancer.hash': MeshPolicyLoadBalancerHash;
  readonly 'loadBalancer.ringHash.minimumSize': number;
  readonly 'loadBalancer.slowStart': MeshPolicyLoadBalancerSlowStart;
  readonly 'loadBalancer.locality.preference': MeshPolicyLoadBalancerLocalityPreference;
  readonly 'loadBalancer.locality.failover': MeshPolicyLoadBalancerLocalityFailover;
  readonly 'loadBalancer.locality.failoverThreshold': number;
  readonly 'connection.connectTimeout': string;
  readonly 'connection.idleTimeout': string;
  readonly 'connection.maxDuration': string;
  readonly 'connection.tcpKeepalive': true;
  readonly 'connection.tcpKeepalive.probes': number;
  readonly 'connection.tcpKeepalive.time': string;
  readonly 'connection.tcpKeepalive.interval': string;
  readonly 'connection.http2.maxConcurrentStreams': number;
  readonly 'connection.http2.initialStreamWindowSize': number;
  readonly 'connection.http2.initialConnectionWindowSize': number;
}

/** The path of a field that binds callers, from `spec`. */
export type CallerField = keyof CallerFields;

type Getters = { readonly [Field in CallerField]: (spec: MeshPolicySpec) => CallerFields[Field] | undefined };

const GETTERS: Getters = {
  'timeouts.request': (spec) => spec.timeouts?.request,
  'timeouts.perTry': (spec) => spec.timeouts?.perTry,
  'timeouts.idle': (spec) => spec.timeouts?.idle,
  'retries.attempts': (spec) => spec.retries?.attempts,
  'retries.conditions': (spec) => spec.retries?.conditions,
  'retries.statusCodes': (spec) => spec.retries?.statusCodes,
  'retries.backoff': (spec) => spec.retries?.backoff,
  'retries.budget': (spec) => spec.retries?.budget,
  'circuitBreaker.maxConnections': (spec) => spec.circuitBreaker?.maxConnections,
  'circuitBreaker.maxPendingRequests': (spec) => spec.circuitBreaker?.maxPendingRequests,
  'circuitBreaker.maxRequests': (spec) => spec.circuitBreaker?.maxRequests,
  'circuitBreaker.maxRetries': (spec) => spec.circuitBreaker?.maxRetries,
  'circuitBreaker.maxRequestsPerConnection': (spec) => spec.circuitBreaker?.maxRequestsPerConnection,
  'circuitBreaker.outlierDetection': (spec) => present(spec.circuitBreaker?.outlierDetection),
  'circuitBreaker.outlierDetection.consecutiveErrors': (spec) =>
    spec.circuitBreaker?.outlierDetection?.consecutiveErrors,
  'circuitBreaker.outlierDetection.consecutiveGatewayErrors': (spec) =>
    spec.circuitBreaker?.outlierDetection?.consecutiveGatewayErrors,
  'circuitBreaker.outlierDetection.interval': (spec) => spec.circuitBreaker?.outlierDetection?.interval,
  'circuitBreaker.outlierDetection.baseEjectionTime': (spec) => spec.circuitBreaker?.outlierDetection?.baseEjectionTime,
  'circuitBreaker.outlierDetection.maxEjectionTime': (spec) => spec.circuitBreaker?.outlierDetection?.maxEjectionTime,
  'circuitBreaker.outlierDetection.maxEjectionPercent': (spec) =>
    spec.circuitBreaker?.outlierDetection?.maxEjectionPercent,
  'circuitBreaker.outlierDetection.minHealthyPercent': (spec) =>
    spec.circuitBreaker?.outlierDetection?.minHealthyPercent,
  'loadBalancer.algorithm': (spec) => spec.loadBalancer?.algorithm,
  'loadBalancer.hash': (spec) => spec.loadBalancer?.hash,
  'loadBalancer.ringHash.minimumSize': (spec) => spec.loadBalancer?.ringHash?.minimumSize,
  'loadBalancer.slowStart': (spec) => spec.loadBalancer?.slowStart,
  'loadBalancer.locality.preference': (spec) => spec.loadBalancer?.locality?.preference,
  'loadBalancer.locality.failover': (spec) => spec.loadBalancer?.locality?.failover,
  'loadBalancer.locality.failoverThreshold': (spec) => spec.loadBalancer?.locality?.failoverThreshold,
  'connection.connectTimeout': (spec) => spec.connection?.connectTimeout,
  'connection.idleTimeout': (spec) => spec.connection?.idleTimeout,
  'connection.maxDuration': (spec) => spec.connection?.maxDuration,
  'connection.tcpKeepalive': (spec) => present(spec.connection?.tcpKeepalive),
  'connection.tcpKeepalive.probes': (spec) => spec.connection?.tcpKeepalive?.probes,
  'connection.tcpKeepalive.time': (spec) => spec.connection?.tcpKeepalive?.time,
  'connection.tcpKeepalive.interval': (spec) => spec.connection?.tcpKeepalive?.interval,
  'connection.http2.maxConcurrentStreams': (spec) => spec.connection?.http2?.maxConcurrentStreams,
  'connection.http2.initialStreamWindowSize': (spec) => spec.connection?.http2?.initialStreamWindowSize,
  'connection.http2.initialConnectionWindowSize': (spec) => spec.connection?.http2?.initialConnectionWindowSize,
};

/** Every field that binds callers, in the order of the schema. */
export const CALLER_FIELDS = Object.keys(GETTERS) as readonly CallerField[];

/** Two policies may both turn these on: what they say about them is in the fields below. */
const SWITCHES: ReadonlySet<CallerField> = new Set(['circuitBreaker.outlierDetection', 'connection.tcpKeepalive']);

/** Whether the field only says that a part is there, so that two policies that say so are not in conflict. */
export function isSwitch(field: CallerField): boolean {
  return SWITCHES.has(field);
}

/** The fields that a policy sets. */
export function callerFieldsOf(spec: MeshPolicySpec): Partial<CallerFields> {
  const set = CALLER_FIELDS.map((field) => [field, GETTERS[field](spec)] as const);
  return Object.fromEntries(set.filter(([, value]) => value !== undefined && value !== null));
}

function present(part: object | undefined): true | undefined {
  return part === undefined ? undefined : true;
}
