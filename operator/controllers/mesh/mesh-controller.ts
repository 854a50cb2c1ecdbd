import { type EntryRef, placeKey, type ResourceCache } from '@dot-kube/proxy/xds';
import type { Derivation, DerivedGraph, ObjectChange, RootChange } from '../../framework/derive/index.ts';
import type { Clock, Logger } from '../../framework/index.ts';
import { CauseIndex } from './cause-index.ts';
import { diffPlaced, layerUpdates } from './layer-diff.ts';
import { type Placed } from './entry.ts';
import { PushPace } from './push-pace.ts';

/** A generation of one of our objects came in, and these entries are what it had, or has, a part in. */
export interface Rolled {
  /** See `sourceKey`. */
  readonly object: string;
  /** Of the object: one that was deleted and made again is another. */
  readonly uid: string;
  readonly generation: number;
  readonly entries: readonly { readonly key: string; readonly revision: number }[];
}

/** A version of one of our objects. */
export interface TrackedObject {
  /** See `sourceKey`. */
  readonly object: string;
  readonly uid: string;
  readonly generation: number;
}

/** What a mesh controller works with. */
export interface MeshControllerOptions {
  readonly graph: DerivedGraph;
  readonly cache: ResourceCache;
  /** The derivations whose values are resources; roots of others are reported as verdicts. */
  readonly placed: ReadonlySet<Derivation<unknown>>;
  /** An object whose programming is tracked; undefined for all other objects. */
  readonly tracked: (change: ObjectChange) => TrackedObject | undefined;
  readonly log: Logger;
  /**
   * So long after a push, milliseconds, what changes is collected for the next one; `most` and `quiet` are of bursts, see
   * {@link PushPace}. Default: there is no such pause.
   */
  readonly pause?: {
    readonly clock: Clock;
    readonly milliseconds: number;
    readonly most?: number;
    readonly quiet?: number;
  };
}

/** Listeners must not throw. */
export interface MeshControllerEvents {
  readonly rolled?: (rolled: Rolled) => void;
  readonly ended?: (object: string) => void;
  readonly verdict?: (change: RootChange) => void;
  /** After each push; `ms` is what compiling and encoding took. */
  readonly pushed?: (push: { readonly revision: number; readonly resources: number; readonly ms: number }) => void;
}

/**
 * Objects in, resources out: takes changes of stores, recomputes what they touch, and writes the difference to the
 * resource cache. The first change goes out at once (on the next turn of the event loop); what arrives while a push is
 * being made, or in the pause after one, is the next one: a stream of changes costs pushes by time, not by changes, and
 * ever fewer of them while it goes on.
 */
export class MeshController {
  readonly #options: MeshControllerOptions;
  readonly #listeners: MeshControllerEvents[] = [];
  readonly #causes = new CauseIndex();
  readonly #generations = new Map<string, TrackedObject>();
  /** The revision at which an object's current generation came in. */
  readonly #rolledAt = new Map<string, number>();
  #pending: ObjectChange[] = [];
  #scheduled = false;
  #synced = false;
  readonly #pace: PushPace | undefined;

  constructor(options: MeshControllerOptions) {
    this.#options = options;
    const { pause } = options;
    if (pause !== undefined) this.#pace = new PushPace({ ...pause, least: pause.milliseconds });
  }

  subscribe(events: MeshControllerEvents): void {
    this.#listeners.push(events);
  }

  /** Takes in changes; they are worked on soon, and not before {@link markSynced}. */
  take(changes: readonly ObjectChange[]): void {
    this.#pending.push(...changes);
    const { pause } = this.#options;
    if (pause !== undefined) this.#pace?.changed(pause.clock.monotonic());
    if (!this.#synced || this.#scheduled) return;
    this.#scheduled = true;
    this.#schedule();
  }

  #schedule(): void {
    const { pause } = this.#options;
    const wait = pause === undefined ? 0 : (this.#pace?.wait(pause.clock.monotonic()) ?? 0);
    if (pause === undefined || wait <= 0) setImmediate(() => this.#next());
    // What has arrived meanwhile is read first: while the event loop was busy nobody can tell whether a burst is over.
    else pause.clock.setTimeout(() => setImmediate(() => this.#schedule()), wait);
  }

  #next(): void {
    this.#scheduled = false;
    this.flush();
    const { pause } = this.#options;
    if (pause !== undefined) this.#pace?.pushed(pause.clock.monotonic());
  }

  /** All stores have been listed: compiles what there is, and from here on answers proxies. */
  markSynced(): void {
    if (this.#synced) return;
    this.#synced = true;
    this.flush();
    this.#options.cache.markSynced();
  }

  /** Works on what is pending, now. */
  flush(): void {
    if (!this.#synced || this.#pending.length === 0) return;
    const changes = this.#pending;
    this.#pending = [];
    const started = performance.now();
    const moved = this.#generationsMoved(changes);
    const before = new Map(moved.map(({ object }) => [object, this.#causes.entriesOf(object)]));
    const roots = this.#options.graph.update(changes);
    const { revision, resources } = this.#push(roots);
    this.#tell((listener) => listener.pushed?.({ revision, resources, ms: performance.now() - started }));
    for (const { object, tracked } of moved) {
      if (tracked === undefined) this.#tell((listener) => listener.ended?.(object));
      else this.#roll(tracked, before.get(object) ?? [], revision);
    }
    for (const root of roots) {
      if (!this.#options.placed.has(root.derivation)) this.#tell((listener) => listener.verdict?.(root));
    }
  }

  /** What an object has a part in now. */
  entriesOf(object: string): readonly EntryRef[] {
    return this.#causes.entriesOf(object);
  }

  /** The keys of what an object has a part in now. */
  placeKeysOf(object: string): readonly string[] {
    return this.#causes.keysOf(object);
  }

  /** All tracked objects. */
  objects(): Iterable<string> {
    return this.#generations.keys();
  }

  /** Every tracked object, as if its generation had just come in. */
  rolledOut(): readonly Rolled[] {
    return [...this.#generations.values()].map((tracked) => ({
      ...tracked,
      entries: this.#withRevisions(this.#causes.entriesOf(tracked.object), 0),
    }));
  }

  /** The tracked objects that have a part in an entry. */
  objectsOf(entry: EntryRef): readonly string[] {
    if (this.#generations.size === 0) return NONE;
    return this.#causes.causesOf(entry).filter((cause) => this.#generations.has(cause));
  }

  /** Whether an object is the one to blame for an entry that proxies refuse: of those that have a part in it, the last to change. */
  isBlamed(object: string, entry: EntryRef): boolean {
    const objects = this.objectsOf(entry);
    if (!objects.includes(object)) return false;
    const newest = Math.max(...objects.map((each) => this.#rolledAt.get(each) ?? 0));
    return (this.#rolledAt.get(object) ?? 0) === newest;
  }

  #push(roots: readonly RootChange[]): { revision: number; resources: number } {
    const { cache, placed } = this.#options;
    const diffs = roots
      .filter((root) => placed.has(root.derivation))
      .map((root) => diffPlaced((root.previous ?? []) as readonly Placed[], (root.value ?? []) as readonly Placed[]));
    for (const root of roots) {
      if (!placed.has(root.derivation)) continue;
      for (const old of (root.previous ?? []) as readonly Placed[]) this.#causes.remove(old);
    }
    for (const root of roots) {
      if (!placed.has(root.derivation)) continue;
      for (const now of (root.value ?? []) as readonly Placed[]) this.#causes.add(now);
    }
    const resources = diffs.reduce((sum, diff) => sum + diff.upserted.length + diff.removed.length, 0);
    return { revision: cache.update(layerUpdates(diffs)), resources };
  }

  #roll(tracked: TrackedObject, before: readonly EntryRef[], revision: number): void {
    const { object } = tracked;
    const entries = new Map<string, EntryRef>();
    this.#rolledAt.set(object, revision);
    for (const entry of [...before, ...this.#causes.entriesOf(object)]) entries.set(placeKey(entry), entry);
    const rolled = { ...tracked, entries: this.#withRevisions(entries.values(), revision) };
    this.#tell((listener) => listener.rolled?.(rolled));
  }

  /** An entry that is gone has the revision of its removal. */
  #withRevisions(entries: Iterable<EntryRef>, removal: number): Rolled['entries'] {
    return [...entries].map((entry) => ({
      key: placeKey(entry),
      revision: this.#options.cache.revisionOf(entry) ?? removal,
    }));
  }

  /** The tracked objects whose generation is another than the last one seen; the last change of each counts. */
  #generationsMoved(
    changes: readonly ObjectChange[],
  ): readonly { readonly object: string; readonly tracked: TrackedObject | undefined }[] {
    const moved = new Map<string, TrackedObject | undefined>();
    for (const change of changes) {
      const tracked = this.#options.tracked(change);
      if (tracked === undefined) continue;
      const { object, uid, generation } = tracked;
      const known = this.#generations.get(object);
      if (change.object === undefined) {
        this.#generations.delete(object);
        this.#rolledAt.delete(object);
        moved.set(object, undefined);
      } else if (known?.generation !== generation || known.uid !== uid) {
        this.#generations.set(object, tracked);
        moved.set(object, tracked);
      }
    }
    return [...moved].map(([object, tracked]) => ({ object, tracked }));
  }

  #tell(call: (listener: MeshControllerEvents) => void): void {
    for (const listener of this.#listeners) call(listener);
  }
}

const NONE: readonly never[] = [];
