/** The audience that proxies' tokens are made for. A token for another is refused. */
export const TOKEN_AUDIENCE = 'dot-kube';

/** Who a stream's token speaks for. */
export interface PodToken {
  readonly kind: 'pod';
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly podName: string;
  readonly podUid: string;
}

/** Why a token was not accepted. The reason never quotes the token. */
export interface RefusedToken {
  readonly kind: 'refused';
  readonly reason: string;
  /** The token may be good: who could tell did not answer. Answer UNAVAILABLE, not UNAUTHENTICATED. */
  readonly retryable: boolean;
  /** Nobody answered who could tell: the API server is away, or in trouble. Default: false. */
  readonly isUnanswered?: boolean;
}

/** What a review says of a token. */
export type TokenReviewResult = PodToken | RefusedToken;

/** Tells which pod a bearer token speaks for. Never throws on a bad token. */
export interface TokenAuthenticator {
  review(token: string): Promise<TokenReviewResult>;
}

/** A final refusal. */
export function refuse(reason: string): RefusedToken {
  return { kind: 'refused', reason, retryable: false };
}

/** The token of an `authorization` header; `undefined` where it is not a bearer token (RFC 6750 §2.1). */
export function bearerTokenOf(authorization: string | undefined): string | undefined {
  return /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i.exec(authorization ?? '')?.[1];
}
