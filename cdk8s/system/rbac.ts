/* oxlint-disable no-new -- a construct registers itself with its scope */
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { LEASE, OPERATOR, SYSTEM_NAMESPACE } from './names.ts';
import { clusterRules, type Rule, systemRules } from './permissions.ts';
import type { SystemValues } from './values/values.ts';

const RBAC = 'rbac.authorization.k8s.io';

/** The operator's service account and all that it may do. */
export function addAccount(scope: Construct, values: SystemValues): void {
  const here = { name: OPERATOR, namespace: SYSTEM_NAMESPACE };
  const subjects = [{ kind: 'ServiceAccount', ...here }];
  // The pod asks for the token itself; nothing else that runs as this account gets one unasked.
  new k8s.KubeServiceAccount(scope, 'account', { metadata: here, automountServiceAccountToken: false });
  new k8s.KubeClusterRole(scope, 'cluster-role', {
    metadata: { name: OPERATOR },
    rules: clusterRules(values).map(policyRule),
  });
  new k8s.KubeClusterRoleBinding(scope, 'cluster-role-binding', {
    metadata: { name: OPERATOR },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: OPERATOR },
    subjects,
  });
  new k8s.KubeRole(scope, 'role', { metadata: here, rules: systemRules(LEASE, values).map(policyRule) });
  new k8s.KubeRoleBinding(scope, 'role-binding', {
    metadata: here,
    roleRef: { apiGroup: RBAC, kind: 'Role', name: OPERATOR },
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
