import type { Api } from '../../framework/api/api.ts';
import type { KubernetesObject } from '../../framework/api/object.ts';
import { resourceKind } from '../../framework/api/resource-kind.ts';
import { SYSTEM } from '../cluster/system-names.ts';
import type { Permission } from './facts.ts';

interface AccessReview extends KubernetesObject {
  readonly status?: { readonly allowed?: boolean };
}

const REVIEW = resourceKind<AccessReview>('authorization.k8s.io/v1', 'SelfSubjectAccessReview', { namespaced: false });

/** What an installation writes: group, resource, and whether it is in the namespace of the system. */
const WRITTEN: readonly (readonly [group: string, resource: string, inside: boolean])[] = [
  ['apiextensions.k8s.io', 'customresourcedefinitions', false],
  ['', 'namespaces', false],
  ['rbac.authorization.k8s.io', 'clusterroles', false],
  ['rbac.authorization.k8s.io', 'clusterrolebindings', false],
  ['admissionregistration.k8s.io', 'mutatingadmissionpolicies', false],
  ['admissionregistration.k8s.io', 'mutatingwebhookconfigurations', false],
  ['rbac.authorization.k8s.io', 'roles', true],
  ['', 'services', true],
  ['apps', 'deployments', true],
  ['networking.k8s.io', 'networkpolicies', true],
];

/** Whether the user may do what an installation does. */
export async function permissionsOf(api: Api): Promise<readonly Permission[]> {
  const asked = WRITTEN.flatMap(([group, resource, inside]) =>
    ['create', 'patch'].map(async (verb) => {
      const resourceAttributes = { group, resource, verb, ...(inside && { namespace: SYSTEM }) };
      const review = {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        metadata: { name: '' },
        spec: { resourceAttributes },
      };
      const { status } = await api.create(REVIEW, review);
      return { verb, resource: group === '' ? resource : `${resource}.${group}`, allowed: status?.allowed === true };
    }),
  );
  return await Promise.all(asked);
}
