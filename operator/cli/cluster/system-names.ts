import { resourceKind } from '../../framework/api/resource-kind.ts';

/** Where the system is. */
export const SYSTEM = 'dot-kube-system';
/** The name of the operator's Deployment, account, roles and Lease. */
export const OPERATOR = 'dot-kube-operator';
/** The labels of the operator's pods. */
export const OPERATOR_PODS = 'app.kubernetes.io/name=dot-kube,app.kubernetes.io/component=operator';
/** The name of the CNI agent's DaemonSet, and of the namespace that it is in. */
export const CNI = 'dot-kube-cni';
/** The labels of the CNI agent's pods. */
export const CNI_PODS = 'app.kubernetes.io/name=dot-kube,app.kubernetes.io/component=cni';
/** The Secret of the mesh's root. */
export const CA_SECRET = 'dot-kube-ca';
/** The label of everything that belongs to the system. */
export const PART_OF = { key: 'app.kubernetes.io/part-of', value: 'dot-kube' } as const;
/** The label of an object's version. */
export const VERSION_LABEL = 'app.kubernetes.io/version';
/** Ports of the operator's pods. */
export const OPERATOR_PORTS = { xds: 15_010, health: 8081 } as const;

export const DEPLOYMENT = resourceKind('apps/v1', 'Deployment');
export const CONFIG_MAP = resourceKind('v1', 'ConfigMap');
export const SECRET = resourceKind('v1', 'Secret');
export const NETWORK_POLICY = resourceKind('networking.k8s.io/v1', 'NetworkPolicy');
export const CRD = resourceKind('apiextensions.k8s.io/v1', 'CustomResourceDefinition', { namespaced: false });
