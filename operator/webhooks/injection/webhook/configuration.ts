import type { KubernetesObject } from '../../../framework/api/object.ts';
import { FIT_CONDITIONS, podSelections } from '../selection.ts';
import type { InjectionSettings } from '../settings.ts';

/** A configuration of webhooks. */
export interface WebhookConfiguration extends KubernetesObject {
  readonly webhooks: readonly unknown[];
}

/** The name of the configuration. */
export const INJECTION_WEBHOOK = 'dot-kube-injection';
/** Who owns its caBundle. */
export const CA_BUNDLE_MANAGER = 'dot-kube-ca-bundle';
/** The path of the handler. */
export const INJECTION_PATH = '/inject';

/** Where API servers reach the webhook: a Service, or a URL for those outside of the cluster. */
export type WebhookEndpoint =
  | { readonly service: { readonly namespace: string; readonly name: string; readonly port?: number } }
  | { readonly url: string };

/**
 * Injection by a webhook, for clusters before Kubernetes 1.36. There is no caBundle in it: the operator applies that
 * (`applyCaBundle`) under {@link CA_BUNDLE_MANAGER}, so that whoever applies this sees no difference.
 */
export function injectionWebhook(endpoint: WebhookEndpoint, settings: InjectionSettings): WebhookConfiguration {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: INJECTION_WEBHOOK },
    webhooks: podSelections(settings).map((selection) => webhook(selection, clientConfig(endpoint))),
  };
}

function webhook(
  { name, namespaceSelector, objectSelector }: ReturnType<typeof podSelections>[number],
  config: unknown,
): unknown {
  return {
    name: webhookName(name),
    admissionReviewVersions: ['v1'],
    clientConfig: config,
    // A pod without a proxy would be there in plain text: rather none, until somebody can give it one.
    failurePolicy: 'Fail',
    matchConditions: FIT_CONDITIONS,
    matchPolicy: 'Equivalent',
    namespaceSelector,
    objectSelector,
    reinvocationPolicy: 'IfNeeded',
    rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'], scope: 'Namespaced' }],
    sideEffects: 'None',
    timeoutSeconds: 10,
  };
}

function clientConfig(endpoint: WebhookEndpoint): unknown {
  if ('url' in endpoint) return { url: endpoint.url };
  const { name, namespace, port = 443 } = endpoint.service;
  return { service: { namespace, name, path: INJECTION_PATH, port } };
}

function webhookName(selection: string): string {
  return `${selection}.inject.mesh.dot-kube.io`;
}
