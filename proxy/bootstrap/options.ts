import type { ProbeAddress, ProbeRoute } from './application-probes.ts';

/** JSON, as Envoy reads its start-up configuration. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** What a proxy is started with; all else comes over xDS. */
export interface BootstrapOptions {
  /** Default: what the command line says; see `envoyArgs`. */
  readonly node?: ProxyNode;
  readonly controlPlane: ControlPlane;
  /** Asked when the control plane does not answer. Default: nobody. */
  readonly standby?: ControlPlane;
  /** Default: port 15000 of 127.0.0.1. */
  readonly admin?: AdminAddress;
  /** A listener for the kubelet and for Prometheus, who cannot reach the admin interface. Default: none. */
  readonly probes?: ProbeListener;
  /** Probes of the application that are passed on to it, past all that the mesh asks of callers. Default: none. */
  readonly applicationProbes?: { readonly address: ProbeAddress; readonly routes: readonly ProbeRoute[] };
  /** Whether clusters may be sent unasked (mirror targets) beside those that are asked for. Default: true. */
  readonly clusterDiscovery?: boolean;
  /**
   * How long the first configuration is waited for before the proxy calls itself ready without one, milliseconds.
   * Default: 0, which is for ever.
   */
  readonly initialFetchTimeoutMs?: number;
  readonly stats?: StatsOptions;
  /** Whether clusters and their statistics take memory only once they are used. Default: true. */
  readonly deferredCreation?: boolean;
  readonly limits?: ProxyLimits;
  /** Runtime keys and feature flags by name, over the ones that are set here. Default: none. */
  readonly runtime?: Readonly<Record<string, string | number | boolean>>;
}

/** Who the proxy says it is: for people and logs. What it may see follows from its token, not from this. */
export interface ProxyNode {
  readonly id: string;
  readonly cluster: string;
  readonly locality?: { readonly region: string; readonly zone?: string; readonly subZone?: string };
  readonly metadata?: JsonObject;
}

/** Where the control plane listens. */
export interface ControlPlaneAddress {
  /** A DNS name or an IP address. */
  readonly host: string;
  readonly port: number;
}

/** How a proxy reaches a control plane. */
export type ControlPlane = SecureControlPlane | PlaintextControlPlane;

/** What both ways of reaching a control plane have in common. */
export interface ControlPlaneConnection {
  /** Replicas; one is picked at random. A DNS name stands for all its addresses. */
  readonly addresses: readonly ControlPlaneAddress[];
  /** TLS included. Default: 5,000; 400 for a control plane beside which there is a standby. */
  readonly connectTimeoutMs?: number;
  /** A silent connection is pinged after so long, milliseconds. Default: 15,000. */
  readonly keepaliveIntervalMs?: number;
  /** A connection whose ping is not answered for so long is closed, milliseconds. Default: 5,000. */
  readonly keepaliveTimeoutMs?: number;
  /** Jittered exponential back-off of a stream that ended, milliseconds. Default: 500 to 10,000; 200 to 10,000 beside a standby. */
  readonly reconnectMs?: { readonly base: number; readonly max: number };
}

/** TLS, with a bearer token in every stream. */
export interface SecureControlPlane extends ControlPlaneConnection {
  readonly kind: 'tls';
  /** The server's certificate must have one of these names. */
  readonly serverNames: readonly ServerName[];
  /** SDS file of the roots: {@link rootsSecret}. */
  readonly roots: SecretFile;
  /** SDS file of the token: {@link tokenSecret}. */
  readonly token: SecretFile;
  /** TLS server name indication. Default: the first DNS name of `serverNames`. */
  readonly sni?: string;
}

/** Neither TLS nor a proof of identity, for load tests. Any address but loopback is refused. */
export interface PlaintextControlPlane extends ControlPlaneConnection {
  readonly kind: 'plaintext';
  /** Default: no token is sent. */
  readonly token?: SecretFile;
}

/** A name that a certificate may have. */
export interface ServerName {
  readonly kind: 'dns' | 'uri' | 'ip';
  readonly value: string;
}

/** A file with one SDS resource, read again whenever something is moved into the watched directory. */
export interface SecretFile {
  /** Ends in `.json`. */
  readonly path: string;
  /** Where the `..data` link of a Kubernetes volume is swapped. Default: the directory of `path`. */
  readonly watchedDirectory?: string;
}

/** Where the admin interface listens: loopback, or a Unix socket (`@name` is in the abstract namespace). */
export type AdminAddress =
  | { readonly kind: 'tcp'; readonly address: string; readonly port: number }
  | { readonly kind: 'pipe'; readonly path: string };

/** Answers `GET /ready` and `GET /stats/prometheus`, and nothing else, from the admin interface. */
export interface ProbeListener {
  /** Default: `0.0.0.0`. */
  readonly address?: string;
  /** Where it listens too. Default: nowhere. */
  readonly additionalAddresses?: readonly string[];
  readonly port: number;
}

/** Which statistics are kept. Default: all. */
export type StatsOptions =
  | { readonly kind: 'only'; readonly prefixes: readonly string[] }
  | { readonly kind: 'without'; readonly prefixes: readonly string[] };

/** When the proxy protects itself (Envoy's overload manager). Default: no limits. */
export interface ProxyLimits {
  /** At 90 % memory is given back, at 95 % requests and at 98 % connections are refused. */
  readonly heapBytes?: number;
  readonly downstreamConnections?: number;
}

/** The options cannot be what was meant. `field` is the path of the one at fault. */
export class BootstrapError extends Error {
  override readonly name = 'BootstrapError';
  readonly field: string;

  constructor(field: string, message: string) {
    super(`${field}: ${message}`);
    this.field = field;
  }
}
