import type { SourceRef } from './source-ref.ts';
import type { SpiffeId } from './spiffe-id.ts';
import type {
  CircuitBreaker,
  Connection,
  HashKey,
  LoadBalancer,
  Retries,
  RetryBudget,
  Timeouts,
} from './traffic-policy.ts';

/**
 * What a port speaks. `http` is HTTP/1.1 (HTTP/2 is taken as well), `http2` and `grpc` are HTTP/2, `tcp` is opaque (the
 * application's own TLS included), `sniff` was not declared: the proxy looks at the first bytes.
 */
export type Protocol = 'http' | 'http2' | 'grpc' | 'tcp' | 'sniff';

/** True where requests, and not only connections, can be told apart. */
export function carriesHttp(protocol: Protocol): boolean {
  return protocol !== 'tcp';
}

export interface ServiceRef {
  readonly namespace: string;
  readonly name: string;
}

/** What callers of one Service see: the outbound side of the mesh, the same for every proxy. */
export interface Service {
  readonly ref: ServiceRef;
  readonly ports: readonly ServicePort[];
  /** A subset of the endpoints for every label set that a split names; `clusters` of a port hold one cluster each. */
  readonly causes: readonly SourceRef[];
}

export interface ServicePort {
  readonly port: number;
  readonly protocol: Protocol;
  /** `10.96.0.7:80`, `[fd00::7]:80`: what callers dial. A headless Service has none. */
  readonly addresses: readonly string[];
  /** The names callers use, without port, lower case: `reviews.bookstore`, `reviews.bookstore.svc.cluster.local`, … */
  readonly hosts: readonly string[];
  readonly headless: boolean;
  /** Stands for a name outside of the mesh: callers dial what they resolved it to, and only the Host says which Service is meant. */
  readonly external?: true;
  /** For ports that carry HTTP: rules in order, the first match decides; the last one matches everything. */
  readonly rules: readonly RouteRule[];
  /** For opaque bytes, which HTTP ports may see too (a caller's own TLS). Shares of connections. */
  readonly tcp: readonly TcpBackend[];
  /** The clusters that belong to this port: its own endpoints, and the subsets that splits name. */
  readonly clusters: readonly Cluster[];
}

export type StringMatch =
  | { readonly kind: 'exact'; readonly value: string }
  | { readonly kind: 'prefix'; readonly value: string }
  | { readonly kind: 'suffix'; readonly value: string }
  | { readonly kind: 'contains'; readonly value: string }
  | { readonly kind: 'present' };

/**
 * `prefix` ends at path segments: `/a` matches `/a` and `/a/b`, not `/ab`. `starts-with` is plain text: `/a` matches `/ab`
 * too. `template`: `{*}` is a segment, a last `{**}` any number of them. `any` is every path.
 */
export type PathMatch =
  | { readonly kind: 'exact'; readonly value: string }
  | { readonly kind: 'prefix'; readonly value: string }
  | { readonly kind: 'starts-with'; readonly value: string }
  | { readonly kind: 'suffix'; readonly value: string }
  | { readonly kind: 'template'; readonly value: string }
  | { readonly kind: 'any' };

export interface HeaderMatch {
  readonly name: string;
  readonly match: StringMatch;
  readonly negate?: boolean;
}

/** All parts that are given must hold. */
export interface RequestMatch {
  readonly methods?: readonly string[];
  readonly path?: PathMatch;
  readonly headers?: readonly HeaderMatch[];
}

export interface RouteRule {
  /** Any of these; empty matches everything. */
  readonly matches: readonly RequestMatch[];
  /** At least one, weights add up to more than zero; those with weight 0 are kept so that a canary at 0 stays warm in its cluster. */
  readonly backends: readonly WeightedBackend[];
  readonly mirror?: { readonly cluster: ClusterName; readonly percent: number };
  /**
   * A caller keeps the backend that it was given. `cookie`: its value is the backend's name, set by the first response,
   * and followed while that backend has a weight above 0. `header`: a hash of its value chooses, as long as the weights stay.
   */
  readonly sticky?: HashKey;
  readonly timeouts: Timeouts;
  readonly retries?: Retries;
  readonly causes: readonly SourceRef[];
}

export interface WeightedBackend {
  readonly cluster: ClusterName;
  readonly weight: number;
  /** The backend's name in its split, unique in the rule: the value of a sticky cookie. A Service's own route has none. */
  readonly name?: string;
}

/** A backend's endpoints for opaque connections: a cluster's endpoint set, with a share. */
export interface TcpBackend {
  readonly cluster: ClusterName;
  readonly weight: number;
}

/** `namespace/service:port`, and `namespace/service:port|key=value,…` for a subset. Unique in the mesh. */
export type ClusterName = string;

/** The cluster of a backend that does not exist: always there, never with endpoints, so that the backend's share gets 503. */
export const NOWHERE: ClusterName = 'nowhere';

export interface Cluster {
  readonly name: ClusterName;
  readonly service: ServiceRef;
  readonly port: number;
  readonly protocol: Protocol;
  /** The identities that the meshed endpoints may have, sorted; a server with another one is refused. */
  readonly identities: readonly SpiffeId[];
  readonly loadBalancer: LoadBalancer;
  readonly circuitBreaker: CircuitBreaker;
  readonly retryBudget?: RetryBudget;
  readonly connection: Connection;
  readonly headless: boolean;
  /** Outside of the mesh: calls go in plain text to the address that was dialled; there are no endpoints. */
  readonly external?: true;
  readonly causes: readonly SourceRef[];
}
