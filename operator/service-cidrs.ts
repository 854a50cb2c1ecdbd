import {
  type Api,
  ApiError,
  backoffAfter,
  type Clock,
  isNotFound,
  type KubernetesObject,
  type Logger,
  resourceKind,
  sleep,
} from './framework/index.ts';

/** `networking.k8s.io/v1` ServiceCIDR, as far as it is read: where the cluster takes Service addresses from. */
interface ServiceCidr extends KubernetesObject {
  readonly spec?: { readonly cidrs?: readonly string[] };
}

const SERVICE_CIDR = resourceKind<ServiceCidr>('networking.k8s.io/v1', 'ServiceCIDR', { namespaced: false });

const BACKOFF = { base: 500, max: 10_000, jitter: 0.3 };

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
export async function discoverServiceCidrs({
  api,
  clock,
  log,
  signal,
}: ServiceCidrsOptions): Promise<readonly string[]> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      const { items } = await api.list(SERVICE_CIDR, { signal });
      return [...new Set(items.flatMap(({ spec }) => spec?.cidrs ?? []))].sort();
    } catch (thrown) {
      const error = ApiError.from(thrown);
      if (isNotFound(error) || error.code === 403) return [];
      // An answer that refuses us will be the same next time; no answer, or a server in trouble, need not be.
      if (error.code >= 400 && error.code < 500 && error.code !== 429) throw error;
      if (signal.aborted) break;
      log.warn('the API server cannot be reached and is tried again', { reason: error.reason, error: error.message });
      await sleep(clock, Math.max(backoffAfter(failures, BACKOFF), error.retryAfter ?? 0), signal);
    }
  }
  return [];
}
