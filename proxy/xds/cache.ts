import type { EncodedResource, EntryRef, ResourceRef } from './resource.ts';
import type { TypeUrl } from './type-url.ts';
import type { VettingRecord } from './vetting.ts';

/** A resource in its place, since a revision. A new content is a new entry. */
export interface Entry extends EntryRef {
  readonly kind: 'entry';
  /** See {@link placeKey}. */
  readonly key: string;
  readonly revision: number;
  readonly version: string;
  readonly resource: EncodedResource;
  readonly place: Place;
}

/** Room for what is found out about a place: the same for the contents that follow each other there. */
export interface Place {
  /** Kept here, because each proxy that starts would look it up under each name, several times. */
  record?: VettingRecord;
}

/** A key of a place: the same for every content that it holds. The separator cannot be part of a Kubernetes name. */
export function placeKey({ layer, type, name }: EntryRef): string {
  return `${layer}\n${type}\n${name}`;
}

/** The inverse of {@link placeKey}. */
export function parsePlaceKey(key: string): EntryRef {
  const [layer = '', type = '', name = ''] = key.split('\n');
  return { layer, type: type as TypeUrl, name };
}

/** What changes in one layer. */
export interface LayerUpdate {
  readonly layer: string;
  readonly upsert: readonly EncodedResource[];
  readonly remove: readonly ResourceRef[];
}

/** What an update changed, exactly. */
export interface CacheChange {
  readonly revision: number;
  readonly changed: readonly EntryRef[];
}

type Layer = Map<TypeUrl, Map<string, Entry>>;

/** A list of layers seen as one. */
export interface LayersView {
  /** What stands under a name, the most specific layer winning. */
  find(type: TypeUrl, name: string): Entry | undefined;
}

/**
 * All resources, in layers. A proxy sees a list of layers as one, the most specific winning name by name.
 *
 * Nothing is told to any proxy before {@link markSynced}: an empty cache is not an empty mesh.
 */
export class ResourceCache {
  readonly #layers = new Map<string, Layer>();
  readonly #listeners = new Set<(change: CacheChange) => void>();
  #revision = 0;
  #synced = false;
  /** Grows when a layer begins or ceases to have resources of a type. */
  #shape = 0;

  /** Grows by one with each update that changed something. */
  get revision(): number {
    return this.#revision;
  }

  /** Whether proxies may be answered. */
  get synced(): boolean {
    return this.#synced;
  }

  /**
   * Changes any number of layers as one. Entries whose version stays the same are not changed.
   * Answers the revision at which all of it holds: a new one, or the present one when nothing changed.
   */
  update(updates: readonly LayerUpdate[]): number {
    const revision = this.#revision + 1;
    const changed: EntryRef[] = [];
    for (const { layer, upsert, remove } of updates) {
      for (const { type, name } of remove) if (this.#remove(layer, type, name)) changed.push({ layer, type, name });
      for (const resource of upsert) {
        const { type, name } = resource;
        if (this.#put(layer, resource, revision)) changed.push({ layer, type, name });
      }
    }
    if (changed.length === 0) return this.#revision;
    this.#revision = revision;
    this.#tell({ revision, changed });
    return revision;
  }

  /** Everything is listed: proxies may be answered from here on. */
  markSynced(): void {
    if (this.#synced) return;
    this.#synced = true;
    this.#tell({ revision: this.#revision, changed: [] });
  }

  /** Listeners hear of each change as soon as it holds, and must not throw. Answers how to stop. */
  subscribe(listener: (change: CacheChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The entry in one layer. */
  entry({ layer, type, name }: EntryRef): Entry | undefined {
    return this.#layers.get(layer)?.get(type)?.get(name);
  }

  /** The revision at which an entry got its present content; undefined when there is none. */
  revisionOf(ref: EntryRef): number | undefined {
    return this.entry(ref)?.revision;
  }

  /** What a list of layers, least specific first, has under a name. */
  find(layers: readonly string[], type: TypeUrl, name: string): Entry | undefined {
    return this.view(layers).find(type, name);
  }

  /** A list of layers, least specific first, seen as one; for those who ask often. */
  view(layers: readonly string[]): LayersView {
    let shape = -1;
    const byType = new Map<TypeUrl, readonly ReadonlyMap<string, Entry>[]>();
    const placesOf = (type: TypeUrl): readonly ReadonlyMap<string, Entry>[] => {
      const places = layers.flatMap((layer) => this.#layers.get(layer)?.get(type) ?? []).toReversed();
      byType.set(type, places);
      return places;
    };
    return {
      find: (type, name) => {
        if (shape !== this.#shape) {
          byType.clear();
          shape = this.#shape;
        }
        for (const entries of byType.get(type) ?? placesOf(type)) {
          const entry = entries.get(name);
          if (entry !== undefined) return entry;
        }
        return undefined;
      },
    };
  }

  /** All names of a type in a list of layers, without order. */
  names(layers: readonly string[], type: TypeUrl): ReadonlySet<string> {
    const names = new Set<string>();
    for (const layer of layers) for (const name of this.#layers.get(layer)?.get(type)?.keys() ?? []) names.add(name);
    return names;
  }

  /** The layers that hold anything. */
  layers(): Iterable<string> {
    return this.#layers.keys();
  }

  /** What one layer holds. */
  *entries(layer: string): Iterable<Entry> {
    for (const byName of this.#layers.get(layer)?.values() ?? []) yield* byName.values();
  }

  #put(layer: string, resource: EncodedResource, revision: number): boolean {
    const { type, name, version } = resource;
    const byType: Layer = this.#layers.get(layer) ?? new Map<TypeUrl, Map<string, Entry>>();
    const byName = byType.get(type) ?? new Map<string, Entry>();
    const old = byName.get(name);
    if (byName.size === 0) this.#shape += 1;
    if (old?.version === version) {
      // The causes may be others, which concerns no proxy; the bytes that streams share stay the same ones.
      byName.set(name, { ...old, resource: { ...resource, frame: old.resource.frame } });
      return false;
    }
    this.#layers.set(
      layer,
      byType.set(
        type,
        byName.set(name, {
          kind: 'entry',
          key: placeKey({ layer, type, name }),
          layer,
          type,
          name,
          version,
          revision,
          resource,
          place: old?.place ?? {},
        }),
      ),
    );
    return true;
  }

  #remove(layer: string, type: TypeUrl, name: string): boolean {
    const byType = this.#layers.get(layer);
    const byName = byType?.get(type);
    if (byType === undefined || byName?.delete(name) !== true) return false;
    if (byName.size === 0) {
      byType.delete(type);
      this.#shape += 1;
    }
    if (byType.size === 0) this.#layers.delete(layer);
    return true;
  }

  #tell(change: CacheChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}
