import { ApiError, isNotFound } from '../../framework/api/api-error.ts';
import type { Cluster } from './cluster.ts';

interface ResourceList {
  readonly resources?: readonly { readonly name: string }[];
}

/** Whether the API server itself can give pods their proxies: MutatingAdmissionPolicy v1, from Kubernetes 1.36 on. */
export async function servesInjectionPolicies(cluster: Cluster): Promise<boolean> {
  return await serves(cluster, 'admissionregistration.k8s.io/v1', 'mutatingadmissionpolicies');
}

/** Whether the API server serves a resource of a group and version. Rejects when it cannot be asked. */
export async function serves({ get }: Pick<Cluster, 'get'>, groupVersion: string, plural: string): Promise<boolean> {
  try {
    const { value } = await get<ResourceList>(`/apis/${groupVersion}`);
    return (value.resources ?? []).some(({ name }) => name === plural);
  } catch (thrown) {
    if (isNotFound(ApiError.from(thrown))) return false;
    throw thrown;
  }
}
