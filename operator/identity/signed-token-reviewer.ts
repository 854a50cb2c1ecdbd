import { verify } from 'node:crypto';
import type { Clock } from '../framework/clock.ts';
import type { TokenKey, TokenKeys } from './signing-keys.ts';
import {
  type PodToken,
  type RefusedToken,
  refuse,
  type TokenAuthenticator,
  TOKEN_AUDIENCE,
  type TokenReviewResult,
} from './token-authenticator.ts';

/** What a reviewer is made of. */
export interface SignedTokenReviewerOptions {
  /** Asked first. */
  readonly reviewer: TokenAuthenticator;
  readonly keys: TokenKeys;
  readonly clock: Clock;
}

const LONGEST_TOKEN = 16 * 1024;

/**
 * Has tokens reviewed; where nobody answers who could, tells by itself whether the cluster has signed them for a pod and for the
 * audience `dot-kube`, and whether they have not expired. Whether that pod still exists has to be known otherwise.
 */
export class SignedTokenReviewer implements TokenAuthenticator {
  readonly #options: SignedTokenReviewerOptions;

  constructor(options: SignedTokenReviewerOptions) {
    this.#options = options;
  }

  async review(token: string): Promise<TokenReviewResult> {
    const { clock, keys, reviewer } = this.#options;
    const review = await reviewer.review(token);
    if (review.kind === 'pod' || review.isUnanswered !== true) return review;
    return reviewSigned(token, keys, clock.now());
  }
}

/** What a signed token says at a time, epoch milliseconds. Pure. */
export function reviewSigned(token: string, keys: TokenKeys, now: number): TokenReviewResult {
  const parts = token.split('.');
  if (token.length > LONGEST_TOKEN || parts.length !== 3) return refuse('the token is no signed token');
  const [header, claims] = [jsonOf(parts[0]), jsonOf(parts[1])];
  const key = keys.keyOf(textOf(header?.['kid']));
  // Keys change, and the API server, when it is back, knows.
  if (key === undefined) return retryLater('the token is signed with a key that is not known here');
  if (claims === undefined || header?.['alg'] !== key.algorithm || !isSigned(parts, key)) {
    return refuse('the token was not signed by the cluster');
  }
  const problem = problemOf(claims, keys.issuer, now);
  return problem === undefined ? (podOf(claims) ?? refuse('the token is not bound to a pod')) : refuse(problem);
}

/** The algorithm is that of the key, whatever the header says. */
function isSigned([head, payload, signature = '']: readonly string[], { algorithm, key }: TokenKey): boolean {
  const signed = Buffer.from(`${head}.${payload}`);
  return verify(
    `sha${algorithm.slice(2)}`,
    signed,
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
}

function problemOf({ aud, exp, iss, nbf = 0 }: Fields, issuer: string | undefined, now: number): string | undefined {
  if (issuer === undefined || iss !== issuer) return 'the token is of another issuer';
  if (!Array.isArray(aud) || !aud.includes(TOKEN_AUDIENCE))
    return `the token is not for the audience ${TOKEN_AUDIENCE}`;
  if (typeof exp !== 'number' || exp * 1000 <= now) return 'the token has expired';
  return typeof nbf !== 'number' || nbf * 1000 > now ? 'the token is not valid yet' : undefined;
}

function podOf(claims: Fields): PodToken | undefined {
  const bound = claims['kubernetes.io'];
  if (!isFields(bound)) return undefined;
  const { namespace, pod, serviceaccount } = bound;
  if (!isFields(pod) || !isFields(serviceaccount)) return undefined;
  const found = {
    namespace: textOf(namespace),
    serviceAccount: textOf(serviceaccount['name']),
    podName: textOf(pod['name']),
    podUid: textOf(pod['uid']),
  };
  return Object.values(found).includes('') ? undefined : { kind: 'pod', ...found };
}

type Fields = Readonly<Record<string, unknown>>;

function jsonOf(part = ''): Fields | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function retryLater(reason: string): RefusedToken {
  return { kind: 'refused', reason, retryable: true };
}
