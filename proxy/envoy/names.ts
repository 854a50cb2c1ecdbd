import type { ClusterName, Locality, ServiceRef } from '../model/index.ts';

/** Listeners of a proxy that has its traffic redirected to it. */
export const OUTBOUND_LISTENER = 'outbound';
export const INBOUND_LISTENER = 'inbound';
/** Takes connections to some ports over from the outbound listener. */
export const HTTP_PORTS_LISTENER = 'outbound/http-ports';
/** Where those listen, on every address of the pod. */
export const OUTBOUND_PORT = 15001;
export const INBOUND_PORT = 15006;
/** Where the admin interface listens, on loopback, unless the bootstrap says otherwise. */
const ADMIN_PORT = 15000;
/**
 * Ports of a pod that belong to its proxy: nobody gets there from outside, whatever Services and containers declare. What is
 * taken in goes to loopback, where the admin interface is.
 */
export const PROXY_PORTS: readonly number[] = [ADMIN_PORT, OUTBOUND_PORT, INBOUND_PORT];

/**
 * Where connections come from that the inbound listener makes to the pod's own address, as the application listens on ports that
 * nobody declared. Redirection leaves these alone, and sends to {@link INBOUND_PORT} what else the proxy connects to itself: the
 * application that calls itself through its Service.
 */
export const INBOUND_SOURCE = { ipv4: '127.0.0.6', ipv6: '::1' } as const;

/** The route configuration for HTTP to addresses that are no Service's: headless Services by Host, the rest passed through. */
export const ELSEWHERE = 'elsewhere';
/** The cluster that connects to where the caller wanted to go. */
export const PASSTHROUGH = 'passthrough';

/** The proxy's own certificate and key; the same name for every identity. */
export const IDENTITY_SECRET = 'identity';
/** The region of endpoints that speak mTLS; what Envoy dumps of itself has it, and not the metadata of the locality. */
export const MTLS_REGION = 'mtls';
/** What certificates of the mesh are verified against. */
export const ROOTS_SECRET = 'roots';

/** The address a request was sent to, while it is inside a proxy; removed before it leaves. */
export const DIALLED_HEADER = 'x-dot-kube-dst';
/** Headers that only proxies of the mesh may set. */
export const INTERNAL_HEADER_PREFIX = 'x-dot-kube-';

/** What the server name of TLS between proxies ends with; nothing outside the mesh resolves or serves it. */
const SERVER_NAME_SUFFIX = 'mesh.dot-kube.internal';

/** Whether a connection between proxies carries HTTP or opaque bytes. The server name says so, as ALPN is left to HTTP itself. */
export type Payload = 'http' | 'tcp';

/** The server name that a caller's proxy asks for: `reviews.bookstore.http.mesh.dot-kube.internal`. */
export function serverName(service: ServiceRef, payload: Payload): string {
  return `${service.name}.${service.namespace}.${payload}.${SERVER_NAME_SUFFIX}`;
}

/** The server names that the called workload's proxy takes as the mesh's own. */
export function serverNamePattern(payload: Payload): string {
  return `*.${payload}.${SERVER_NAME_SUFFIX}`;
}

/** The route configuration of a Service's port: `bookstore/reviews:80`. */
export function routeName(service: ServiceRef, port: number): string {
  return `${service.namespace}/${service.name}:${port}`;
}

/**
 * The scope of an address: for IPv4 its six bytes in base64url, as every proxy has a scope of every address of the mesh and
 * the address stands in it already, as its key.
 */
export function scopeName(address: string): string {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3}):(\d{1,5})$/.exec(address)?.slice(1).map(Number);
  if (parts === undefined) return address;
  const port = parts.pop() ?? 0;
  return Buffer.from([...parts, port >> 8, port & 255]).toString('base64url');
}

/** The cluster of all endpoints of a Service's port; has the same name as its route configuration. */
export function rootClusterName(service: ServiceRef, port: number): ClusterName {
  return routeName(service, port);
}

/** A port of the workload, in the names of its routes and its cluster; `other` is every port that nobody declared. */
export type InboundName = number | 'other';

/** `inbound/8080`. */
export function inboundName(port: InboundName): string {
  return `inbound/${port}`;
}

/** Name of the layer whose endpoints are in the order of preference of callers in that zone. */
export function localityKey(locality: Locality): string {
  return `${locality.region}/${locality.zone}`;
}
