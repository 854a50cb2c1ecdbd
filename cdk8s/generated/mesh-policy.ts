// Generated from crds/ by operator/api/generate/main.ts. Do not edit.
import { ApiObject, type ApiObjectMetadata, type GroupVersionKind } from 'cdk8s';
import type { Construct } from 'constructs';
import type { PodSelector, TargetReference } from './shared.ts';

/** What the construct MeshPolicy is made from. */
export interface MeshPolicyProps {
  /** Name, namespace, labels and annotations. Without a name, one is made from the construct's path. */
  readonly metadata?: ApiObjectMetadata;
  readonly spec: MeshPolicySpec;
}

/**
 * MeshPolicy says how traffic behaves: encryption, time-outs, retries, limits, load balancing, connections and faults.
 * It applies to the Services of targetRefs, to the pods of selector, or with neither to its namespace; in the namespace
 * dot-kube-system, to the whole mesh. Layers merge field by field and the most specific wins: mesh, namespace, Service,
 * selected pods. Of two policies that set the same field on the same layer the older wins, and the other says
 * Conflicted. timeouts, retries, circuitBreaker, loadBalancer and connection bind the callers of a Service and follow
 * the Service called; mtls, networkPolicy and fault bind the workload that is called.
 */
export class MeshPolicy extends ApiObject {
  static readonly GVK: GroupVersionKind = { apiVersion: 'mesh.dot-kube.io/v1alpha1', kind: 'MeshPolicy' };

  constructor(scope: Construct, id: string, props: MeshPolicyProps) {
    super(scope, id, { ...MeshPolicy.GVK, ...props });
  }
}

/** What the policy applies to and what it sets. A field that is absent is left to the layer below. */
export interface MeshPolicySpec {
  /**
   * The Services of this namespace that the policy applies to. Excludes selector. With neither, it applies to the
   * namespace.
   */
  readonly targetRefs?: readonly TargetReference[];
  /**
   * The pods of this namespace (in dot-kube-system: of every namespace) that the policy applies to. Excludes
   * targetRefs, and every field that binds callers.
   */
  readonly selector?: PodSelector;
  /** Whether the workload takes mutual TLS, plain text, or both. Binds the workload that is called. */
  readonly mtls?: MeshPolicyMtls;
  /**
   * Whether NetworkPolicies are made of what mtls and the AuthorizationPolicies let in, so that the cluster's network
   * refuses it too where it enforces them. Generate: for every workload that does not take connections from anybody.
   * They add to other NetworkPolicies of the same pods, and so let in what those alone would not. Disabled: none. Binds
   * the workload that is called, all of its ports. Default of the mesh: Disabled.
   */
  readonly networkPolicy?: MeshPolicyNetworkPolicy;
  /**
   * How long a caller waits for an HTTP or gRPC request. Durations are written like 1h, 10s or 1m30s or 250ms; 0s means
   * no limit. Binds the callers.
   */
  readonly timeouts?: MeshPolicyTimeouts;
  /**
   * Which failed HTTP or gRPC requests are tried again, how often and how fast. Without it a request is tried again at
   * most twice, and only when it cannot have reached the application (ConnectFailure, RefusedStream). Binds the
   * callers.
   */
  readonly retries?: MeshPolicyRetries;
  /**
   * Limits of what one caller proxy sends to the Service at once; what exceeds them fails at once with 503 (TCP: is
   * closed). And which endpoints are left alone for a while because they fail. Binds the callers; each proxy counts for
   * itself.
   */
  readonly circuitBreaker?: MeshPolicyCircuitBreaker;
  /** How a caller chooses among the endpoints of the Service. Binds the callers. */
  readonly loadBalancer?: MeshPolicyLoadBalancer;
  /** Connections from the callers to the endpoints. Binds the callers. */
  readonly connection?: MeshPolicyConnection;
  /**
   * Faults that the workload's proxy injects into HTTP and gRPC requests, to try how callers bear them. Binds the
   * workload that is called. A request may be delayed and aborted too.
   */
  readonly fault?: MeshPolicyFault;
}

/** Whether the workload takes mutual TLS, plain text, or both. Binds the workload that is called. */
export interface MeshPolicyMtls {
  /**
   * Strict takes mutual TLS between proxies of the mesh only, and closes plain-text connections that are open when it
   * comes into force. Permissive takes that and anything else, the application's own TLS included. Disabled takes no
   * mutual TLS, and callers use none. Default of the mesh: Permissive.
   */
  readonly mode?: MeshPolicyMtlsMode;
  /** Ports of the workload that differ from mode. */
  readonly ports?: readonly MeshPolicyMtlsPort[];
}

/**
 * Strict takes mutual TLS between proxies of the mesh only, and closes plain-text connections that are open when it
 * comes into force. Permissive takes that and anything else, the application's own TLS included. Disabled takes no
 * mutual TLS, and callers use none. Default of the mesh: Permissive.
 */
export type MeshPolicyMtlsMode = 'Strict' | 'Permissive' | 'Disabled';

/** One port and its mode. */
export interface MeshPolicyMtlsPort {
  /** The port that the workload listens on (the container's, not the Service's). */
  readonly port: number;
  /** As mtls.mode, for this port alone. */
  readonly mode: MeshPolicyMtlsPortMode;
}

/** As mtls.mode, for this port alone. */
export type MeshPolicyMtlsPortMode = 'Strict' | 'Permissive' | 'Disabled';

/**
 * Whether NetworkPolicies are made of what mtls and the AuthorizationPolicies let in, so that the cluster's network
 * refuses it too where it enforces them. Generate: for every workload that does not take connections from anybody. They
 * add to other NetworkPolicies of the same pods, and so let in what those alone would not. Disabled: none. Binds the
 * workload that is called, all of its ports. Default of the mesh: Disabled.
 */
export type MeshPolicyNetworkPolicy = 'Generate' | 'Disabled';

/**
 * How long a caller waits for an HTTP or gRPC request. Durations are written like 1h, 10s or 1m30s or 250ms; 0s means
 * no limit. Binds the callers.
 */
export interface MeshPolicyTimeouts {
  /**
   * From the end of the request to the end of the response, all retries included. Default: no limit, so that long
   * streams are not cut.
   */
  readonly request?: string;
  /** Limit of each single try. Needs retries to be of use. Default: none but that of request. */
  readonly perTry?: string;
  /** How long a request or a stream may go without a byte in either direction. Default: no limit. */
  readonly idle?: string;
}

/**
 * Which failed HTTP or gRPC requests are tried again, how often and how fast. Without it a request is tried again at
 * most twice, and only when it cannot have reached the application (ConnectFailure, RefusedStream). Binds the callers.
 */
export interface MeshPolicyRetries {
  /** How many times a request is tried again, after the first try; 0 turns retries off. Default: 2. */
  readonly attempts?: number;
  /**
   * What is tried again. HTTP: ServerError (any 5xx, no response at all, reset), GatewayError (502, 503, 504),
   * Retriable4xx (409), Reset (connection or stream broken off, or no answer within perTry), ConnectFailure (no
   * connection), RefusedStream (HTTP/2 REFUSED_STREAM). gRPC status in the response's headers: Cancelled,
   * DeadlineExceeded, Internal, ResourceExhausted, Unavailable. Default, when statusCodes is absent too:
   * ConnectFailure, RefusedStream, Unavailable and GatewayError. Name only what your handlers can bear twice.
   */
  readonly conditions?: readonly MeshPolicyRetriesCondition[];
  /** HTTP status codes that are tried again beside the conditions. */
  readonly statusCodes?: readonly number[];
  /** Pause before a retry: random between nothing and base, doubled with each further one up to max. */
  readonly backoff?: MeshPolicyRetriesBackoff;
  /**
   * How many retries one caller proxy may have under way to the Service at once, so that retries do not make an
   * overload worse. With it circuitBreaker.maxRetries has no effect.
   */
  readonly budget?: MeshPolicyRetriesBudget;
}

/** One condition. */
export type MeshPolicyRetriesCondition = 'ServerError' | 'GatewayError' | 'Retriable4xx' | 'Reset' | 'ConnectFailure' | 'RefusedStream' | 'Cancelled' | 'DeadlineExceeded' | 'Internal' | 'ResourceExhausted' | 'Unavailable';

/** Pause before a retry: random between nothing and base, doubled with each further one up to max. */
export interface MeshPolicyRetriesBackoff {
  /** Longest pause before the first retry. Without backoff: 25ms. */
  readonly base: string;
  /** Longest pause before any retry. Default: ten times base. */
  readonly max?: string;
}

/**
 * How many retries one caller proxy may have under way to the Service at once, so that retries do not make an overload
 * worse. With it circuitBreaker.maxRetries has no effect.
 */
export interface MeshPolicyRetriesBudget {
  /** Retries under way, in percent of the requests that are active or waiting; fractions allowed. */
  readonly percent: number;
  /** This many retries are allowed whatever the percentage. Default: 3. */
  readonly minConcurrent?: number;
}

/**
 * Limits of what one caller proxy sends to the Service at once; what exceeds them fails at once with 503 (TCP: is
 * closed). And which endpoints are left alone for a while because they fail. Binds the callers; each proxy counts for
 * itself.
 */
export interface MeshPolicyCircuitBreaker {
  /** Connections to all endpoints of the Service together. Default: no limit. */
  readonly maxConnections?: number;
  /** HTTP requests that wait for a connection. Default: no limit. */
  readonly maxPendingRequests?: number;
  /** HTTP requests under way, over all connections. Default: no limit. */
  readonly maxRequests?: number;
  /** Retries under way. Without effect where retries.budget is set. Default: no limit. */
  readonly maxRetries?: number;
  /** HTTP requests after which a connection is replaced by a new one; 1 turns keep-alive off. Default: no limit. */
  readonly maxRequestsPerConnection?: number;
  /** Takes endpoints that fail out of load balancing for a while. Present but empty: with the defaults. Absent: off. */
  readonly outlierDetection?: MeshPolicyCircuitBreakerOutlierDetection;
}

/** Takes endpoints that fail out of load balancing for a while. Present but empty: with the defaults. Absent: off. */
export interface MeshPolicyCircuitBreakerOutlierDetection {
  /** So many errors in a row (5xx, failed connections, resets) eject an endpoint; 0: never. Default: 5. */
  readonly consecutiveErrors?: number;
  /**
   * So many gateway errors in a row (502, 503, 504, failed connections, resets) eject an endpoint; 0, the default:
   * never. Other 5xx do not count here.
   */
  readonly consecutiveGatewayErrors?: number;
  /** How often ejected endpoints are looked at for their return. Default: 10s. */
  readonly interval?: string;
  /** How long the first ejection of an endpoint lasts; the next ones last so many times longer. Default: 30s. */
  readonly baseEjectionTime?: string;
  /** How long any ejection lasts at most. Default: 300s, or baseEjectionTime where that is longer. */
  readonly maxEjectionTime?: string;
  /** Share of the Service's endpoints that may be ejected at once, in percent; one always may. Default: 10. */
  readonly maxEjectionPercent?: number;
  /**
   * When fewer endpoints than this, in percent, are left, requests go to all of them, ejected ones included; 0: never.
   * Default: 50.
   */
  readonly minHealthyPercent?: number;
}

/** How a caller chooses among the endpoints of the Service. Binds the callers. */
export interface MeshPolicyLoadBalancer {
  /**
   * LeastRequest takes the less busy of two endpoints picked at random, which avoids slow ones. RoundRobin takes turns.
   * Random picks any. RingHash and Maglev give the same key (see hash) the same endpoint, and move few keys when
   * endpoints come and go; Maglev is faster, RingHash moves fewer. Default: LeastRequest.
   */
  readonly algorithm?: MeshPolicyLoadBalancerAlgorithm;
  /** What makes the key of RingHash and Maglev. Exactly one of its fields. Requests without a key go anywhere. */
  readonly hash?: MeshPolicyLoadBalancerHash;
  /** Settings of the algorithm RingHash. */
  readonly ringHash?: MeshPolicyLoadBalancerRingHash;
  /**
   * Gives an endpoint that is new little of the traffic at first, and more and more of it until the window is over, so
   * that caches fill and code is compiled before the full load comes. Works with LeastRequest and RoundRobin. Each
   * caller's proxy counts from when it learns of the endpoint; where all endpoints are new to it, as on a first call,
   * they share alike.
   */
  readonly slowStart?: MeshPolicyLoadBalancerSlowStart;
  /**
   * Prefers endpoints near the caller. Zone and region are those of the nodes, from their labels
   * topology.kubernetes.io/zone and topology.kubernetes.io/region.
   */
  readonly locality?: MeshPolicyLoadBalancerLocality;
}

/**
 * LeastRequest takes the less busy of two endpoints picked at random, which avoids slow ones. RoundRobin takes turns.
 * Random picks any. RingHash and Maglev give the same key (see hash) the same endpoint, and move few keys when
 * endpoints come and go; Maglev is faster, RingHash moves fewer. Default: LeastRequest.
 */
export type MeshPolicyLoadBalancerAlgorithm = 'LeastRequest' | 'RoundRobin' | 'Random' | 'RingHash' | 'Maglev';

/** What makes the key of RingHash and Maglev. Exactly one of its fields. Requests without a key go anywhere. */
export interface MeshPolicyLoadBalancerHash {
  /** Name of a request header, whose value is the key. HTTP only. */
  readonly header?: string;
  /** A cookie, whose value is the key. HTTP only. */
  readonly cookie?: MeshPolicyLoadBalancerHashCookie;
  /** The caller's address is the key. HTTP and TCP. */
  readonly sourceIP?: true;
}

/** A cookie, whose value is the key. HTTP only. */
export interface MeshPolicyLoadBalancerHashCookie {
  /** Name of the cookie. */
  readonly name: string;
  /** Path of the cookie that the proxy sets. Default: /. */
  readonly path?: string;
  /**
   * Present, a proxy that sees no such cookie makes one with this life time; 0s makes it last as long as the browser's
   * session. Absent, the application has to set it.
   */
  readonly ttl?: string;
}

/** Settings of the algorithm RingHash. */
export interface MeshPolicyLoadBalancerRingHash {
  /** Least number of entries in the ring: more spread keys better and cost memory. Default: 1024. */
  readonly minimumSize?: number;
}

/**
 * Gives an endpoint that is new little of the traffic at first, and more and more of it until the window is over, so
 * that caches fill and code is compiled before the full load comes. Works with LeastRequest and RoundRobin. Each
 * caller's proxy counts from when it learns of the endpoint; where all endpoints are new to it, as on a first call,
 * they share alike.
 */
export interface MeshPolicyLoadBalancerSlowStart {
  /** How long an endpoint is new. 0s turns slow start off, where a layer below turns it on. */
  readonly window: string;
  /**
   * How the share grows. 1: in a straight line with time. Above 1: sooner, which shortens the time at little load.
   * Below 1: later. With t for how much of the window is over, from 0 to 1, the weight is t to the power of
   * 1/aggression. Default: 1.
   */
  readonly aggression?: number;
  /** The least weight of a new endpoint, in percent of its full one. Default: 10. */
  readonly minWeightPercent?: number;
}

/**
 * Prefers endpoints near the caller. Zone and region are those of the nodes, from their labels
 * topology.kubernetes.io/zone and topology.kubernetes.io/region.
 */
export interface MeshPolicyLoadBalancerLocality {
  /**
   * Zone: endpoints in the caller's zone, then those in its region, then all. Region: those in its region, then all.
   * None: all alike. Default: Zone where the Service's trafficDistribution is PreferClose, PreferSameZone or
   * PreferSameNode, otherwise None.
   */
  readonly preference?: MeshPolicyLoadBalancerLocalityPreference;
  /**
   * How far requests may go when near endpoints are missing or unhealthy (not ready, or ejected). Any: everywhere.
   * Region: not out of the caller's region. Never: not out of what preference names, they fail with 503 instead.
   * Default: Any.
   */
  readonly failover?: MeshPolicyLoadBalancerLocalityFailover;
  /**
   * In percent: requests begin to go further when fewer of the near endpoints than this are healthy, in proportion to
   * what is missing. Default: 70.
   */
  readonly failoverThreshold?: number;
}

/**
 * Zone: endpoints in the caller's zone, then those in its region, then all. Region: those in its region, then all.
 * None: all alike. Default: Zone where the Service's trafficDistribution is PreferClose, PreferSameZone or
 * PreferSameNode, otherwise None.
 */
export type MeshPolicyLoadBalancerLocalityPreference = 'None' | 'Zone' | 'Region';

/**
 * How far requests may go when near endpoints are missing or unhealthy (not ready, or ejected). Any: everywhere.
 * Region: not out of the caller's region. Never: not out of what preference names, they fail with 503 instead. Default:
 * Any.
 */
export type MeshPolicyLoadBalancerLocalityFailover = 'Any' | 'Region' | 'Never';

/** Connections from the callers to the endpoints. Binds the callers. */
export interface MeshPolicyConnection {
  /** How long making a connection may take, TLS excluded. Default: 5s. */
  readonly connectTimeout?: string;
  /** When a connection is closed that carries no request (HTTP) or no bytes (TCP); 0s: never. Default: 1h. */
  readonly idleTimeout?: string;
  /** When a connection is replaced however busy it is; requests under way end first; 0s: never, the default. */
  readonly maxDuration?: string;
  /**
   * TCP keep-alive probes on connections to the endpoints. Present but empty: with the system's defaults. Absent: off.
   */
  readonly tcpKeepalive?: MeshPolicyConnectionTcpKeepalive;
  /** HTTP/2 connections, gRPC included. */
  readonly http2?: MeshPolicyConnectionHttp2;
}

/**
 * TCP keep-alive probes on connections to the endpoints. Present but empty: with the system's defaults. Absent: off.
 */
export interface MeshPolicyConnectionTcpKeepalive {
  /** Unanswered probes after which the connection is dead. Default: the system's, 9 on Linux. */
  readonly probes?: number;
  /** Idle time before the first probe, rounded up to whole seconds. Default: the system's, 2h on Linux. */
  readonly time?: string;
  /** Time between probes, rounded up to whole seconds. Default: the system's, 75s on Linux. */
  readonly interval?: string;
}

/** HTTP/2 connections, gRPC included. */
export interface MeshPolicyConnectionHttp2 {
  /** Requests at the same time on one connection; more open a second one. Default: 1024. */
  readonly maxConcurrentStreams?: number;
  /** Flow-control window of each stream, in bytes. Default: the proxy's. */
  readonly initialStreamWindowSize?: number;
  /** Flow-control window of the connection, in bytes. Default: the proxy's. */
  readonly initialConnectionWindowSize?: number;
}

/**
 * Faults that the workload's proxy injects into HTTP and gRPC requests, to try how callers bear them. Binds the
 * workload that is called. A request may be delayed and aborted too.
 */
export interface MeshPolicyFault {
  /** Delays requests before the application sees them. */
  readonly delay?: MeshPolicyFaultDelay;
  /** Answers requests itself. Exactly one of httpStatus and grpcStatus. */
  readonly abort?: MeshPolicyFaultAbort;
}

/** Delays requests before the application sees them. */
export interface MeshPolicyFaultDelay {
  /** Share of the requests, in percent, to four decimals. Default: 100. */
  readonly percent?: number;
  /** How long. */
  readonly duration: string;
}

/** Answers requests itself. Exactly one of httpStatus and grpcStatus. */
export interface MeshPolicyFaultAbort {
  /** Share of the requests, in percent, to four decimals. Default: 100. */
  readonly percent?: number;
  /** HTTP status code of the answer. */
  readonly httpStatus?: number;
  /** gRPC status of the answer. */
  readonly grpcStatus?: MeshPolicyFaultAbortGrpcStatus;
}

/** gRPC status of the answer. */
export type MeshPolicyFaultAbortGrpcStatus = 'Cancelled' | 'Unknown' | 'InvalidArgument' | 'DeadlineExceeded' | 'NotFound' | 'AlreadyExists' | 'PermissionDenied' | 'ResourceExhausted' | 'FailedPrecondition' | 'Aborted' | 'OutOfRange' | 'Unimplemented' | 'Internal' | 'Unavailable' | 'DataLoss' | 'Unauthenticated';
