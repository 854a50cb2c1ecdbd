export type { AdmissionRequest, AdmissionVerdict } from './admission-review.ts';
export {
  type AdmissionHandler,
  type AdmissionLimits,
  AdmissionServer,
  type AdmissionServerOptions,
  type TlsKeyPair,
} from './admission-server.ts';
export { type JsonPatch, type JsonPatchOperation, jsonPatch } from './json-patch.ts';
