import { awaitApiServer } from './await-api-server.ts';
import {
  type Api,
  ApiError,
  type Clock,
  isNotFound,
  type KubernetesObject,
  type Logger,
  resourceKind,
} from './framework/index.ts';

/** `networking.k8s.io/v1` ServiceCIDR, as far as it is read: where the cluster takes Service addresses from. */
interface ServiceCidr extends KubernetesObject {
  readonly spec?: { readonly cidrs?: readonly string[] };
}

const SERVICE_CIDR = resourceKind<ServiceCidr>('networking.k8s.io/v1', 'ServiceCIDR', { namespaced: false });

/** What the search works with. */
export interface ServiceCidrsOptions {
  readonly api: Pick<Api, 'list'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Ends the wait for an API server that cannot be reached. */
  readonly signal: AbortSignal;
}

/**
 * The address ranges of Services as the cluster itself knows them (Kubernetes 1.33 and later); none where it does not say, or
 * does not say it to us, or when the signal aborts. Waits for an API server that cannot be reached.
 */
export async function discoverServiceCidrs({ api, ...wait }: ServiceCidrsOptions): Promise<readonly string[]> {
  try {
    const page = await awaitApiServer(() => api.list(SERVICE_CIDR, { signal: wait.signal }), wait);
    return [...new Set((page?.items ?? []).flatMap(({ spec }) => spec?.cidrs ?? []))].sort();
  } catch (thrown) {
    if (isNotFound(thrown) || ApiError.from(thrown).code === 403) return [];
    throw thrown;
  }
}
