import {
  type EncodedResource,
  type EntryRef,
  parsePlaceKey,
  placeKey,
  type ServerCertificate,
} from '@dot-kube/proxy/xds';
import type { Clock } from '../../framework/index.ts';
import { FeedPace, type LineSink } from '../feeds/feed-pace.ts';
import {
  formatSnapshotMessage,
  type PlaceNews,
  SNAPSHOT_FORMAT,
  type SnapshotMessage,
  type ToldPod,
} from './snapshot-message.ts';

/** What stands in a place of a replica's cache. */
export interface PlaceState {
  /** What proxies of this replica acknowledged last; undefined: nothing. */
  readonly acknowledged: EncodedResource | undefined;
  /** Of what is there now. */
  readonly version: string;
}

/** What a replica has for a standby. */
export interface SnapshotSource {
  readonly instance: string;
  readonly trustDomain: string;
  /** Whether everything is compiled and proxies are let in: nothing is told before. */
  isServing(): boolean;
  places(): Iterable<EntryRef>;
  /** Undefined: there is nothing. */
  placeOf(place: EntryRef): PlaceState | undefined;
  /** Keys, `namespace/pod`, of the pods that have proxies. */
  pods(): Iterable<string>;
  /** Undefined: it is gone, or has no proxy. */
  podOf(key: string): ToldPod | undefined;
}

/** Bytes of resources in one line, and places and pods. */
const LINE_BYTES = 256 * 1024;
const LINE_ITEMS = 2000;

/**
 * Tells one standby what proxies acknowledged: everything at first, then what changes. Nothing is queued: of what changes while the
 * standby does not read, the newest state is told when it does.
 */
export class SnapshotFeed {
  readonly #source: SnapshotSource;
  readonly #pace: FeedPace;
  readonly #places = new Set<string>();
  readonly #pods = new Set<string>();
  /** By place: what was said of it last. */
  readonly #told = new Map<string, string>();
  readonly #toldPods = new Map<string, string>();
  #certificate: ServerCertificate | undefined;
  #state: 'waiting' | 'listing' | 'following' = 'waiting';

  /** Says hello, and tells all there is as soon as there is something. */
  constructor(source: SnapshotSource, sink: LineSink, clock: Clock) {
    this.#source = source;
    this.#pace = new FeedPace(sink, clock, { flush: () => this.#flush(), beat: () => this.#beat() });
    this.#write({
      kind: 'hello',
      format: SNAPSHOT_FORMAT,
      instance: source.instance,
      trustDomain: source.trustDomain,
    });
    this.#beat();
  }

  /** What is shown to proxies from now on. */
  certify(certificate: ServerCertificate): void {
    this.#certificate = certificate;
    this.#pace.next();
  }

  /** What stands in a place, or what proxies acknowledged of it, may be different. */
  touch(place: EntryRef): void {
    if (this.#state === 'waiting') return;
    this.#places.add(placeKey(place));
    this.#pace.changed();
  }

  /** A pod came, went, or changed. */
  touchPod(key: string): void {
    if (this.#state === 'waiting') return;
    this.#pods.add(key);
    this.#pace.changed();
  }

  /** The standby reads again. */
  resume(): void {
    this.#pace.resume();
  }

  close(): void {
    this.#pace.close();
  }

  #flush(): void {
    this.#begin();
    const certificate = this.#certificate;
    this.#certificate = undefined;
    if (certificate !== undefined) {
      const [cert, key] = [String(certificate.cert), String(certificate.key)];
      this.#write({ kind: 'certificate', cert, key });
    }
    if (this.#state === 'waiting') return;
    const pods = this.#takePods();
    if (pods.length > 0) this.#write({ kind: 'pods', pods });
    const places = this.#takePlaces();
    const isComplete = this.#state === 'listing' && this.#places.size === 0 && this.#pods.size === 0;
    if (isComplete) this.#state = 'following';
    if (places.length > 0 || isComplete)
      this.#write({ kind: 'places', places, ...(isComplete ? { complete: true } : {}) });
    if (this.#places.size > 0 || this.#pods.size > 0) this.#pace.next();
  }

  #begin(): void {
    const source = this.#source;
    if (this.#state !== 'waiting' || !source.isServing()) return;
    this.#state = 'listing';
    for (const place of source.places()) this.#places.add(placeKey(place));
    for (const pod of source.pods()) this.#pods.add(pod);
  }

  #takePlaces(): readonly PlaceNews[] {
    const news: PlaceNews[] = [];
    let bytes = 0;
    for (const key of this.#places) {
      if (bytes >= LINE_BYTES || news.length >= LINE_ITEMS) break;
      this.#places.delete(key);
      const place = this.#placeNews(key);
      if (place === undefined) continue;
      news.push(place);
      if (place.state === 'acknowledged') bytes += place.resource.size;
    }
    return news;
  }

  /** Undefined: it has been said. */
  #placeNews(key: string): PlaceNews | undefined {
    const ref = parsePlaceKey(key);
    const state = this.#source.placeOf(ref);
    const told = this.#told.get(key);
    if (state === undefined) {
      if (!this.#told.delete(key)) return undefined;
      return { ...ref, state: 'gone' };
    }
    const { acknowledged: resource, version } = state;
    const isCurrent = resource?.version === version;
    const word = resource === undefined ? '' : `${isCurrent ? 'current' : 'held'} ${resource.version}`;
    if (told === word) return undefined;
    this.#told.set(key, word);
    return resource === undefined
      ? { ...ref, state: 'untold' }
      : { ...ref, state: 'acknowledged', isCurrent, resource };
  }

  #takePods(): readonly (readonly [string, ToldPod | null])[] {
    const news: (readonly [string, ToldPod | null])[] = [];
    for (const key of this.#pods) {
      if (news.length >= LINE_ITEMS) break;
      this.#pods.delete(key);
      const pod = this.#source.podOf(key);
      if (pod === undefined) {
        if (this.#toldPods.delete(key)) news.push([key, null]);
        continue;
      }
      const word = JSON.stringify(pod);
      if (this.#toldPods.get(key) === word) continue;
      this.#toldPods.set(key, word);
      news.push([key, pod]);
    }
    return news;
  }

  #write(message: SnapshotMessage): void {
    this.#pace.write(formatSnapshotMessage(message));
  }

  #beat(): void {
    this.#write({ kind: 'beat', serving: this.#source.isServing() });
    // What made it wait is not told to it.
    if (this.#state === 'waiting') this.#pace.next();
  }
}
