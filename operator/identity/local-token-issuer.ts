import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../framework/clock.ts';
import { refuse, type TokenAuthenticator, TOKEN_AUDIENCE, type TokenReviewResult } from './token-authenticator.ts';

/** A pod to make a token for. */
export interface LocalPod {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly podName: string;
  readonly podUid: string;
}

/** The settings of a local token issuer. */
export interface LocalTokenIssuerOptions {
  readonly clock: Clock;
  /** Life of a token, milliseconds. Default: one hour, as the kubelet's shortest is ten minutes. */
  readonly ttlMs?: number;
  /** Whether the pod still exists. Default: it does. */
  readonly podExists?: (podUid: string) => boolean;
}

const issuer = 'https://local.dot-kube.io';
const longestToken = 4096;
const header = Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'JWT' })).toString('base64url');

/**
 * Makes and reviews the tokens of the local mode, where no API server does. They have the claims of Kubernetes'
 * projected tokens and are signed (RFC 7515, HS256) with a key that lives and dies with this object.
 */
export class LocalTokenIssuer implements TokenAuthenticator {
  readonly #options: LocalTokenIssuerOptions;
  readonly #key = randomBytes(32);

  constructor(options: LocalTokenIssuerOptions) {
    this.#options = options;
  }

  /** A token for a pod and an audience, and when to write the next one (80 % of its life, as the kubelet does). */
  issue(pod: LocalPod, audience: string = TOKEN_AUDIENCE): { readonly token: string; readonly renewAt: number } {
    const { clock, ttlMs = 3_600_000 } = this.#options;
    const now = clock.now();
    const claims = {
      iss: issuer,
      aud: [audience],
      sub: `system:serviceaccount:${pod.namespace}:${pod.serviceAccount}`,
      iat: Math.floor(now / 1000),
      exp: Math.floor((now + ttlMs) / 1000),
      'kubernetes.io': {
        namespace: pod.namespace,
        pod: { name: pod.podName, uid: pod.podUid },
        serviceaccount: { name: pod.serviceAccount },
      },
    };
    const signed = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
    return { token: `${signed}.${this.#sign(signed).toString('base64url')}`, renewAt: now + ttlMs * 0.8 };
  }

  review(token: string): Promise<TokenReviewResult> {
    return Promise.resolve(this.#review(token));
  }

  #review(token: string): TokenReviewResult {
    const payload = token.length <= longestToken ? this.#verified(token) : undefined;
    if (payload === undefined) return refuse('the token was not signed by this control plane');
    const claims = claimsOf(payload);
    if (claims === undefined) return refuse('the token does not name a pod');
    if (!claims.audiences.includes(TOKEN_AUDIENCE))
      return refuse(`the token is not for the audience ${TOKEN_AUDIENCE}`);
    if (claims.expiresAt <= this.#options.clock.now()) return refuse('the token has expired');
    if (this.#options.podExists?.(claims.pod.podUid) === false) {
      return refuse(`the pod ${claims.pod.namespace}/${claims.pod.podName} of the token is gone`);
    }
    return { kind: 'pod', ...claims.pod };
  }

  /** The payload, when the header is ours to the byte (no choice of algorithm) and the signature fits. */
  #verified(token: string): string | undefined {
    const [first, payload, signature, ...rest] = token.split('.');
    if (first !== header || payload === undefined || signature === undefined || rest.length > 0) return undefined;
    const expected = this.#sign(`${header}.${payload}`);
    const given = Buffer.from(signature, 'base64url');
    return given.length === expected.length && timingSafeEqual(given, expected) ? payload : undefined;
  }

  #sign(text: string): Buffer {
    return createHmac('sha256', this.#key).update(text).digest();
  }
}

interface Claims {
  readonly audiences: readonly unknown[];
  readonly expiresAt: number;
  readonly pod: LocalPod;
}

/** Only for payloads whose signature has been verified: their form is the one that `issue` gave them. */
function claimsOf(payload: string): Claims | undefined {
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as {
    readonly aud: readonly unknown[];
    readonly exp: number;
    readonly 'kubernetes.io': {
      readonly namespace: string;
      readonly pod: { readonly name: string; readonly uid: string };
      readonly serviceaccount: { readonly name: string };
    };
  };
  const { namespace, pod, serviceaccount } = claims['kubernetes.io'];
  return {
    audiences: claims.aud,
    expiresAt: claims.exp * 1000,
    pod: { namespace, serviceAccount: serviceaccount.name, podName: pod.name, podUid: pod.uid },
  };
}
