export type { AdmissionRequest, AdmissionVerdict } from './admission-review.ts';
export {
  type AdmissionHandler,
  type AdmissionLimits,
  AdmissionServer,
  type AdmissionServerOptions,
  type TlsKeyPair,
} from './admission-server.ts';
export { type JsonPatch, type JsonPatchOperation, jsonPatch } from './json-patch.ts';
export {
  applyCaBundle,
  hasCaBundle,
  type CaBundleOptions,
  type CaBundleOutcome,
  MUTATING_WEBHOOK_CONFIGURATION,
  VALIDATING_WEBHOOK_CONFIGURATION,
} from './ca-bundle.ts';
