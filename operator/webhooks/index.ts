/** How pods get their proxies: decided and done by pure functions, in the words of the API server, and by a webhook. */
export {
  decideInjection,
  type InjectionDecision,
  type LeaveReason,
  type PodNamespace,
} from './injection/decide.ts';
export { injectPod } from './injection/inject-pod.ts';
export { INJECT_LABEL } from './injection/names.ts';
export type { PodShape } from './injection/pod-shape.ts';
export { INJECTION_POLICY, injectionPolicies, LEFT_OUT_POLICY } from './injection/policy/policies.ts';
export { type PodControlPlane, proxyFiles, type ProxyFilesOptions } from './injection/proxy-files.ts';
export { imageVersion, proxyImageOf, versionFinding } from './injection/proxy-version.ts';
export { DEFAULT_INJECTION, type InjectionSettings, type ProxySettings } from './injection/settings.ts';
export { uninjectPod } from './injection/uninject-pod.ts';
export { unmeshedFinding, unmeshedPodsController, type UnmeshedPodsOptions } from './injection/unmeshed-pods.ts';
export {
  CA_BUNDLE_MANAGER,
  INJECTION_PATH,
  INJECTION_WEBHOOK,
  injectionWebhook,
  type WebhookConfiguration,
  type WebhookEndpoint,
} from './injection/webhook/configuration.ts';
export { injectionHandler } from './injection/webhook/injection-handler.ts';
export {
  type CaBundleKeeper,
  caBundleKeeper,
  InjectionServer,
  type InjectionWebhookOptions,
} from './injection/webhook/injection-webhook.ts';
