import type { Init } from './init.ts';
import { ApiVersion, type ConfigSourceSchema, duration, type SdsSecretConfigSchema } from './proto/index.ts';

/** How long Envoy holds a new cluster back that waits for its endpoints; then it serves without, and fails fast. */
const FIRST_ENDPOINTS_MS = 3000;

/** Resources come over the stream that the bootstrap names. */
export function ads(): Init<typeof ConfigSourceSchema> {
  return { configSourceSpecifier: { case: 'ads', value: {} }, resourceApiVersion: ApiVersion.V3 };
}

/** As {@link ads}, for the endpoints of a cluster. */
export function adsEndpoints(): Init<typeof ConfigSourceSchema> {
  return { ...ads(), initialFetchTimeout: duration(FIRST_ENDPOINTS_MS) };
}

/** A secret by its name, over the same stream. */
export function adsSecret(name: string): Init<typeof SdsSecretConfigSchema> {
  return { name, sdsConfig: ads() };
}
