import type { EncodedResource, EntryRef, ServerCertificate } from '@dot-kube/proxy/xds';
import type { CancelTimer, Clock } from '../../framework/index.ts';
import { entryKey, parseEntryKey } from '../mesh/entry.ts';
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

/** Where lines go: a stream to a standby. */
export interface SnapshotSink {
  /** Answers whether more may follow; if not, {@link SnapshotFeed.resume} is to be called. */
  write(line: string): boolean;
}

/** The first change is told at once, further ones after so long, milliseconds. */
const GAP_MS = 50;

/** A standby hears something at least so often, milliseconds: it takes a silence of three of these for the end. */
export const BEAT_MS = 500;

/** Bytes of resources in one line, and places and pods. */
const LINE_BYTES = 256 * 1024;
const LINE_ITEMS = 2000;

/**
 * Tells one standby what proxies acknowledged: everything at first, then what changes. Nothing is queued: of what changes while the
 * standby does not read, the newest state is told when it does.
 */
export class SnapshotFeed {
  readonly #source: SnapshotSource;
  readonly #sink: SnapshotSink;
  readonly #clock: Clock;
  readonly #places = new Set<string>();
  readonly #pods = new Set<string>();
  /** By place: what was said of it last. */
  readonly #told = new Map<string, string>();
  readonly #toldPods = new Map<string, string>();
  #certificate: ServerCertificate | undefined;
  #state: 'waiting' | 'listing' | 'following' = 'waiting';
  #isBlocked = false;
  #isClosed = false;
  #lastWrite: number;
  #cancelBeat: CancelTimer = () => {};
  #cancelFlush: CancelTimer | undefined;

  /** Says hello, and tells all there is as soon as there is something. */
  constructor(source: SnapshotSource, sink: SnapshotSink, clock: Clock) {
    this.#source = source;
    this.#sink = sink;
    this.#clock = clock;
    this.#lastWrite = clock.monotonic() - GAP_MS;
    this.#write({
      kind: 'hello',
      format: SNAPSHOT_FORMAT,
      instance: source.instance,
      trustDomain: source.trustDomain,
    });
    this.#beat();
    this.#schedule(0);
  }

  /** What is shown to proxies from now on. */
  certify(certificate: ServerCertificate): void {
    this.#certificate = certificate;
    this.#schedule(0);
  }

  /** What stands in a place, or what proxies acknowledged of it, may be different. */
  touch(place: EntryRef): void {
    if (this.#state === 'waiting') return;
    this.#places.add(entryKey(place));
    this.#scheduleNext();
  }

  /** A pod came, went, or changed. */
  touchPod(key: string): void {
    if (this.#state === 'waiting') return;
    this.#pods.add(key);
    this.#scheduleNext();
  }

  /** The standby reads again. */
  resume(): void {
    this.#isBlocked = false;
    this.#schedule(0);
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelBeat();
    this.#cancelFlush?.();
  }

  #scheduleNext(): void {
    this.#schedule(this.#lastWrite + GAP_MS - this.#clock.monotonic());
  }

  #schedule(milliseconds: number): void {
    if (this.#isClosed || this.#isBlocked || this.#cancelFlush !== undefined) return;
    this.#cancelFlush = this.#clock.setTimeout(
      () => {
        this.#cancelFlush = undefined;
        this.#flush();
      },
      Math.max(0, milliseconds),
    );
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
    if (this.#places.size > 0 || this.#pods.size > 0) this.#schedule(0);
  }

  #begin(): void {
    const source = this.#source;
    if (this.#state !== 'waiting' || !source.isServing()) return;
    this.#state = 'listing';
    for (const place of source.places()) this.#places.add(entryKey(place));
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
    const ref = parseEntryKey(key);
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
    this.#isBlocked = !this.#sink.write(formatSnapshotMessage(message)) || this.#isBlocked;
    this.#lastWrite = this.#clock.monotonic();
    this.#cancelBeat();
    this.#cancelBeat = this.#clock.setTimeout(() => this.#beat(), BEAT_MS);
  }

  #beat(): void {
    if (this.#isClosed || this.#isBlocked) return;
    this.#write({ kind: 'beat', serving: this.#source.isServing() });
    // What made it wait is not told to it.
    if (this.#state === 'waiting') this.#schedule(0);
  }
}
