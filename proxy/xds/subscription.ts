import { type News, NewsSet } from './news-set.ts';
import { type Commons, SharedMap } from './shared-map.ts';
import { sameContent, type Told } from './told.ts';
import { GrpcError, grpcStatus } from './wire/grpc-status.ts';
import type { DeltaRequest } from './wire/request.ts';

/** A response that waits for its ACK. */
export interface SentResponse {
  readonly nonce: string;
  /** Revision of the cache when it was sent: with the ACK, the proxy has all of these names as of then. */
  readonly revision: number;
  /** Monotonic milliseconds. */
  readonly sentAt: number;
  readonly told: ReadonlyMap<string, Told>;
  /** What the proxy had acknowledged of these names before. */
  readonly before: ReadonlyMap<string, Told>;
  /** It carries a group of suspects and nothing else; see Probe. */
  readonly probe: boolean;
}

/** Names that a request changed. */
export interface SubscriptionChange {
  /** Must be answered, whatever was said before. */
  readonly asked: readonly string[];
  /** No longer asked for, and what was last said of them. */
  readonly dropped: ReadonlyMap<string, Told | undefined>;
}

const NO_CHANGE: SubscriptionChange = { asked: [], dropped: new Map() };

/** How many names and how long ones a proxy may ask for. */
export interface SubscriptionLimits {
  readonly names: number;
  readonly nameLength: number;
}

/** What the streams of a server have in common. */
export interface SubscriptionCommons {
  readonly told: Commons<Told>;
  readonly requested: Commons<true>;
}

/**
 * What one stream asks for of one type, what it was told and what it has acknowledged. Knows neither bytes nor time.
 *
 * Rules: https://www.envoyproxy.io/docs/envoy/v1.40.0/api-docs/xds_protocol#how-the-client-specifies-what-resources-to-return
 */
export class Subscription {
  /** Whether the proxy has sent a request of this type. */
  started = false;
  /** Whether it wants all that there is for it, besides the names it asks for. */
  wildcard = false;
  /** The first wildcard request waits for its answer, which goes out even when it is empty. */
  unanswered = false;
  /** Names it asked for. */
  readonly requested = new SharedMap<true>();
  /** Names that must be answered now, even in a version that was sent before. */
  readonly owed: NewsSet;
  /** Names on which there may be news. */
  readonly dirty: NewsSet;
  /** Names that stay at an older content while another proxy tries the newest. */
  readonly behind = new Set<string>();
  /** Responses without ACK, oldest first. */
  readonly inFlight = new Map<string, SentResponse>();
  readonly #told = new SharedMap<Told>();
  /** For names whose last word is not acknowledged: what was acknowledged before. */
  readonly #unacked = new Map<string, Told | undefined>();
  readonly #limits: SubscriptionLimits;
  readonly #news: News;

  /**
   * `news`: is told of what comes into {@link owed} and {@link dirty}, and of answers that are due. `refers`: its resources refer to
   * others, so what is new in these will be asked for.
   */
  constructor(limits: SubscriptionLimits, news: News = { any: false, fresh: false }, refers = false) {
    this.#limits = limits;
    this.#news = news;
    this.owed = new NewsSet(refers, news);
    this.dirty = new NewsSet(refers, news);
  }

  /** Takes in the names of a request. Throws a {@link GrpcError} when there are too many. */
  request({ subscribe, unsubscribe, initialVersions }: DeltaRequest): SubscriptionChange {
    const first = !this.started;
    if (!first && subscribe.length === 0 && unsubscribe.length === 0) return NO_CHANGE;
    this.started = true;
    if (first && subscribe.length === 0) this.wildcard = true;
    const asked: string[] = [];
    for (const name of subscribe) {
      if (name === '*') this.wildcard = true;
      else {
        this.#checkLimits(name);
        this.requested.set(name, true);
        asked.push(name);
      }
    }
    if (first) {
      this.unanswered = this.wildcard && initialVersions.size === 0;
      this.#news.any = true;
      for (const [name, version] of initialVersions) this.#told.set(name, { kind: 'reported', revision: -1, version });
    }
    const dropped = new Map<string, Told | undefined>();
    for (const name of unsubscribe) {
      if (name === '*') this.wildcard = false;
      else if (this.requested.delete(name)) {
        dropped.set(name, this.#told.get(name));
        this.owed.delete(name);
        this.dirty.delete(name);
        this.behind.delete(name);
        // A wildcard may still hold it, and then the proxy keeps it.
        if (!this.wildcard) this.forget(name);
      }
    }
    return { asked, dropped };
  }

  /** Whether there may be something to say. */
  get hasNews(): boolean {
    return this.dirty.size > 0 || this.owed.size > 0 || this.unanswered;
  }

  /** The last word on a name. */
  told(name: string): Told | undefined {
    return this.#told.get(name);
  }

  /** What the proxy has acknowledged of a name; after a refusal of several, the last thing that is certain. */
  acked(name: string): Told | undefined {
    return this.#unacked.has(name) ? this.#unacked.get(name) : this.#told.get(name);
  }

  /** Whether the proxy may hold something under this name. */
  mayHold(name: string): boolean {
    return this.#told.has(name) || this.#unacked.has(name);
  }

  /** All names under which the proxy may hold something. */
  heldNames(): Iterable<string> {
    return new Set([...this.#told.keys(), ...this.#unacked.keys()]);
  }

  /** Records what a response says. */
  sent(response: Omit<SentResponse, 'before'>): void {
    const before = new Map<string, Told>();
    for (const [name, told] of response.told) {
      const last = this.#told.get(name);
      const waits = this.#unacked.size > 0 && this.#unacked.has(name);
      const acked = waits ? this.#unacked.get(name) : last;
      if (acked !== undefined) before.set(name, acked);
      if (!waits) this.#unacked.set(name, last);
      this.#told.set(name, told);
      if (this.owed.size > 0) this.owed.delete(name);
      if (this.dirty.size > 0) this.dirty.delete(name);
    }
    this.inFlight.set(response.nonce, { ...response, before });
  }

  /** The same content has another place or revision now: there is nothing to say. Answers whether it counts as acknowledged. */
  adopt(name: string, told: Told): boolean {
    this.#told.set(name, told);
    return !this.#unacked.has(name);
  }

  /** Takes a response out that was acknowledged or refused; undefined for a nonce that is not, or no longer, waited for. */
  settle(nonce: string): SentResponse | undefined {
    const response = this.inFlight.get(nonce);
    this.inFlight.delete(nonce);
    return response;
  }

  /** The proxy has what this response says. */
  confirm({ told }: SentResponse): void {
    for (const [name, word] of told) {
      const last = this.#told.get(name);
      if (last === undefined) continue;
      if (!sameContent(last, word)) this.#unacked.set(name, word);
      else if (last.kind === 'removed' && !this.requested.has(name)) this.forget(name);
      else this.#unacked.delete(name);
    }
  }

  /**
   * The proxy refused this response. Of several resources an unknown subset may be in force, so each must be said again;
   * alone, the resource is not in force and what was before still is.
   */
  refuse({ told }: SentResponse): void {
    for (const [name, word] of told) {
      const last = this.#told.get(name);
      if (last === undefined || !sameContent(last, word)) continue;
      const before = this.#unacked.get(name);
      if (told.size === 1) this.#unacked.delete(name);
      if (told.size === 1 && before !== undefined) this.#told.set(name, before);
      else this.#told.delete(name);
    }
  }

  /** The proxy no longer holds this name. */
  forget(name: string): void {
    this.#told.delete(name);
    this.#unacked.delete(name);
  }

  /** Keeps what other streams hold too only once. */
  share({ told, requested }: SubscriptionCommons): void {
    this.#told.share(told);
    this.requested.share(requested);
  }

  #checkLimits(name: string): void {
    const { names, nameLength } = this.#limits;
    if (name.length > nameLength)
      throw new GrpcError(grpcStatus.invalidArgument, `a resource name of ${name.length} characters`);
    if (this.requested.size >= names)
      throw new GrpcError(grpcStatus.resourceExhausted, `more than ${names} resource names`);
  }
}
