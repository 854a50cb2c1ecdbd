import type { KubernetesObject } from '../../framework/api/object.ts';
import { type ResourceKind, resourceKind } from '../../framework/api/resource-kind.ts';

/** Cluster-wide kinds that any version of the system may have objects of, those first that change what others do. */
export const CLUSTER_KINDS: readonly ResourceKind[] = [
  ...['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'].map(admission),
  ...['MutatingAdmissionPolicyBinding', 'ValidatingAdmissionPolicyBinding'].map(admission),
  ...['MutatingAdmissionPolicy', 'ValidatingAdmissionPolicy'].map(admission),
  resourceKind('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', { namespaced: false }),
  resourceKind('rbac.authorization.k8s.io/v1', 'ClusterRole', { namespaced: false }),
];

/** Kinds that any version of the system may have objects of in its namespace. */
export const NAMESPACE_KINDS: readonly ResourceKind[] = [
  resourceKind('apps/v1', 'Deployment'),
  resourceKind('apps/v1', 'DaemonSet'),
  resourceKind('policy/v1', 'PodDisruptionBudget'),
  resourceKind('monitoring.coreos.com/v1', 'PodMonitor'),
  resourceKind('monitoring.coreos.com/v1', 'ServiceMonitor'),
  resourceKind('v1', 'Service'),
  resourceKind('networking.k8s.io/v1', 'NetworkPolicy'),
  resourceKind('v1', 'ConfigMap'),
  resourceKind('rbac.authorization.k8s.io/v1', 'RoleBinding'),
  resourceKind('rbac.authorization.k8s.io/v1', 'Role'),
  resourceKind('v1', 'ServiceAccount'),
];

/** Whether objects of the kind decide on others before they are stored. */
export function isAdmission({ group }: ResourceKind): boolean {
  return group === 'admissionregistration.k8s.io';
}

/** The kind of an object that says it; its plural is the usual one. */
export function kindOf({ apiVersion, kind, metadata }: KubernetesObject): ResourceKind {
  return resourceKind(apiVersion, kind, { namespaced: metadata.namespace !== undefined });
}

/** How an object is called in messages: `Deployment dot-kube-system/dot-kube-operator`. */
export function nameOf({ kind, metadata }: Pick<KubernetesObject, 'kind' | 'metadata'>): string {
  const { name, namespace } = metadata;
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

function admission(kind: string): ResourceKind {
  return resourceKind('admissionregistration.k8s.io/v1', kind, { namespaced: false });
}
