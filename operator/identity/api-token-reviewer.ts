import { createHash } from 'node:crypto';
import type { Api } from '../framework/api/api.ts';
import { ApiError } from '../framework/api/api-error.ts';
import type { KubernetesObject } from '../framework/api/object.ts';
import { resourceKind } from '../framework/api/resource-kind.ts';
import type { Clock } from '../framework/clock.ts';
import { refuse, type TokenAuthenticator, TOKEN_AUDIENCE, type TokenReviewResult } from './token-authenticator.ts';

/** `authentication.k8s.io/v1` TokenReview, as far as it is used here. */
export interface TokenReview extends KubernetesObject {
  readonly spec: { readonly token: string; readonly audiences?: readonly string[] };
  readonly status?: TokenReviewStatus;
}

/** What the API server says of a token. */
export interface TokenReviewStatus {
  readonly authenticated?: boolean;
  readonly audiences?: readonly string[];
  readonly error?: string;
  readonly user?: {
    readonly username?: string;
    readonly extra?: Readonly<Record<string, readonly string[]>>;
  };
}

/** The kind to create reviews with; nothing is stored. */
export const TOKEN_REVIEW = resourceKind<TokenReview>('authentication.k8s.io/v1', 'TokenReview', { namespaced: false });

/** The settings of a reviewer. */
export interface ApiTokenReviewerOptions {
  readonly api: Pick<Api, 'create'>;
  readonly clock: Clock;
  /** How long an accepted token is not asked about again, milliseconds. Default: 10 s. */
  readonly cacheTtlMs?: number;
  /** Accepted tokens that are remembered; the oldest goes first. Default: 10,000. */
  readonly cacheSize?: number;
  /** How long the API server may take, milliseconds. Default: 8 s. */
  readonly timeoutMs?: number;
}

interface CachedReview {
  readonly result: TokenReviewResult;
  readonly until: number;
}

const longestToken = 16 * 1024;

/** Less than a stream may take to be let in, so that it hears that nobody could tell, and not that it was too slow itself. */
const TIMEOUT_MS = 8000;

/**
 * Has the API server review tokens: projected service account tokens with the audience `dot-kube`, bound to a
 * pod. Accepted ones are remembered for a moment by their SHA-256, so that a proxy that reconnects in a loop
 * costs no review each time; equal tokens that arrive together share one review.
 */
export class ApiTokenReviewer implements TokenAuthenticator {
  readonly #options: ApiTokenReviewerOptions;
  readonly #accepted = new Map<string, CachedReview>();
  readonly #underWay = new Map<string, Promise<TokenReviewResult>>();

  constructor(options: ApiTokenReviewerOptions) {
    this.#options = options;
  }

  async review(token: string): Promise<TokenReviewResult> {
    if (token === '' || token.length > longestToken) return refuse('the token is empty or too long');
    const key = createHash('sha256').update(token).digest('base64');
    const cached = this.#accepted.get(key);
    if (cached !== undefined && cached.until > this.#options.clock.now()) return cached.result;
    const started = this.#underWay.get(key) ?? this.#start(key, token);
    return await started;
  }

  #start(key: string, token: string): Promise<TokenReviewResult> {
    const review = this.#ask(token).then((result) => {
      this.#underWay.delete(key);
      if (result.kind === 'pod') this.#remember(key, result);
      return result;
    });
    this.#underWay.set(key, review);
    return review;
  }

  async #ask(token: string): Promise<TokenReviewResult> {
    const { api, timeoutMs = TIMEOUT_MS } = this.#options;
    try {
      const answer = await api.create(
        TOKEN_REVIEW,
        {
          apiVersion: 'authentication.k8s.io/v1',
          kind: 'TokenReview',
          metadata: { name: '' },
          spec: { token, audiences: [TOKEN_AUDIENCE] },
        },
        { signal: AbortSignal.timeout(timeoutMs) },
      );
      return tokenReviewResult(answer.status);
    } catch (error) {
      const { code, reason } = ApiError.from(error);
      return {
        kind: 'refused',
        reason: `the API server did not review the token (${reason})`,
        retryable: true,
        ...(code === 0 || code >= 500 ? { isUnanswered: true } : {}),
      };
    }
  }

  #remember(key: string, result: TokenReviewResult): void {
    const { clock, cacheTtlMs = 10_000, cacheSize = 10_000 } = this.#options;
    this.#accepted.delete(key);
    this.#accepted.set(key, { result, until: clock.now() + cacheTtlMs });
    for (const oldest of this.#accepted.keys()) {
      if (this.#accepted.size <= cacheSize) break;
      this.#accepted.delete(oldest);
    }
  }
}

/** What a review's status says. Only a token that is bound to a pod speaks for one. */
export function tokenReviewResult(status: TokenReviewStatus | undefined): TokenReviewResult {
  if (status?.authenticated !== true) return refuse('the API server does not know the token, or it has expired');
  // A server that knows nothing of audiences answers without them: its tokens are good for any.
  if (!(status.audiences ?? []).includes(TOKEN_AUDIENCE)) {
    return refuse(`the token is not for the audience ${TOKEN_AUDIENCE}`);
  }
  const account = /^system:serviceaccount:([a-z0-9.-]+):([a-z0-9.-]+)$/.exec(status.user?.username ?? '');
  const [, namespace, serviceAccount] = account ?? [];
  if (namespace === undefined || serviceAccount === undefined) return refuse('the token is not a service account’s');
  const extra = new Map(Object.entries(status.user?.extra ?? {}));
  const podName = extra.get('authentication.kubernetes.io/pod-name')?.[0];
  const podUid = extra.get('authentication.kubernetes.io/pod-uid')?.[0];
  if (!podName || !podUid) return refuse('the token is not bound to a pod');
  return { kind: 'pod', namespace, serviceAccount, podName, podUid };
}
