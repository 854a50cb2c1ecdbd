import type { Entry, LayersView, ResourceCache } from './cache.ts';
import type { ClusterReferences } from './cluster-references.ts';
import type { EncodedResource, EntryRef } from './resource.ts';
import type { Subscription } from './subscription.ts';
import type { Told } from './told.ts';
import { type TypeUrl, typeUrls } from './type-url.ts';
import type { Vetting } from './vetting.ts';

/** What stands under a name that was asked for when there is nothing; undefined: say that it is removed. */
export type EmptyResource = (type: TypeUrl, name: string) => EncodedResource | undefined;

/** A content that a proxy refused, and the proxy's own words. */
export interface Rejected {
  readonly entry: Entry;
  readonly error: string;
}

/** What a view is made of. */
export interface ProxyViewOptions {
  readonly stream: { readonly id: number; readonly proxyId: string };
  readonly layers: readonly string[];
  readonly cache: ResourceCache;
  readonly vetting: Vetting;
  readonly references: ClusterReferences;
  readonly subscriptions: ReadonlyMap<TypeUrl, Subscription>;
  /** Layers all of whose clusters a proxy gets, asked for or not. */
  readonly isEager: (layer: string) => boolean;
  readonly emptyResource: EmptyResource;
}

/** What one stream's proxy is to hold: its layers seen as one, minus what must not go out. Decides, and sends nothing. */
export class ProxyView {
  readonly #options: ProxyViewOptions;
  /** What this proxy refused. */
  readonly #rejected = new Map<string, Rejected>();
  #layers: readonly string[];
  #eager: readonly string[];
  #seen: LayersView;
  #seenEagerly: LayersView;

  constructor(options: ProxyViewOptions) {
    this.#options = options;
    this.#layers = options.layers;
    this.#eager = options.layers.filter(options.isEager);
    this.#seen = options.cache.view(this.#layers);
    this.#seenEagerly = options.cache.view(this.#eager);
  }

  /** Least specific first. */
  get layers(): readonly string[] {
    return this.#layers;
  }

  set layers(layers: readonly string[]) {
    this.#layers = layers;
    this.#eager = layers.filter(this.#options.isEager);
    this.#seen = this.#options.cache.view(this.#layers);
    this.#seenEagerly = this.#options.cache.view(this.#eager);
  }

  /** What the cache has for this proxy under a name, whether or not it may go out, or what is kept for contents that proxies are held at. */
  find(type: TypeUrl, name: string): Entry | undefined {
    return this.#seen.find(type, name) ?? this.#options.vetting.kept(this.#layers, type, name);
  }

  /** The same names, in the strings that the cache has: each proxy's copies would be read letter by letter at every look, and kept. */
  ownNames(type: TypeUrl, names: readonly string[]): readonly string[] {
    return names.length === 0 ? names : names.map((name) => this.find(type, name)?.name ?? name);
  }

  /** All names that a wildcard subscription of a type stands for. Clusters: those that nobody needs to ask for or refer to. */
  wildcardNames(type: TypeUrl): ReadonlySet<string> {
    return this.#options.cache.names(type === typeUrls.cluster ? this.#eager : this.#layers, type);
  }

  /** Whether the proxy is to have whatever stands under this name. */
  wants(type: TypeUrl, name: string): boolean {
    const subscription = this.#options.subscriptions.get(type);
    if (subscription === undefined || !subscription.started) return false;
    if (subscription.requested.has(name)) return true;
    if (!subscription.wildcard) return false;
    if (type !== typeUrls.cluster) return true;
    return this.#options.references.has(name) || this.#seenEagerly.find(type, name) !== undefined;
  }

  /** What the proxy is to have under a name, whether or not it may go out; undefined: nothing, or it does not want the name. */
  wanted(type: TypeUrl, name: string): Entry | undefined {
    return this.wants(type, name) ? this.find(type, name) : undefined;
  }

  /**
   * What to say of a name; undefined: nothing, for now or because there is nothing to say.
   * `asked`: the proxy waits for the answer. `entry`: what is {@link wanted} there, from whoever has looked already.
   */
  decide(type: TypeUrl, name: string, asked: boolean, entry = this.wanted(type, name)): Told | undefined {
    if (entry === undefined) return this.#absent(type, name, asked);
    const { vetting, stream } = this.#options;
    const offer = vetting.offer(entry, stream, asked);
    if (offer.kind === 'hold') return undefined;
    if (offer.kind === 'entry' && !this.isRejected(offer.entry)) return offer.entry;
    return this.#subscription(type)?.told(name) === undefined || asked ? this.#empty(type, name) : undefined;
  }

  /** Whether an entry is with another proxy first, whose answer this one waits for. */
  isTriedElsewhere(entry: Entry): boolean {
    return this.#options.vetting.isTriedElsewhere(entry, this.#options.stream);
  }

  /** This proxy cannot take this version, whatever others can. */
  reject(entry: Entry, error: string): void {
    this.#rejected.set(entry.key, { entry, error });
  }

  /** Whether this proxy refused this version, alone. */
  isRejected(entry: Entry): boolean {
    return this.#rejected.size > 0 && this.#rejected.get(entry.key)?.entry.version === entry.version;
  }

  /** What this proxy refused and would still have to take. */
  rejected(): readonly Rejected[] {
    return [...this.#rejected.values()].filter(({ entry: { layer, type, name, version } }) => {
      const now = this.wanted(type, name);
      return now?.layer === layer && now.version === version;
    });
  }

  /** Whether the proxy has this entry, or is to have it. */
  uses(ref: EntryRef): boolean {
    const subscription = this.#subscription(ref.type);
    if (subscription === undefined) return false;
    if (
      this.#layers.includes(ref.layer) &&
      this.wants(ref.type, ref.name) &&
      this.find(ref.type, ref.name)?.layer === ref.layer
    )
      return true;
    return [subscription.told(ref.name), subscription.acked(ref.name)].some(
      (told) => told?.kind === 'entry' && told.layer === ref.layer,
    );
  }

  #absent(type: TypeUrl, name: string, asked: boolean): Told | undefined {
    const subscription = this.#subscription(type);
    if (subscription === undefined) return undefined;
    const mayHold = subscription.mayHold(name);
    const revision = this.#options.cache.revision;
    if (subscription.requested.has(name)) {
      const empty = this.#empty(type, name);
      if (empty !== undefined) return empty;
      return mayHold || asked ? { kind: 'removed', revision, version: '' } : undefined;
    }
    return !mayHold || !subscription.wildcard ? undefined : { kind: 'removed', revision, version: '' };
  }

  #empty(type: TypeUrl, name: string): Told | undefined {
    if (this.#subscription(type)?.requested.has(name) !== true) return undefined;
    const resource = this.#options.emptyResource(type, name);
    if (resource === undefined) return undefined;
    return { kind: 'empty', revision: this.#options.cache.revision, version: resource.version, resource };
  }

  #subscription(type: TypeUrl): Subscription | undefined {
    return this.#options.subscriptions.get(type);
  }
}
