import { ResourceCache } from '../cache.ts';
import { defaultLimits, defaultWaits, type Waits } from '../limits.ts';
import type { AckedEvent, NackedEvent } from '../observer.ts';
import { type EncodedResource, encodeResource, type EntryRef, type ResourceRef } from '../resource.ts';
import { Session } from '../session.ts';
import { sessionCommons } from '../session-commons.ts';
import { type TypeUrl, typeUrls } from '../type-url.ts';
import { type Quarantine, Vetting } from '../vetting.ts';
import type { DeltaRequest } from '../wire/request.ts';
import type { DeltaResponse } from '../wire/response.ts';
import { TestClock } from './test-clock.ts';

export const { cluster, endpoints, secret, route, scopedRoute, listener } = typeUrls;

/** A resource whose content is any text. */
export function resource(
  type: TypeUrl,
  name: string,
  content: string,
  refs: readonly ResourceRef[] = [],
): EncodedResource {
  const encoded = encodeResource(type, name, Buffer.from(content), refs);
  contents.set(encoded.version, content);
  return encoded;
}

/** What {@link resource} made, by version. */
const contents = new Map<string, string>();

/** A reference to a cluster. */
export function toCluster(name: string): ResourceRef {
  return { type: cluster, name };
}

/** A cluster with endpoints of its own name, and these. */
export function clusterWithEndpoints(name: string, content = name): readonly EncodedResource[] {
  return [
    resource(cluster, name, content, [{ type: endpoints, name }]),
    resource(endpoints, name, `endpoints of ${name}`),
  ];
}

/** The far end of a session: takes what its session says, in a world without a network. */
export class FakeProxy {
  readonly id: string;
  readonly session: Session;
  readonly received: DeltaResponse[] = [];
  readonly acked: AckedEvent[] = [];
  readonly nacked: NackedEvent[] = [];
  /** Contents in force, by type and name. */
  readonly inForce = new Map<string, string>();
  /** Types whose responses it does not answer. */
  readonly silent = new Set<TypeUrl>();
  /** The error for a content that it cannot take. */
  refuses: (type: TypeUrl, name: string, content: string) => string | undefined = () => undefined;
  /** Called when a listener comes into force. */
  tookListener: (name: string) => void = () => {};
  writable = true;
  readonly #inbox: DeltaResponse[] = [];
  /** Names it asks for; what comes under others it ignores, unless it asks for everything. */
  readonly #asked = new Set<string>();

  constructor(rig: SessionRig, id: number, layers: readonly string[]) {
    this.id = `proxy-${id}`;
    this.session = new Session({
      id,
      proxyId: this.id,
      layers,
      cache: rig.cache,
      vetting: rig.vetting,
      clock: rig.clock,
      waits: rig.waits,
      limits: { ...defaultLimits, names: 150 },
      commons: rig.commons,
      isEager: (layer) => layer.startsWith('class/'),
      emptyResource: (type, name) => (type === secret ? undefined : resource(type, name, `empty ${name}`)),
      write: (response) => {
        this.received.push(response);
        this.#inbox.push(response);
        return 1;
      },
      writable: () => this.writable,
      sent: () => {},
      acked: (event) => this.acked.push(event),
      nacked: (event) => this.nacked.push(event),
      rejected: () => {},
    });
  }

  /** Sends a request with parts that are left out empty. */
  request(type: TypeUrl, parts: Partial<DeltaRequest> = {}): void {
    for (const name of parts.subscribe ?? []) this.#asked.add(`${type} ${name}`);
    for (const name of parts.unsubscribe ?? []) this.#asked.delete(`${type} ${name}`);
    const empty = {
      node: undefined,
      subscribe: [],
      unsubscribe: [],
      initialVersions: new Map<string, string>(),
      nonce: '',
      error: undefined,
    };
    this.session.request({ ...empty, typeUrl: type, ...parts });
  }

  /** Asks for a name no longer, and drops it. */
  unask(type: TypeUrl, name: string): void {
    this.inForce.delete(`${type} ${name}`);
    this.request(type, { unsubscribe: [name] });
  }

  /** Asks for everything, as Envoy does at its start, and for these names. */
  start(named: Partial<Record<'route' | 'endpoints' | 'cluster' | 'secret', readonly string[]>> = {}): void {
    this.request(cluster);
    if (named.cluster !== undefined) this.request(cluster, { subscribe: named.cluster });
    if (named.endpoints !== undefined) this.request(endpoints, { subscribe: named.endpoints });
    if (named.secret !== undefined) this.request(secret, { subscribe: named.secret });
    this.request(listener);
    this.request(scopedRoute);
    if (named.route !== undefined) this.request(route, { subscribe: named.route });
  }

  /** Answers what it has received, oldest first; how many answers that were. */
  answer(): number {
    const answered = this.#inbox.filter(({ type }) => !this.silent.has(type));
    const silent = this.#inbox.filter(({ type }) => this.silent.has(type));
    this.#inbox.splice(0, Number.POSITIVE_INFINITY, ...silent);
    for (const response of answered) this.answerOne(response);
    return answered.length;
  }

  /** Answers one response. */
  answerOne({ type, nonce, resources, removed }: DeltaResponse): void {
    const errors = resources.map((each) => this.refuses(type, each.name, contentOf(each)));
    const firstBad = errors.findIndex((error) => error !== undefined);
    for (const each of firstBad === -1 ? resources : resources.slice(0, firstBad)) this.#take(type, each);
    if (firstBad === -1) for (const name of removed) this.inForce.delete(`${type} ${name}`);
    this.request(type, {
      nonce,
      error: firstBad === -1 ? undefined : errors.filter((error) => error !== undefined).join(', '),
    });
  }

  #take(type: TypeUrl, each: EncodedResource): void {
    if (type === route && !this.#asked.has(`${type} ${each.name}`)) return;
    this.inForce.set(`${type} ${each.name}`, contentOf(each));
    if (type === listener) this.tookListener(each.name);
  }

  /** The content in force under a name. */
  has(type: TypeUrl, name: string): string | undefined {
    return this.inForce.get(`${type} ${name}`);
  }

  /** What it has received of a type since the start, each response as `name=content` and `-name`. */
  log(type: TypeUrl): readonly string[] {
    return this.received
      .filter((response) => response.type === type)
      .map(({ resources, removed }) =>
        [...resources.map((each) => `${each.name}=${contentOf(each)}`), ...removed.map((name) => `-${name}`)].join(' '),
      );
  }
}

/** A cache, its vetting and any number of sessions, without a network; time stands still. */
export class SessionRig {
  readonly clock = new TestClock();
  readonly cache = new ResourceCache();
  readonly quarantined: Quarantine[] = [];
  readonly released: Quarantine[] = [];
  readonly waits: Waits = defaultWaits;
  readonly vetting: Vetting;
  readonly proxies: FakeProxy[] = [];
  /** Worth it even for the few names of a test. */
  readonly commons = sessionCommons(2);

  constructor({ synced = true, isProven }: { readonly synced?: boolean; readonly isProven?: boolean } = {}) {
    const events = {
      settled: (ref: EntryRef): void => this.#touch(ref.layer, ref),
      quarantined: (quarantine: Quarantine): void => void this.quarantined.push(quarantine),
      released: (quarantine: Quarantine): void => void this.released.push(quarantine),
    };
    this.vetting = new Vetting(this.clock, this.waits.canary, events, isProven);
    this.cache.subscribe(({ changed }) => {
      this.vetting.changed(changed, (ref) => this.cache.entry(ref));
      for (const ref of changed) this.#touch(ref.layer, ref);
    });
    if (synced) this.cache.markSynced();
  }

  /** The text that a resource was made of. */
  contentOf(resource: EncodedResource): string {
    return contentOf(resource);
  }

  /** A proxy that sees these layers. */
  proxy(layers: readonly string[] = ['mesh']): FakeProxy {
    const proxy = new FakeProxy(this, this.proxies.length + 1, layers);
    this.proxies.push(proxy);
    return proxy;
  }

  /** Writes to a layer and lets everything settle. Answers the revision. */
  put(layer: string, ...resources: readonly EncodedResource[]): number {
    const revision = this.cache.update([{ layer, upsert: resources, remove: [] }]);
    this.settle();
    return revision;
  }

  /** Removes from a layer and lets everything settle. Answers the revision. */
  remove(layer: string, ...refs: readonly ResourceRef[]): number {
    const revision = this.cache.update([{ layer, upsert: [], remove: refs }]);
    this.settle();
    return revision;
  }

  /** Lets time pass and everything settle. */
  advance(milliseconds: number): void {
    this.clock.advance(milliseconds);
    this.settle();
  }

  /** Flushes and answers until nobody has anything to say. Throws when that does not end. */
  settle(): void {
    for (let round = 0; round < 1000; round++) {
      for (const { session } of this.proxies) session.flush();
      const answers = this.proxies.reduce((sum, proxy) => sum + proxy.answer(), 0);
      if (answers === 0) return;
    }
    throw new Error('the proxies and the server do not come to rest');
  }

  #touch(layer: string, ref: ResourceRef): void {
    for (const { session } of this.proxies) if (session.view.layers.includes(layer)) session.changed(ref);
  }
}

function contentOf({ version }: EncodedResource): string {
  return contents.get(version) ?? '';
}
