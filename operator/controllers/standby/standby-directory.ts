import type { AuthenticatedProxy } from '@dot-kube/proxy/xds';
import { AuthenticationUnavailableError, type Credentials } from '@dot-kube/proxy/xds';
import { type Pod, POD } from '../../api/index.ts';
import { type Api, ApiError, isNotFound } from '../../framework/index.ts';
import type { PodToken, TokenAuthenticator } from '../../identity/index.ts';
import { placementOf } from '../proxies/placement.ts';
import { ProxyRefused } from '../proxies/proxy-directory.ts';
import type { Snapshot } from './snapshot.ts';
import type { ToldPod } from './snapshot-message.ts';

/** What a directory works with. */
export interface StandbyDirectoryOptions {
  readonly snapshot: Snapshot;
  readonly tokens: TokenAuthenticator;
  /** For pods that came after the control plane was heard last. */
  readonly api: Pick<Api, 'get'>;
  /** As the control plane told it; undefined: it never did. */
  readonly trustDomain: () => string | undefined;
}

/** How long the API server may take to tell of a pod, milliseconds. */
const TIMEOUT_MS = 1000;

/**
 * Who may connect to a standby, and what they see: what follows from the pod that the token is bound to, as on the control plane
 * itself. A pod that the control plane has told of, or, while the API server answers, a new one of a workload that it has told of.
 */
export class StandbyDirectory {
  readonly #options: StandbyDirectoryOptions;

  constructor(options: StandbyDirectoryOptions) {
    this.#options = options;
  }

  /** For an xDS server. */
  async authenticate({ node, token }: Credentials): Promise<AuthenticatedProxy> {
    try {
      const { key, layers } = await this.#admit(token, node.id);
      return { proxyId: key, layers };
    } catch (cause) {
      if (cause instanceof ProxyRefused && !cause.retryable) throw cause;
      throw new AuthenticationUnavailableError('the proxy cannot be admitted at present', { cause });
    }
  }

  async #admit(token: string, claimed: string): Promise<ToldPod> {
    const { snapshot, tokens } = this.#options;
    const review = await tokens.review(token);
    if (review.kind === 'refused') throw new ProxyRefused(review.reason, review.retryable);
    const key = `${review.namespace}/${review.podName}`;
    if (claimed !== key && snapshot.pod(claimed) !== undefined)
      throw new ProxyRefused(`the node says that it is pod ${claimed}, and its token is of pod ${key}`, false);
    const told = snapshot.pod(key);
    const pod = told?.uid === review.podUid ? told : await this.#lookUp(review);
    if (pod.serviceAccount !== review.serviceAccount)
      throw new ProxyRefused(`the token is of service account ${review.serviceAccount}, the pod's is another`, false);
    // Without these it would be told that nothing may come in, or that it has no certificate.
    for (const kind of ['class', 'identity']) {
      const layer = pod.layers.find((each) => each.startsWith(`${kind}/`)) ?? '';
      const [first] = snapshot.cache.entries(layer);
      if (first === undefined) throw new ProxyRefused(`no proxy has acknowledged anything of ${layer} yet`, true);
    }
    return pod;
  }

  async #lookUp({ namespace, podName, podUid }: PodToken): Promise<ToldPod> {
    const { snapshot } = this.#options;
    const key = `${namespace}/${podName}`;
    const trustDomain = this.#options.trustDomain();
    const pod = await this.#pod(namespace, podName, key);
    if (pod.metadata.uid !== podUid) throw new ProxyRefused(`the token is of another pod named ${key}`, false);
    const placement = trustDomain === undefined ? undefined : placementOf(pod, { trustDomain }, undefined);
    if (placement === undefined) throw new ProxyRefused(`pod ${key} is not part of the mesh`, true);
    const node = pod.spec?.nodeName ?? '';
    const zone = node === '' ? undefined : zoneOf(snapshot, node);
    const [mesh = '', ...rest] = placement.layers;
    const layers = [mesh, ...(zone === undefined ? [] : [zone]), ...rest];
    return { key, uid: podUid, serviceAccount: placement.identity.serviceAccount, node, layers };
  }

  async #pod(namespace: string, name: string, key: string): Promise<Pod> {
    try {
      return await this.#options.api.get(POD, { namespace, name }, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    } catch (cause) {
      const { reason } = ApiError.from(cause);
      if (isNotFound(cause)) throw new ProxyRefused(`there is no pod ${key}`, false);
      throw new ProxyRefused(
        `the control plane never told of pod ${key}, and the API server does not (${reason})`,
        true,
      );
    }
  }
}

/** The zone of a node, as the control plane told it with another pod of it: where nodes are is not ours to read. */
function zoneOf(snapshot: Snapshot, node: string): string | undefined {
  for (const pod of snapshot.pods()) {
    const zone = pod.node === node ? pod.layers.find((layer) => layer.startsWith('zone/')) : undefined;
    if (zone !== undefined) return zone;
  }
  return undefined;
}
