import {
  type EncodedResource,
  type EntryRef,
  type LayerUpdate,
  parsePlaceKey,
  placeKey,
  ResourceCache,
} from '@dot-kube/proxy/xds';
import type { Clock } from '../../framework/index.ts';
import type { PlaceNews, SnapshotMessage, ToldPod } from './snapshot-message.ts';

/** What one replica has told on one stream. */
interface Replica {
  /** Where it has something, acknowledged or not. */
  readonly places: Set<string>;
  readonly pods: Set<string>;
  isComplete: boolean;
}

/** One replica's side of a {@link Snapshot}. */
export interface SnapshotStream {
  take(message: Extract<SnapshotMessage, { readonly kind: 'places' | 'pods' }>): void;
  /** The stream has ended: what it told stands, as far as no other replica knows better. */
  end(): void;
}

/** What no replica has any more goes after so long, milliseconds: what refers to it may not have been acknowledged otherwise yet. */
const GONE_MS = 10_000;

/** Certificates, and endpoints by zone, are there for proxies that are connected: after a restart these have to come back first. */
const UNCONNECTED_MS = 5 * 60_000;
const FOLLOWS_PROXIES = /^(identity|zone)\//;

/**
 * What proxies acknowledged, as all replicas together tell it. Of a place the content counts that was acknowledged last and, where it
 * was acknowledged, still is in force; without a replica, everything stays as it is.
 */
export class Snapshot {
  /** For an xDS server; synced once a replica has told everything. */
  readonly cache = new ResourceCache();
  readonly #clock: Clock;
  readonly #replicas = new Set<Replica>();
  readonly #pods = new Map<string, ToldPod>();
  /** Places that no replica has any more, and since when. */
  readonly #leaving = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether a replica has told everything at least once: before that there is nothing to serve. */
  get isComplete(): boolean {
    return this.cache.synced;
  }

  /** The pod of this name that has a proxy, as it was told last. */
  pod(key: string): ToldPod | undefined {
    return this.#pods.get(key);
  }

  /** All of them. */
  pods(): Iterable<ToldPod> {
    return this.#pods.values();
  }

  /** Begins with what one replica tells. */
  stream(): SnapshotStream {
    const replica: Replica = { places: new Set(), pods: new Set(), isComplete: false };
    this.#replicas.add(replica);
    return {
      take: (message) => {
        if (message.kind === 'pods') this.#takePods(replica, message.pods);
        else this.#takePlaces(replica, message.places);
        if (message.kind === 'places' && message.complete === true) this.#complete(replica);
      },
      end: () => {
        this.#replicas.delete(replica);
        if (this.#hasWhole()) this.#leave(replica.places);
      },
    };
  }

  /** Takes out what has been gone for long enough; to be called every second or so. */
  sweep(): void {
    if (this.#leaving.size === 0 || !this.#hasWhole()) return;
    const now = this.#clock.monotonic();
    const updates = new Updates();
    for (const [key, since] of this.#leaving) {
      const place = parsePlaceKey(key);
      if (now - since < (FOLLOWS_PROXIES.test(place.layer) ? UNCONNECTED_MS : GONE_MS)) continue;
      this.#leaving.delete(key);
      updates.remove(place);
    }
    this.cache.update(updates.all());
  }

  #takePlaces(replica: Replica, places: readonly PlaceNews[]): void {
    const updates = new Updates();
    for (const place of places) {
      const key = placeKey(place);
      if (place.state === 'gone') {
        replica.places.delete(key);
        this.#leave([key]);
        continue;
      }
      replica.places.add(key);
      this.#leaving.delete(key);
      if (place.state !== 'acknowledged') continue;
      // Another replica, or this one before its restart, has told of something newer than what is held here.
      if (place.isCurrent || this.cache.entry(place) === undefined) updates.put(place.layer, place.resource);
    }
    this.cache.update(updates.all());
  }

  #takePods(replica: Replica, pods: readonly (readonly [string, ToldPod | null])[]): void {
    for (const [key, pod] of pods) {
      if (pod === null) {
        replica.pods.delete(key);
        this.#pods.delete(key);
      } else {
        replica.pods.add(key);
        this.#pods.set(key, pod);
      }
    }
  }

  /** What it does not know of is gone, unless another one knows of it. */
  #complete(replica: Replica): void {
    replica.isComplete = true;
    this.#leaving.clear();
    for (const layer of this.cache.layers()) {
      for (const { type, name } of this.cache.entries(layer)) this.#leave([placeKey({ layer, type, name })]);
    }
    for (const key of this.#pods.keys()) {
      if (!this.#some(({ pods }) => pods.has(key))) this.#pods.delete(key);
    }
    this.cache.markSynced();
  }

  #leave(keys: Iterable<string>): void {
    for (const key of keys) {
      if (this.#some(({ places }) => places.has(key)) || this.cache.entry(parsePlaceKey(key)) === undefined) continue;
      if (!this.#leaving.has(key)) this.#leaving.set(key, this.#clock.monotonic());
    }
  }

  #some(has: (replica: Replica) => boolean): boolean {
    for (const replica of this.#replicas) if (has(replica)) return true;
    return false;
  }

  #hasWhole(): boolean {
    return this.#some(({ isComplete }) => isComplete);
  }
}

/** Changes by layer. */
class Updates {
  readonly #byLayer = new Map<string, { readonly upsert: EncodedResource[]; readonly remove: EntryRef[] }>();

  put(layer: string, resource: EncodedResource): void {
    this.#of(layer).upsert.push(resource);
  }

  remove(place: EntryRef): void {
    this.#of(place.layer).remove.push(place);
  }

  all(): readonly LayerUpdate[] {
    return [...this.#byLayer].map(([layer, { upsert, remove }]) => ({ layer, upsert, remove }));
  }

  #of(layer: string) {
    const known = this.#byLayer.get(layer) ?? { upsert: [], remove: [] };
    this.#byLayer.set(layer, known);
    return known;
  }
}
