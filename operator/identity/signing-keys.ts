import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import type { CancelTimer, Clock } from '../framework/clock.ts';
import type { Logger } from '../framework/log.ts';

/** What a token of the cluster is verified with. */
export interface TokenKeys {
  /** Who must have issued it: claim `iss`. Undefined: not known, so nothing can be verified. */
  readonly issuer: string | undefined;
  /** The key of an id (`kid`), and the one algorithm that it is for. */
  keyOf(id: string): TokenKey | undefined;
}

/** One public key. */
export interface TokenKey {
  readonly key: KeyObject;
  /** As in the header of a JWT: `RS256`. */
  readonly algorithm: string;
}

/** What keeps the keys. */
export interface SigningKeysOptions {
  /** The JSON at a path of the API server. */
  readonly getPath: (path: string, options: { readonly signal: AbortSignal }) => Promise<unknown>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** How often the keys are read, and after a failure, milliseconds. */
const REFRESH_MS = 5 * 60_000;
const RETRY_MS = 10_000;
const TIMEOUT_MS = 10_000;

const CURVES: ReadonlyMap<string, string> = new Map([
  ['P-256', 'ES256'],
  ['P-384', 'ES384'],
  ['P-521', 'ES512'],
]);

/**
 * The public keys that the API server signs service account tokens with, as it publishes them to every service account (OpenID Connect
 * discovery). Read again now and then; what was read last stays while it cannot be.
 */
export class SigningKeys implements TokenKeys {
  readonly #options: SigningKeysOptions;
  #issuer: string | undefined;
  #keys: ReadonlyMap<string, TokenKey> = new Map();
  #cancel: CancelTimer | undefined;
  #hasFailed = false;

  constructor(options: SigningKeysOptions) {
    this.#options = options;
  }

  get issuer(): string | undefined {
    return this.#issuer;
  }

  keyOf(id: string): TokenKey | undefined {
    return this.#keys.get(id);
  }

  /** Reads the keys, now and from then on. Resolves after the first try, whatever came of it. */
  async start(): Promise<void> {
    const { clock, getPath, log } = this.#options;
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    let next = REFRESH_MS;
    try {
      const [discovery, keys] = await Promise.all([
        getPath('/.well-known/openid-configuration', { signal }),
        getPath('/openid/v1/jwks', { signal }),
      ]);
      // Both or none of them: what was read last is better than an answer that says nothing.
      const read = { issuer: issuerOf(discovery), keys: tokenKeys(keys) };
      if (read.keys.size === 0) throw new Error('the API server publishes no key that is understood here');
      [this.#issuer, this.#keys] = [read.issuer, read.keys];
      this.#hasFailed = false;
    } catch (error) {
      next = RETRY_MS;
      if (!this.#hasFailed) log.warn('the keys of service account tokens could not be read', { error });
      this.#hasFailed = true;
    }
    this.#cancel = clock.setTimeout(() => void this.start(), next);
  }

  close(): void {
    this.#cancel?.();
  }
}

/** The keys of a JWK set (RFC 7517) that are understood here. Pure. */
export function tokenKeys(set: unknown): ReadonlyMap<string, TokenKey> {
  const keys = (set as { readonly keys?: unknown } | null)?.keys;
  if (!Array.isArray(keys)) return new Map();
  return new Map(
    (keys as readonly (JsonWebKey & { readonly kid?: unknown })[]).flatMap((jwk): readonly [string, TokenKey][] => {
      const { crv, kid, kty } = jwk ?? {};
      const curve = typeof crv === 'string' ? CURVES.get(crv) : undefined;
      const algorithm = kty === 'RSA' ? 'RS256' : kty === 'EC' ? curve : undefined;
      const key = algorithm === undefined ? undefined : publicKeyOf(jwk);
      if (algorithm === undefined || key === undefined || typeof kid !== 'string' || kid === '') return [];
      return [[kid, { key, algorithm }]];
    }),
  );
}

/** One key that is broken takes no other one with it. */
function publicKeyOf(key: JsonWebKey): KeyObject | undefined {
  try {
    const made = createPublicKey({ key, format: 'jwk' });
    const { modulusLength = 2048 } = made.asymmetricKeyDetails ?? {};
    return modulusLength < 2048 ? undefined : made;
  } catch {
    return undefined;
  }
}

function issuerOf(discovery: unknown): string {
  const issuer = (discovery as { readonly issuer?: unknown } | null)?.issuer;
  if (typeof issuer !== 'string' || issuer === '') throw new Error('the API server does not say who issues its tokens');
  return issuer;
}
