import type { SubscriptionLimits } from './subscription.ts';

/** What a peer may cost. Sizes in bytes, times in milliseconds. */
export interface Limits extends SubscriptionLimits {
  /** Largest request before the stream is authenticated: Envoy's first one carries its node, up to 100 KB. */
  readonly unauthenticatedMessage: number;
  /** Largest request afterwards: after a reconnect it lists what the proxy holds, about 100 bytes each. */
  readonly message: number;
  /** Largest header block of a request. */
  readonly headers: number;
  /** Streams of one connection at the same time; Envoy has one. */
  readonly streamsPerConnection: number;
  /** Streams that have not authenticated yet, of all connections. */
  readonly unauthenticatedStreams: number;
  /** Bytes of requests that all streams that have not authenticated yet hold together. */
  readonly unauthenticatedBytes: number;
  /** For token and first request to come in and be judged, and for a connection to be used at all. */
  readonly authenticationMs: number;
  /** Unread bytes of one stream beyond which it is told nothing new and not read from. */
  readonly unreadBytes: number;
  /** A stream whose peer takes no bytes for so long, while some wait, is closed; it is looked at six times meanwhile. */
  readonly stuckMs: number;
  /** Between two HTTP/2 pings of a connection. */
  readonly pingMs: number;
  /** For the answer to a ping, after which the connection is closed. */
  readonly pingTimeoutMs: number;
}

/** Limits that suit Envoys. */
export const defaultLimits: Limits = {
  unauthenticatedMessage: 1 << 20,
  message: 16 << 20,
  headers: 16 << 10,
  streamsPerConnection: 8,
  unauthenticatedStreams: 512,
  unauthenticatedBytes: 8 << 20,
  authenticationMs: 10_000,
  unreadBytes: 256 << 10,
  stuckMs: 24_000,
  pingMs: 15_000,
  pingTimeoutMs: 10_000,
  names: 100_000,
  nameLength: 2048,
};

/** How long one thing waits for another, in milliseconds. Nothing waits for ever. */
export interface Waits {
  /** A changed resource is with one proxy alone until its ACK, or for so long. */
  readonly canary: number;
  /** A route or listener waits until the clusters that it newly refers to are warm, or for so long. */
  readonly warmUp: number;
  /** A removal waits until nothing refers to it on the proxy, or for so long. */
  readonly removal: number;
  /** After a reconnect, what the proxy brought along is not removed for so long: its subscriptions come one by one. */
  readonly reconnect: number;
  /** A proxy that is to find the culprit of a refused response and does not answer for so long is given up on. */
  readonly probe: number;
}

/** Waits that suit Envoys. */
export const defaultWaits: Waits = { canary: 500, warmUp: 1500, removal: 5000, reconnect: 5000, probe: 3000 };
