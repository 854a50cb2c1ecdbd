/* oxlint-disable no-new -- a construct registers itself with its scope */
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { LEASE, OPERATOR, SYSTEM_NAMESPACE } from './names.ts';
import { clusterRules, type Rule, systemRules } from './permissions.ts';
import type { SystemValues } from './values/values.ts';

const RBAC = 'rbac.authorization.k8s.io';

/** A service account and all that it may do; roles and bindings have its name. */
export interface Rights {
  readonly account: { readonly name: string; readonly namespace: string };
  /** In all namespaces. */
  readonly clusterRules: readonly Rule[];
  /** In its own. */
  readonly rules: readonly Rule[];
}

/** The operator's service account and all that it may do. */
export function addAccount(scope: Construct, values: SystemValues): void {
  addRights(scope, '', {
    account: { name: OPERATOR, namespace: SYSTEM_NAMESPACE },
    clusterRules: clusterRules(values),
    rules: systemRules(LEASE, values),
  });
}

/** A service account with its rights. `prefix` goes before the names of the constructs. */
export function addRights(scope: Construct, prefix: string, { account, clusterRules, rules }: Rights): void {
  const { name } = account;
  const subjects = [{ kind: 'ServiceAccount', ...account }];
  // The pod asks for the token itself; nothing else that runs as this account gets one unasked.
  new k8s.KubeServiceAccount(scope, `${prefix}account`, { metadata: account, automountServiceAccountToken: false });
  new k8s.KubeClusterRole(scope, `${prefix}cluster-role`, { metadata: { name }, rules: clusterRules.map(policyRule) });
  new k8s.KubeClusterRoleBinding(scope, `${prefix}cluster-role-binding`, {
    metadata: { name },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
    subjects,
  });
  if (rules.length === 0) return;
  new k8s.KubeRole(scope, `${prefix}role`, { metadata: account, rules: rules.map(policyRule) });
  new k8s.KubeRoleBinding(scope, `${prefix}role-binding`, {
    metadata: account,
    roleRef: { apiGroup: RBAC, kind: 'Role', name },
    subjects,
  });
}

function policyRule({ apiGroups, resources, resourceNames, verbs }: Rule): k8s.PolicyRule {
  return {
    apiGroups: [...apiGroups],
    resources: [...resources],
    ...(resourceNames && { resourceNames: [...resourceNames] }),
    verbs: [...verbs],
  };
}
