/* oxlint-disable no-new -- a construct registers itself with its scope */
import {
  DEFAULT_INJECTION,
  injectionPolicies,
  type InjectionSettings,
  injectionWebhook,
} from '@dot-kube/operator/webhooks';
import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { imageOf } from './image.ts';
import { SYSTEM_NAMESPACE, WEBHOOK_SERVICE } from './names.ts';
import type { SystemValues } from './values/values.ts';

/** What the policies, the webhook and the flags of the operator are made of; the same whatever the order of the values' fields. */
export function injectionSettings({ proxy }: Pick<SystemValues, 'proxy'>): InjectionSettings {
  const { capture, concurrency, drainSeconds, image, ipFamilies, logLevel, resources } = proxy;
  return {
    ...DEFAULT_INJECTION,
    proxyImage: imageOf(image),
    imagePullPolicy: image.pullPolicy,
    capture,
    families: ipFamilies,
    drainSeconds,
    proxy: {
      ...DEFAULT_INJECTION.proxy,
      concurrency,
      logLevel,
      resources: { requests: byName(resources.requests), limits: byName(resources.limits) },
    },
  };
}

function byName(quantities: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(quantities).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** How pods get their proxies: the policies with their bindings, or the webhook's configuration without its caBundle. */
export function addInjection(scope: Construct, values: SystemValues): void {
  for (const { kind, metadata, ...rest } of injectionObjects(values)) {
    new ApiObject(scope, `${kind}-${metadata.name}`, { ...rest, kind, metadata: { name: metadata.name } });
  }
}

function injectionObjects(values: SystemValues) {
  const settings = injectionSettings(values);
  switch (values.injection.by) {
    case 'Policy':
      return injectionPolicies(settings);
    case 'Webhook':
      return [injectionWebhook({ service: { namespace: SYSTEM_NAMESPACE, name: WEBHOOK_SERVICE } }, settings)];
    case 'None':
      return [];
  }
}
