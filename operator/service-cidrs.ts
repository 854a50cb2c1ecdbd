import { type Api, isNotFound, type KubernetesObject, resourceKind } from './framework/index.ts';

/** `networking.k8s.io/v1` ServiceCIDR, as far as it is read: where the cluster takes Service addresses from. */
interface ServiceCidr extends KubernetesObject {
  readonly spec?: { readonly cidrs?: readonly string[] };
}

const SERVICE_CIDR = resourceKind<ServiceCidr>('networking.k8s.io/v1', 'ServiceCIDR', { namespaced: false });

/** The address ranges of Services as the cluster itself knows them (Kubernetes 1.33 and later); none where it does not say. */
export async function discoverServiceCidrs(api: Api): Promise<readonly string[]> {
  try {
    const { items } = await api.list(SERVICE_CIDR);
    return [...new Set(items.flatMap(({ spec }) => spec?.cidrs ?? []))].sort();
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}
