/** How calls to one Service behave. Durations are milliseconds; `0` disables a time-out; absent means Envoy's or our default. */

export interface Timeouts {
  /** Whole request, retries included. Default: none, so that long streams are not cut. */
  readonly requestMs?: number;
  /** No byte in either direction on a stream. Default: none, so that long streams are not cut. */
  readonly idleMs?: number;
  /** One attempt. */
  readonly perTryMs?: number;
}

export interface Retries {
  /** Retries after the first attempt. */
  readonly attempts: number;
  /** Envoy's own names, HTTP (`5xx`, `gateway-error`, `connect-failure`, …) and gRPC (`unavailable`, …). */
  readonly on: readonly string[];
  /** Further response codes that are retried. */
  readonly statusCodes: readonly number[];
  readonly backoff?: { readonly baseMs: number; readonly maxMs?: number };
}

/** Retries allowed at once, as a share of the active requests (0-100) with a floor. */
export interface RetryBudget {
  readonly percent: number;
  readonly minConcurrent: number;
}

export interface OutlierDetection {
  /** 5xx, resets and failed connects in a row. 0 turns the count off. */
  readonly consecutiveErrors?: number;
  /** 502, 503, 504 in a row. */
  readonly consecutiveGatewayErrors?: number;
  readonly intervalMs?: number;
  readonly baseEjectionMs?: number;
  readonly maxEjectionMs?: number;
  /** 0-100. */
  readonly maxEjectionPercent?: number;
  readonly minHealthPercent?: number;
}

export interface CircuitBreaker {
  readonly maxConnections?: number;
  readonly maxPendingRequests?: number;
  readonly maxRequests?: number;
  readonly maxRetries?: number;
  readonly maxRequestsPerConnection?: number;
  readonly outlierDetection?: OutlierDetection;
}

/** What a consistent hash, or a sticky choice, is made from. */
export type HashKey =
  | { readonly kind: 'header'; readonly name: string }
  /** Envoy sets the cookie when the caller has none; `ttlMs` 0 is a session cookie; absent never sets it. */
  | { readonly kind: 'cookie'; readonly name: string; readonly path?: string; readonly ttlMs?: number }
  | { readonly kind: 'source-ip' };

/** Where calls may go as long as enough endpoints there are healthy. */
export interface LocalityPreference {
  readonly prefer: 'zone' | 'region';
  /** Share of healthy endpoints (1-100) under which traffic starts to go farther. Envoy's default is 71.4 %. */
  readonly failoverThresholdPercent?: number;
  /** How far calls may go at most: out of the zone but not out of the region, or not out of what is preferred. Default: anywhere. */
  readonly failover?: 'region' | 'never';
}

/** An endpoint that is new begins with little of the traffic. */
export interface SlowStart {
  readonly windowMs: number;
  /** The weight is the share of the window that is over, to the power of 1/aggression. Default: 1. */
  readonly aggression?: number;
  /** The least weight, 0-100. Default: 10. */
  readonly minWeightPercent?: number;
}

export type Algorithm =
  | { readonly kind: 'least-request'; readonly slowStart?: SlowStart }
  | { readonly kind: 'round-robin'; readonly slowStart?: SlowStart }
  | { readonly kind: 'random' }
  | { readonly kind: 'ring-hash'; readonly key: HashKey; readonly minimumSize?: number }
  | { readonly kind: 'maglev'; readonly key: HashKey; readonly tableSize?: number };

export interface LoadBalancer {
  readonly algorithm: Algorithm;
  readonly locality?: LocalityPreference;
}

export interface Connection {
  readonly connectMs?: number;
  readonly idleMs?: number;
  readonly maxDurationMs?: number;
  readonly tcpKeepalive?: {
    readonly probes?: number;
    readonly timeSeconds?: number;
    readonly intervalSeconds?: number;
  };
  readonly http2?: {
    readonly maxConcurrentStreams?: number;
    readonly streamWindowBytes?: number;
    readonly connectionWindowBytes?: number;
  };
}

/** Faults are injected by the called workload's proxy. Percentages are 0-100 with up to four decimals. */
export interface Fault {
  readonly delay?: { readonly percent: number; readonly delayMs: number };
  readonly abort?: { readonly percent: number } & (
    | { readonly kind: 'http'; readonly status: number }
    | { readonly kind: 'grpc'; readonly status: number }
  );
}
