import { createHash } from 'node:crypto';
import { isJsonObject } from '../../framework/api/json.ts';
import type { KubernetesObject } from '../../framework/api/object.ts';
import { injectionOf, type NamespaceLabels } from './injection.ts';
import { type LocalPod, type PodTemplate, TEMPLATE_HASH_LABEL } from './kinds.ts';
import { nodeNameOf } from './locality.ts';

/** A short hash of a template: another one makes other pods. */
export function templateHash(template: PodTemplate | undefined, namespace: NamespaceLabels): string {
  // Whether pods are meshed is decided at their birth, so a change of the namespace's label makes new ones too.
  const decided = [canonical(template ?? {}), injectionOf(template?.metadata?.labels, namespace)];
  return createHash('sha256').update(JSON.stringify(decided)).digest('hex').slice(0, 8);
}

/** What a new pod is made from. */
export interface NewPod {
  readonly name: string;
  readonly owner: KubernetesObject;
  readonly template: PodTemplate | undefined;
  readonly namespace: NamespaceLabels;
  readonly hash: string;
}

/** A pod of a template, as the API server would have it: owned, scheduled and, in a meshed namespace, injected. */
export function podOf({ name, owner, template, namespace, hash }: NewPod): LocalPod {
  const labels = { ...template?.metadata?.labels, [TEMPLATE_HASH_LABEL]: hash };
  const injection = injectionOf(labels, namespace);
  const { apiVersion, kind, metadata } = owner;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: metadata.namespace ?? 'default',
      labels: { ...labels, ...injection.labels },
      annotations: { ...template?.metadata?.annotations, ...injection.annotations },
      ownerReferences: [{ apiVersion, kind, name: metadata.name, uid: metadata.uid ?? '', controller: true }],
    },
    spec: {
      ...template?.spec,
      serviceAccountName: template?.spec?.serviceAccountName ?? 'default',
      nodeName: nodeNameOf(labels),
    },
  };
}

/** A JSON value with the keys of its objects in order. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (!isJsonObject(value)) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => [key, canonical(field)]);
}
