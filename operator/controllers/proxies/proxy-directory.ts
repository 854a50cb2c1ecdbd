import type { SpiffeId } from '@dot-kube/proxy/model';
import type { Pod } from '../../api/index.ts';
import type { Change, ReadonlyStore } from '../../framework/index.ts';
import type { TokenAuthenticator } from '../../identity/index.ts';
import type { Placement } from './placement.ts';

/** Why a proxy is not served. `retryable`: the same proxy may be served soon. */
export class ProxyRefused extends Error {
  override readonly name = 'ProxyRefused';
  readonly retryable: boolean;

  constructor(message: string, retryable: boolean) {
    super(message);
    this.retryable = retryable;
  }
}

/** What the directory does to a proxy's open stream. */
export interface ProxyStream {
  setLayers(layers: readonly string[]): void;
  close(reason: string): void;
}

/** A proxy that was let in. */
export interface Admitted {
  readonly placement: Placement;
  /** Call when the stream is open; what it returns, when the stream is over. */
  attach(stream: ProxyStream): () => void;
}

/** What a directory works with. */
export interface ProxyDirectoryOptions {
  readonly pods: ReadonlyStore<Pod>;
  readonly tokens: TokenAuthenticator;
  readonly placementOf: (pod: Pod) => Placement | undefined;
  /** Says that an identity is needed; answers how to say that it no longer is. */
  readonly want: (identity: SpiffeId) => () => void;
}

interface Attached {
  readonly podKey: string;
  readonly podUid: string;
  readonly stream: ProxyStream;
}

/**
 * Who may connect, and what they see: both follow from the pod that the stream's token is bound to, and from nothing that
 * a proxy says of itself. A stream is closed when its pod is gone.
 */
export class ProxyDirectory {
  readonly #options: ProxyDirectoryOptions;
  readonly #attached = new Map<string, Set<Attached>>();
  readonly #end: () => void;

  constructor(options: ProxyDirectoryOptions) {
    this.#options = options;
    this.#end = options.pods.subscribe((changes) => changes.forEach((change) => this.#podChanged(change)));
  }

  /**
   * `claimed` is what the proxy calls itself: nothing that it sees follows from it, but whoever goes by the name of another pod,
   * `namespace/pod`, is up to something, or was started with what is another's. Throws {@link ProxyRefused}.
   */
  async admit(token: string | undefined, claimed = ''): Promise<Admitted> {
    if (token === undefined) throw new ProxyRefused('no bearer token', false);
    const review = await this.#options.tokens.review(token);
    if (review.kind === 'refused') throw new ProxyRefused(review.reason, review.retryable);
    const podKey = `${review.namespace}/${review.podName}`;
    if (claimed !== podKey && this.#options.pods.get(claimed) !== undefined)
      throw new ProxyRefused(`the node says that it is pod ${claimed}, and its token is of pod ${podKey}`, false);
    const pod = this.#options.pods.get(podKey);
    // The token may be ahead of the watch.
    if (pod === undefined) throw new ProxyRefused(`pod ${podKey} is not known yet`, true);
    if (pod.metadata.uid !== review.podUid)
      throw new ProxyRefused(`the token is of another pod named ${podKey}`, false);
    const placement = this.#options.placementOf(pod);
    if (placement === undefined) throw new ProxyRefused(`pod ${podKey} is not part of the mesh`, true);
    if (placement.identity.serviceAccount !== review.serviceAccount) {
      throw new ProxyRefused(`the token is of service account ${review.serviceAccount}, the pod's is another`, false);
    }
    return { placement, attach: (stream) => this.#attach({ podKey, podUid: review.podUid, stream }, placement) };
  }

  close(): void {
    this.#end();
  }

  #attach(attached: Attached, placement: Placement): () => void {
    const { podKey } = attached;
    const streams = this.#attached.get(podKey) ?? new Set();
    this.#attached.set(podKey, streams.add(attached));
    const release = this.#options.want(placement.identity);
    // The pod may have changed while the token was reviewed.
    this.#follow(attached, this.#options.pods.get(podKey));
    return () => {
      release();
      streams.delete(attached);
      if (streams.size === 0 && this.#attached.get(podKey) === streams) this.#attached.delete(podKey);
    };
  }

  #podChanged(change: Change<Pod>): void {
    const streams = this.#attached.get(change.key);
    if (streams === undefined) return;
    const pod = change.kind === 'upsert' ? change.new : undefined;
    for (const attached of streams) this.#follow(attached, pod);
  }

  #follow({ podKey, podUid, stream }: Attached, pod: Pod | undefined): void {
    const placement = pod === undefined || pod.metadata.uid !== podUid ? undefined : this.#options.placementOf(pod);
    if (placement === undefined) stream.close(`pod ${podKey} is gone or no longer part of the mesh`);
    else stream.setLayers(placement.layers);
  }
}
