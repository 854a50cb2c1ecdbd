import { isConflict, isNotFound } from '../api/api-error.ts';
import type { Api, CallOptions } from '../api/api.ts';
import { fieldOf, isJsonObject } from '../api/json.ts';
import type { KubernetesObject } from '../api/object.ts';
import { resourceKind, type ResourceKind } from '../api/resource-kind.ts';

const API_VERSION = 'admissionregistration.k8s.io/v1';

/** The kind MutatingWebhookConfiguration. */
export const MUTATING_WEBHOOK_CONFIGURATION = resourceKind(API_VERSION, 'MutatingWebhookConfiguration', {
  namespaced: false,
});

/** The kind ValidatingWebhookConfiguration. */
export const VALIDATING_WEBHOOK_CONFIGURATION = resourceKind(API_VERSION, 'ValidatingWebhookConfiguration', {
  namespaced: false,
});

/** How to write a caBundle. The manager owns nothing else, so that nobody who applies the rest sees a difference. */
export interface CaBundleOptions extends CallOptions {
  readonly fieldManager: string;
}

/** What became of a caBundle: `absent` when there is no such configuration. */
export type CaBundleOutcome = 'written' | 'unchanged' | 'absent';

const MAX_TRIES = 5;

/**
 * Makes `pem` the certificates that all webhooks of a configuration are verified with, by server-side apply of that field alone,
 * and only where it is another.
 */
export async function applyCaBundle(
  api: Api,
  kind: ResourceKind,
  name: string,
  pem: string,
  { fieldManager, ...call }: CaBundleOptions,
): Promise<CaBundleOutcome> {
  for (let tries = 1; ; tries += 1) {
    try {
      const live = await api.get(kind, { name }, call);
      if (hasCaBundle(live, pem)) return 'unchanged';
      const caBundle = encoded(pem);
      const { apiVersion, metadata } = live;
      const applied = {
        apiVersion,
        kind: live.kind,
        // Deleted in between, it is not made anew as one without rules; changed, it may have other webhooks.
        metadata: { name, ...(metadata.resourceVersion && { resourceVersion: metadata.resourceVersion }) },
        webhooks: webhooksOf(live).map((webhook) => ({ name: fieldOf(webhook, 'name'), clientConfig: { caBundle } })),
      };
      await api.apply(kind, applied, { ...call, fieldManager, force: true });
      return 'written';
    } catch (thrown) {
      if (isNotFound(thrown)) return 'absent';
      if (!isConflict(thrown) || tries >= MAX_TRIES) throw thrown;
    }
  }
}

/** Whether `pem` is what all webhooks of a configuration are verified with. */
export function hasCaBundle(configuration: KubernetesObject, pem: string): boolean {
  const caBundle = encoded(pem);
  return webhooksOf(configuration).every(
    (webhook) => fieldOf(fieldOf(webhook, 'clientConfig'), 'caBundle') === caBundle,
  );
}

function encoded(pem: string): string {
  return Buffer.from(pem).toString('base64');
}

function webhooksOf(configuration: KubernetesObject): readonly unknown[] {
  const webhooks = fieldOf(configuration, 'webhooks');
  return Array.isArray(webhooks) ? webhooks.filter(isJsonObject) : [];
}
