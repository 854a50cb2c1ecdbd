import type { KubernetesObject } from '../framework/api/object.ts';
import { resourceKind } from '../framework/api/resource-kind.ts';
import type { PortProtocol } from './core.ts';

/** Which connections pods take. */
export interface NetworkPolicy extends KubernetesObject {
  readonly apiVersion: 'networking.k8s.io/v1';
  readonly kind: 'NetworkPolicy';
  readonly spec?: NetworkPolicySpec;
}

/** Pods that some policy selects take only what the rules of one of these let in. */
export interface NetworkPolicySpec {
  readonly podSelector: LabelSelector;
  readonly policyTypes?: readonly ('Ingress' | 'Egress')[];
  readonly ingress?: readonly NetworkPolicyRule[];
}

/** Any of these peers, on any of these ports; an absent list is every one. */
export interface NetworkPolicyRule {
  readonly from?: readonly NetworkPolicyPeer[];
  readonly ports?: readonly NetworkPolicyPort[];
}

/** Pods, by themselves and by their namespace (absent: the policy's own); or addresses. */
export interface NetworkPolicyPeer {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

/** A port, or those up to `endPort`; without one all of the protocol. */
export interface NetworkPolicyPort {
  readonly protocol: PortProtocol;
  readonly port?: number;
  readonly endPort?: number;
}

/** Labels that have to be there; empty, everything is selected. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelExpression[];
}

/** One condition of a label selector. `NotIn` fits what has no such label too. */
export interface LabelExpression {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

/** The kind NetworkPolicy. */
export const NETWORK_POLICY = resourceKind<NetworkPolicy>('networking.k8s.io/v1', 'NetworkPolicy');
