import type { Init } from './init.ts';
import { ApiVersion, type ConfigSourceSchema, duration, type SdsSecretConfigSchema } from './proto/index.ts';

/** How long Envoy holds a cluster or a listener back that waits for endpoints or a secret; then it fails fast without. */
const FIRST_FETCH_MS = 2000;

/** Resources come over the stream that the bootstrap names. */
export function ads(): Init<typeof ConfigSourceSchema> {
  return { configSourceSpecifier: { case: 'ads', value: {} }, resourceApiVersion: ApiVersion.V3 };
}

/** As {@link ads}, for what is held back until it has come. */
export function adsWithin(): Init<typeof ConfigSourceSchema> {
  return { ...ads(), initialFetchTimeout: duration(FIRST_FETCH_MS) };
}

/** A secret by its name, over the same stream. */
export function adsSecret(name: string): Init<typeof SdsSecretConfigSchema> {
  return { name, sdsConfig: adsWithin() };
}
