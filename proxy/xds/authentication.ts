import type { NodeClaim } from './wire/request.ts';

/** What a peer shows of itself. */
export interface Credentials {
  /** From `authorization: Bearer …`. */
  readonly token: string;
  /** A claim: what the proxy may see follows from the token. */
  readonly node: NodeClaim;
}

/** An open stream of a proxy, in the hands of whoever knows its workload. */
export interface ProxyConnection {
  readonly proxyId: string;
  /** Least specific first. */
  readonly layers: readonly string[];
  /** The proxy may see other layers from now on. */
  setLayers(layers: readonly string[]): void;
  /** Ends the stream: its pod is gone, say. The proxy may come back and authenticate anew. */
  close(reason: string): void;
}

/** Who a peer is. */
export interface AuthenticatedProxy {
  /** Names the proxy in statuses; one that reconnects has it again. */
  readonly proxyId: string;
  /** The layers of the cache that it may see, least specific first. */
  readonly layers: readonly string[];
  readonly onOpened?: (connection: ProxyConnection) => void;
  readonly onClosed?: () => void;
}

/**
 * Judges a peer. Rejects for one that is not to be let in; with {@link AuthenticationUnavailableError} when that cannot
 * be told at present.
 */
export type Authenticate = (credentials: Credentials) => Promise<AuthenticatedProxy>;

/** Whether a peer is to be let in cannot be told at present: it is asked to come again. */
export class AuthenticationUnavailableError extends Error {
  override readonly name = 'AuthenticationUnavailableError';
}
