import type { KubernetesObject } from '../../framework/api/object.ts';
import { type ResourceKind, resourceKind } from '../../framework/api/resource-kind.ts';

/** The kinds of Kubernetes and the Gateway API that belong to no namespace. Others are taken as namespaced. */
const CLUSTER_SCOPED: ReadonlySet<string> = new Set([
  'APIService',
  'CSIDriver',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'GatewayClass',
  'IngressClass',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
  'MutatingWebhookConfiguration',
  'Namespace',
  'Node',
  'PersistentVolume',
  'PriorityClass',
  'RuntimeClass',
  'StorageClass',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
]);

/** The namespace of an object that names none. */
const DEFAULT_NAMESPACE = 'default';

/** The kind of an object. */
export function kindOf(object: KubernetesObject): ResourceKind {
  return resourceKind(object.apiVersion, object.kind, { namespaced: !CLUSTER_SCOPED.has(object.kind) });
}

/** The object with its namespace filled in, or without one where its kind has none. */
export function withNamespace(object: KubernetesObject): KubernetesObject {
  const { namespace, ...metadata } = object.metadata;
  if (CLUSTER_SCOPED.has(object.kind)) return { ...object, metadata };
  return { ...object, metadata: { ...metadata, namespace: namespace ?? DEFAULT_NAMESPACE } };
}

/** Unique among all objects: the group, but not the version, belongs to the name of a kind. */
export function objectKey(object: KubernetesObject): string {
  const { group, kind } = kindOf(object);
  return [group, kind, object.metadata.namespace ?? '', object.metadata.name].join('/');
}
