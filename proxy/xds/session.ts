import { Alarm } from './alarm.ts';
import type { Entry, ResourceCache } from './cache.ts';
import type { Clock } from './clock.ts';
import { ClusterReferences } from './cluster-references.ts';
import type { Waits } from './limits.ts';
import type { AckedEntry, AckedEvent, NackedEvent, Rejection, SentEvent } from './observer.ts';
import { type EmptyResource, ProxyView } from './proxy-view.ts';
import { PushGate } from './push-gate.ts';
import { Refusals } from './refusals.ts';
import type { EncodedResource, ResourceRef } from './resource.ts';
import type { SessionCommons } from './session-commons.ts';
import { type SentResponse, Subscription, type SubscriptionChange, type SubscriptionLimits } from './subscription.ts';
import { sameContent, samePlace, type Told } from './told.ts';
import type { News } from './news-set.ts';
import { isTypeUrl, pushOrder, type TypeUrl, typeUrls } from './type-url.ts';
import type { Vetting } from './vetting.ts';
import type { DeltaRequest } from './wire/request.ts';
import type { DeltaResponse } from './wire/response.ts';

/** What a session works with. */
export interface SessionOptions {
  /** Unlike that of any other stream of this process. */
  readonly id: number;
  readonly proxyId: string;
  /** What the proxy may see, least specific first. */
  readonly layers: readonly string[];
  readonly cache: ResourceCache;
  readonly vetting: Vetting;
  readonly clock: Clock;
  readonly waits: Waits;
  readonly limits: SubscriptionLimits;
  /** The same for all sessions of a server. */
  readonly commons: SessionCommons;
  /** See {@link ProxyView}. */
  readonly isEager: (layer: string) => boolean;
  readonly emptyResource: EmptyResource;
  /** Puts a response on the wire; answers its bytes. */
  readonly write: (response: DeltaResponse) => number;
  /** Whether the peer reads; when it does again, {@link Session.flush} is to be called. */
  readonly writable: () => boolean;
  /** Default: nobody hears of it. */
  readonly sent: ((event: SentEvent) => void) | undefined;
  readonly acked: (event: AckedEvent) => void;
  readonly nacked: (event: NackedEvent) => void;
  readonly rejected: (rejection: Rejection) => void;
}

/** The types of which one subscription can stand for all names. */
const wildcardTypes: ReadonlySet<TypeUrl> = new Set([typeUrls.listener, typeUrls.scopedRoute, typeUrls.cluster]);

/** The types whose resources refer to clusters; clusters last, for the others add to them. */
const referrers: readonly TypeUrl[] = [typeUrls.listener, typeUrls.route, typeUrls.cluster];

/** Pushes of clusters that may be under way while an earlier one warms up, which Envoy can take. */
const CLUSTER_PUSHES = 4;

/**
 * One stream's side of the delta protocol: requests in, responses out. The README draws its states.
 *
 * Of each type at most one pushed response is without ACK; what changes meanwhile makes the next one, in its newest state.
 */
export class Session {
  readonly view: ProxyView;
  readonly subscriptions: ReadonlyMap<TypeUrl, Subscription>;
  readonly #options: SessionOptions;
  readonly #ordered: readonly (readonly [TypeUrl, Subscription])[];
  readonly #referring: readonly (readonly [TypeUrl, Subscription])[];
  readonly #references = new ClusterReferences();
  readonly #refusals: Refusals;
  readonly #gate: PushGate;
  readonly #alarm: Alarm;
  /** Of all subscriptions: most flushes find none, and so look at none of these. */
  readonly #news: News = { any: false, fresh: false };
  /** Clusters that went out and whose endpoints have not followed: Envoy waits for these after every change of a cluster. */
  readonly #endpointsOwed = new Set<string>();
  #nonces = 0;
  #closed = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    const { cache, vetting, layers, isEager, emptyResource, limits, clock, waits } = options;
    const subscriptions = new Map(
      pushOrder.map((type) => [type, new Subscription(limits, this.#news, referrers.includes(type))]),
    );
    const references = this.#references;
    this.subscriptions = subscriptions;
    this.#ordered = [...subscriptions];
    this.#referring = referrers.map((type) => [type, this.#subscription(type)]);
    this.view = new ProxyView({
      stream: options,
      layers,
      cache,
      vetting,
      references,
      subscriptions,
      isEager,
      emptyResource,
    });
    this.#refusals = new Refusals(options, this.view, vetting);
    this.#alarm = new Alarm(clock, () => this.#awake());
    this.#gate = new PushGate(this.view, subscriptions, clock, waits, (at) => this.#alarm.set(at));
  }

  /** Whether the proxy has asked for all that it asks for by itself at its start, and has what it asked for. */
  get isUpToDate(): boolean {
    if (this.subscriptions.get(typeUrls.listener)?.started !== true) return false;
    return [...this.subscriptions.values()].every(({ inFlight }) => inFlight.size === 0);
  }

  /** Takes in a request and answers it. Throws a GrpcError when the proxy asks for too much. */
  request(request: DeltaRequest): void {
    const { typeUrl: type } = request;
    if (!isTypeUrl(type)) return;
    const subscription = this.#subscription(type);
    if (request.nonce !== '') this.#settle(type, subscription, request);
    const first = !subscription.started;
    const change = subscription.request({ ...request, subscribe: this.view.ownNames(type, request.subscribe) });
    if (!wildcardTypes.has(type)) {
      subscription.wildcard = false;
      subscription.unanswered = false;
    }
    this.#take(type, subscription, change, first);
    this.flush();
  }

  /** An entry in one of the layers changed, or what may be said of it did. Answers whether there is reason to {@link flush}. */
  changed({ type, name }: ResourceRef): boolean {
    const subscription = this.#subscription(type);
    const concerned = this.view.wants(type, name) || subscription.mayHold(name);
    if (concerned) subscription.dirty.add(name);
    return concerned;
  }

  /** The proxy may see other layers from now on. {@link flush} says what follows. */
  setLayers(layers: readonly string[]): void {
    this.view.layers = layers;
    for (const [type, subscription] of this.subscriptions) {
      if (!subscription.started) continue;
      const names = [...subscription.heldNames(), ...subscription.requested.keys()];
      for (const name of names) subscription.dirty.add(name);
      if (subscription.wildcard) for (const name of this.view.wildcardNames(type)) subscription.dirty.add(name);
    }
  }

  /** Sends what can be sent now. */
  flush(): void {
    if (this.#closed || !this.#options.cache.synced || !this.#options.writable()) return;
    if (!this.#news.any && !this.#refusals.hasAnySuspects) return;
    this.#follow();
    for (const [type, subscription] of this.#ordered) {
      if (!subscription.started || (!subscription.hasNews && !this.#refusals.hasSuspects(type))) continue;
      this.#answer(type, subscription);
      this.#push(type, subscription);
      if (!this.#options.writable()) return;
    }
    this.#news.any = this.#ordered.some(([, { hasNews }]) => hasNews);
  }

  /** The stream is gone. */
  close(): void {
    this.#closed = true;
    this.#alarm.stop();
    this.#options.vetting.streamClosed(this.#options.id);
  }

  /** The first request of a type brings everything into question that there is; later ones what they name. */
  #take(type: TypeUrl, subscription: Subscription, { asked, dropped }: SubscriptionChange, first: boolean): void {
    for (const name of asked) {
      const known = first && subscription.told(name) !== undefined && !this.#endpointsOwed.has(name);
      (known ? subscription.dirty : subscription.owed).add(name);
    }
    if (first) {
      for (const name of subscription.heldNames()) subscription.dirty.add(name);
      if (subscription.wildcard)
        for (const name of this.view.wildcardNames(type))
          (subscription.told(name) === undefined ? subscription.owed : subscription.dirty).add(name);
    }
    for (const [name, told] of dropped) {
      if (subscription.wildcard) subscription.dirty.add(name);
      if (type === typeUrls.route) this.#refer({ type, name }, []);
      this.#released(type, name, told);
    }
  }

  /** Brings the references up to date, so that clusters are pushed before, and with, what refers to them. */
  #follow(): void {
    if (!this.#news.fresh) return;
    this.#news.fresh = false;
    for (const [type, subscription] of this.#referring) {
      if (subscription.dirty.hasFresh)
        for (const name of subscription.dirty.fresh()) this.#followOne(type, subscription, name);
      if (subscription.owed.hasFresh)
        for (const name of subscription.owed.fresh()) this.#followOne(type, subscription, name);
    }
  }

  #followOne(type: TypeUrl, subscription: Subscription, name: string): void {
    const word = this.view.decide(type, name, subscription.owed.has(name));
    this.#followWord(type, subscription, name, word);
  }

  #followWord(type: TypeUrl, subscription: Subscription, name: string, word: Told | undefined): void {
    if (word?.kind === 'entry') this.#refer(word, word.resource.refs);
    else if (word !== undefined) this.#refer({ type, name }, []);
    else if (subscription.told(name)?.kind === 'reported') {
      // What the proxy holds under this name is unknown and stays: the present content is the best guess at what it needs.
      this.#refer({ type, name }, this.view.find(type, name)?.resource.refs ?? []);
    }
  }

  #refer(referrer: ResourceRef, refs: readonly ResourceRef[]): void {
    const clusters = this.#subscription(typeUrls.cluster);
    for (const name of this.#references.set(referrer, refs)) clusters.dirty.add(name);
  }

  #answer(type: TypeUrl, subscription: Subscription): void {
    if (subscription.owed.size === 0 && !subscription.unanswered) return;
    const words = new Map<string, Told>();
    const later: string[] = [];
    for (const name of subscription.owed) {
      const wanted = this.view.wanted(type, name);
      const word = this.view.decide(type, name, true, wanted);
      // What it has and still uses is not taken from it because it asks: that goes the way of all removals.
      const takesAway = word !== undefined && word.kind !== 'entry' && subscription.told(name)?.kind === 'entry';
      if (takesAway || word?.version !== (wanted ?? this.view.find(type, name))?.version) later.push(name);
      if (word === undefined || takesAway || this.#refusals.isSuspect(type, name, word.version)) continue;
      words.set(name, word);
    }
    subscription.owed.clear();
    if (words.size > 0 || subscription.unanswered) this.#send(type, subscription, words, false);
    subscription.unanswered = false;
    // Not what it should have in the end: a push may say more than an answer.
    for (const name of later) subscription.dirty.add(name);
  }

  #push(type: TypeUrl, subscription: Subscription): void {
    if (this.#isBusy(type, subscription)) return;
    const words = new Map<string, Told>();
    const adopted: [string, Told, Told | undefined][] = [];
    const refers = referrers.includes(type);
    for (const name of subscription.dirty) {
      const wanted = this.view.wanted(type, name);
      const word = this.view.decide(type, name, false, wanted);
      const last = subscription.told(name);
      // Nobody tries endpoints for others.
      const isBehind = type !== typeUrls.endpoints && wanted !== undefined && this.view.isTriedElsewhere(wanted);
      if (isBehind) subscription.behind.add(name);
      else if (subscription.behind.size > 0) subscription.behind.delete(name);
      // What may be said of it may be another thing by now than when it was followed.
      if (refers) this.#followWord(type, subscription, name, word);
      if (word === undefined || this.#refusals.isSuspect(type, name, word.version)) subscription.dirty.delete(name);
      else if (sameContent(last, word)) {
        subscription.dirty.delete(name);
        if (!samePlace(last, word) && subscription.adopt(name, word)) adopted.push([name, word, last]);
      } else if (!this.#gate.mustWait(type, name, word, last)) words.set(name, word);
    }
    this.#adopted(type, adopted);
    if (words.size > 0) return this.#send(type, subscription, words, false);
    if (!this.#refusals.hasSuspects(type) || subscription.inFlight.size > 0) return;
    const group = this.#refusals.next(type);
    if (group.size > 0) this.#send(type, subscription, group, true);
  }

  /** A response is without ACK. Envoy keeps that of clusters back while they warm up, so these do not wait for ever. */
  #isBusy(type: TypeUrl, { inFlight }: Subscription): boolean {
    if (inFlight.size === 0) return false;
    const { clock, waits } = this.#options;
    if (type !== typeUrls.cluster || inFlight.size >= CLUSTER_PUSHES) return true;
    const newest = Math.max(...[...inFlight.values()].map(({ sentAt }) => sentAt));
    const until = newest + waits.warmUp;
    if (clock.monotonic() >= until) return false;
    this.#alarm.set(until);
    return true;
  }

  #send(type: TypeUrl, subscription: Subscription, told: ReadonlyMap<string, Told>, probe: boolean): void {
    const { id, proxyId, cache, vetting, clock, waits } = this.#options;
    const nonce = `${id.toString(36)}.${(++this.#nonces).toString(36)}`;
    const sentAt = clock.monotonic();
    subscription.sent({ nonce, revision: cache.revision, sentAt, told, probe });
    if (probe) this.#alarm.set(sentAt + waits.probe);
    const resources: EncodedResource[] = [];
    const removed: string[] = [];
    for (const [name, word] of told) {
      this.#gate.clear(type, name);
      if (word.kind === 'entry') {
        vetting.sent(word, this.#options);
        if (type === typeUrls.cluster) this.#oweEndpoints(word);
      }
      if (type === typeUrls.endpoints && this.#endpointsOwed.size > 0) this.#endpointsOwed.delete(name);
      if (word.kind === 'removed') removed.push(name);
      else if (word.kind !== 'reported') resources.push(word.resource);
    }
    const bytes = this.#options.write({ type, nonce, resources, removed });
    this.#options.sent?.({ proxyId, type, nonce, names: resources.map(({ name }) => name), removed, bytes });
  }

  /**
   * Envoy waits for endpoints after each change of a cluster and does not always ask for them again:
   * https://github.com/envoyproxy/envoy/issues/13009
   */
  #oweEndpoints(cluster: Entry): void {
    const endpoints = this.#subscription(typeUrls.endpoints);
    for (const { type, name } of cluster.resource.refs) {
      if (type !== typeUrls.endpoints) continue;
      if (endpoints.requested.has(name)) endpoints.owed.add(name);
      else this.#endpointsOwed.add(name);
    }
  }

  /** An ACK or a NACK; one that no response waits for is old, and says nothing. */
  #settle(type: TypeUrl, subscription: Subscription, { nonce, error }: DeltaRequest): void {
    const response = subscription.settle(nonce);
    if (response === undefined) return;
    const { id, proxyId, clock, vetting } = this.#options;
    vetting.answered(id);
    const entries = entriesOf(response);
    if (error !== undefined) this.#options.nacked({ proxyId, type, nonce, names: [...response.told.keys()], error });
    // Nothing can be said instead of a removal or an empty resource.
    if (error === undefined || entries.length === 0) {
      subscription.confirm(response);
      for (const entry of entries) vetting.acknowledged(entry);
      if (response.probe) this.#refusals.passed(type);
      this.#acked(type, subscription, response, clock.monotonic() - response.sentAt);
      if (subscription.inFlight.size === 0) subscription.share(this.#options.commons);
      if (referrers.includes(type)) this.#references.share(this.#options.commons);
      return;
    }
    subscription.refuse(response);
    this.#refusals.refused(type, response, error);
    for (const name of response.told.keys()) subscription.dirty.add(name);
  }

  #acked(type: TypeUrl, subscription: Subscription, response: SentResponse, latencyMs: number): void {
    const { told, before, revision } = response;
    const entries: AckedEntry[] = [];
    for (const [name, sent] of told) {
      const last = subscription.told(name);
      // The same content may have got another revision while it was under way.
      const word = last !== undefined && sameContent(last, sent) ? last : sent;
      if (word.kind === 'entry') entries.push({ layer: word.layer, type, name, revision: word.revision });
      const old = before.get(name);
      const left = old?.kind === 'entry' && (word.kind !== 'entry' || word.layer !== old.layer);
      if (left) entries.push({ layer: old.layer, type, name, revision });
    }
    if (entries.length > 0) this.#options.acked({ proxyId: this.#options.proxyId, type, entries, latencyMs });
  }

  /**
   * The proxy has this content already: from an earlier stream, in another layer, or because what is gone was as good as
   * empty. The entry that it was waits for nobody any more.
   */
  #adopted(type: TypeUrl, words: readonly (readonly [string, Told, Told | undefined])[]): void {
    const { cache, vetting, proxyId } = this.#options;
    const entries: AckedEntry[] = [];
    for (const [name, word, last] of words) {
      const layer = word.kind === 'entry' ? word.layer : undefined;
      if (word.kind === 'entry') {
        vetting.acknowledged(word);
        entries.push({ layer: word.layer, type, name, revision: word.revision });
      }
      if (last?.kind === 'entry' && last.layer !== layer)
        entries.push({ layer: last.layer, type, name, revision: cache.revision });
    }
    if (entries.length > 0) this.#options.acked({ proxyId, type, entries, latencyMs: 0 });
  }

  /** The proxy no longer asks for a name, so nobody needs to wait until it has it. */
  #released(type: TypeUrl, name: string, told: Told | undefined): void {
    if (this.view.wants(type, name)) return;
    const { cache, proxyId } = this.#options;
    const places = [told, this.view.find(type, name)].flatMap((word) => (word?.kind === 'entry' ? [word.layer] : []));
    const entries = [...new Set(places)].map((layer) => ({ layer, type, name, revision: cache.revision }));
    if (entries.length > 0) this.#options.acked({ proxyId, type, entries, latencyMs: 0 });
  }

  #subscription(type: TypeUrl): Subscription {
    const subscription = this.subscriptions.get(type);
    if (subscription === undefined) throw new Error(`no subscription of ${type}`);
    return subscription;
  }

  #awake(): void {
    const { clock, waits } = this.#options;
    for (const [type, { inFlight }] of this.#ordered) {
      for (const { probe, sentAt } of inFlight.values()) {
        if (!probe) continue;
        if (sentAt + waits.probe <= clock.monotonic()) this.#refusals.giveUp(type);
        else this.#alarm.set(sentAt + waits.probe);
      }
    }
    this.flush();
  }
}

function entriesOf({ told }: SentResponse): readonly Entry[] {
  const entries: Entry[] = [];
  for (const word of told.values()) if (word.kind === 'entry') entries.push(word);
  return entries;
}
