import { parsePlaceKey } from '@dot-kube/proxy/xds';
import { isDeepStrictEqual } from 'node:util';
import { parseSourceKey } from '@dot-kube/proxy/model';
import { finding, findingText } from '../../findings/index.ts';
import type { MeshController, Rolled } from '../mesh/mesh-controller.ts';
import type { CancelTimer, Clock } from '../../framework/index.ts';
import type { Programming } from './conditions-for.ts';
import { type AckView, RolloutBook } from './rollout-book.ts';
import { type MeshStanding, meshStanding, type ReplicaView, type Standing } from './standing.ts';

/** One entry that a proxy refused. */
export interface Rejection {
  readonly entry: string;
  readonly proxy: string;
  /** Envoy's own words. */
  readonly message: string;
}

/** What the board asks the xDS server. */
export interface ProgrammingSource extends AckView {
  /** What proxies refused and would still have to take, on all replicas. */
  rejections(): readonly Rejection[];
  /** The connected proxies that use any of the entries. */
  usersOf(entries: readonly string[]): readonly string[];
}

interface WaitedFor {
  readonly uid: string;
  readonly generation: number;
  readonly proxies: ReadonlySet<string>;
}

/** What a board works with. */
export interface ProgrammingBoardOptions {
  /** The proxies of this replica. */
  readonly source: ProgrammingSource;
  /** What other replicas say of theirs. Default: there are none. */
  readonly others?: () => readonly ReplicaView[];
  readonly mesh: MeshController;
  readonly clock: Clock;
  /** Connections of a replaced filter chain live on for so long after the acknowledgement. Milliseconds. */
  readonly drainMs: number;
  /** How long a proxy that disconnected is waited for, and counted. Default: 5 s. */
  readonly goneAfterMs?: number;
  /** Whether proxies are coming back after a start of ours; {@link ProgrammingBoard.returned} says when that is over. */
  readonly isReturning: () => boolean;
  readonly isListener: (entryType: string) => boolean;
  /** An object's programming may have changed. `waits`: it was and is waited for, if perhaps for fewer. */
  readonly moved: (object: string, waits: boolean) => void;
  /** A proxy came or left, or what one refuses changed. */
  readonly proxiesChanged?: () => void;
  /** A proxy is gone for good, or long enough: the counts of any object may have changed. */
  readonly gone: () => void;
}

/**
 * Whether an object is in force: acknowledged by everyone concerned, with the connections gone that it forbids, and
 * refused by nobody.
 */
export class ProgrammingBoard {
  readonly #options: ProgrammingBoardOptions;
  readonly #book: RolloutBook;
  /** Objects whose replaced listeners still drain. */
  readonly #draining = new Map<string, CancelTimer>();
  readonly #listeners = new Set<string>();
  /** Proxies that left, or came back, a moment ago. */
  readonly #leaving = new Map<string, CancelTimer>();
  readonly #arriving = new Map<string, CancelTimer>();
  /** Who used an object before one of them left. */
  readonly #users = new Map<string, ReadonlySet<string>>();
  readonly #uids = new Map<string, string>();
  readonly #generations = new Map<string, number>();
  /** Who was waited for when it was last asked, of objects that others have a say in. */
  readonly #waitedFor = new Map<string, WaitedFor>();
  /** By entry. */
  #rejections = new Map<string, readonly Rejection[]>();

  constructor(options: ProgrammingBoardOptions) {
    this.#options = options;
    this.#book = new RolloutBook(options.source);
    options.mesh.subscribe({ rolled: (rolled) => this.#begin(rolled), ended: (object) => this.#end(object) });
  }

  /** Whether anything may follow from what a proxy acknowledges; otherwise it need not be told. */
  get awaitsAcknowledgements(): boolean {
    return this.#rejections.size > 0 || this.#book.isOpen;
  }

  /** A proxy acknowledged an entry at a revision. */
  acknowledged(proxy: string, entry: string, revision: number): void {
    if (this.#rejections.has(entry)) this.rejectionsChanged();
    for (const object of this.#book.acknowledged(proxy, entry, revision)) this.#moved(object);
  }

  /**
   * Whether a proxy that speaks of an entry is counted for an object already, and nobody was waited for when that was last looked at:
   * then nothing but a new generation, of which the board tells, changes the counts. False where other replicas have a say.
   */
  counts(proxy: string, entry: string, object: string): boolean {
    const { others, source } = this.#options;
    if ((others?.() ?? []).length > 0 || this.#rejections.size > 0 || !source.uses(proxy, entry)) return false;
    return this.#waitedFor.get(object)?.proxies.size === 0 && this.#users.get(object)?.has(proxy) === true;
  }

  /** Nobody looks at objects here any more, as another replica leads: all that proxies say is to be passed on. */
  unwatched(): void {
    this.#waitedFor.clear();
  }

  /** A proxy's connection is gone; if it does not come back it leaves the count. */
  disconnected(proxy: string): void {
    this.#options.proxiesChanged?.();
    this.#arriving.get(proxy)?.();
    this.#arriving.delete(proxy);
    this.#after(this.#leaving, proxy, () => {
      for (const object of this.#book.forget(proxy)) this.#moved(object);
      this.rejectionsChanged();
      this.#options.gone();
    });
  }

  /** A proxy is there, for the first time or again. */
  connected(proxy: string): void {
    this.#options.proxiesChanged?.();
    this.#leaving.get(proxy)?.();
    this.#leaving.delete(proxy);
    this.#after(this.#arriving, proxy, () => {
      for (const object of this.#book.review(proxy)) this.#moved(object);
    });
  }

  /** Proxies have come back after a start of ours: what is open concerns those that are there now. */
  returned(): void {
    for (const rolled of this.#options.mesh.rolledOut()) this.#begin(rolled);
  }

  /** What proxies refuse has changed. */
  rejectionsChanged(): void {
    const before = this.#rejections;
    this.#rejections = Map.groupBy(this.#options.source.rejections(), ({ entry }) => entry);
    const objects = new Set<string>();
    for (const entry of [...before.keys(), ...this.#rejections.keys()]) {
      if (isDeepStrictEqual(before.get(entry), this.#rejections.get(entry))) continue;
      for (const object of this.#options.mesh.objectsOf(parsePlaceKey(entry))) objects.add(object);
    }
    for (const object of objects) this.#options.moved(object, false);
    this.#options.proxiesChanged?.();
  }

  /** Where the present generation of an object stands among the proxies of this replica; undefined for one that is gone. */
  standingOf(object: string): Standing | undefined {
    return this.#standingOf(object, true);
  }

  /** Where a generation of an object stands in the whole mesh; undefined while it has not been compiled here. */
  programmingOf(object: string, generation: number): Programming | undefined {
    if (this.#generations.get(object) !== generation) return undefined;
    const { users, concerned, waitingFor, draining, behind } = this.#meshStanding(object, generation);
    const rejected = this.#rejectionsOf(object);
    const [first] = rejected;
    if (first !== undefined) {
      const refusing = new Set(rejected.map(({ proxy }) => proxy));
      const total = Math.max(users.size, concerned.size, refusing.size);
      const programmed = Math.max(0, total - refusing.union(waitingFor).size);
      return { kind: 'rejected', total, programmed, rejected: refusing.size, message: rejectionText(object, first) };
    }
    if (this.#options.isReturning()) return { kind: 'returning', total: users.size };
    if (waitingFor.size > 0 || draining || behind.length > 0) {
      const replicas = behind.length === 0 ? {} : { replicas: behind };
      return { kind: 'waiting', total: concerned.size, waitingFor: [...waitingFor].sort(), ...replicas };
    }
    return { kind: 'programmed', total: Math.max(users.size, concerned.size) };
  }

  close(): void {
    for (const timers of [this.#draining, this.#leaving, this.#arriving])
      for (const cancel of timers.values()) cancel();
  }

  #begin({ object, uid, generation, entries }: Rolled): void {
    this.#uids.set(object, uid);
    this.#generations.set(object, generation);
    this.#draining.get(object)?.();
    this.#draining.delete(object);
    this.#listeners.delete(object);
    this.#book.begin(object, generation, entries);
    if (this.#rejections.size > 0) this.rejectionsChanged();
    const waits = this.#book.progressOf(object, generation).kind === 'waiting';
    const replaced = entries.some(({ key }) => this.#options.isListener(parsePlaceKey(key).type));
    if (waits && replaced) this.#listeners.add(object);
    this.#options.moved(object, waits);
  }

  #end(object: string): void {
    this.#draining.get(object)?.();
    this.#draining.delete(object);
    this.#listeners.delete(object);
    for (const known of [this.#users, this.#uids, this.#generations, this.#waitedFor]) known.delete(object);
    this.#book.end(object);
    this.#options.moved(object, false);
  }

  #standingOf(object: string, withLate: boolean): Standing | undefined {
    const generation = this.#generations.get(object);
    if (generation === undefined) return undefined;
    const progress = this.#book.progressOf(object, generation);
    return {
      uid: this.#uids.get(object) ?? '',
      generation,
      users: [...this.#usersOf(object)].sort(),
      concerned: this.#book.concernedOf(object).toSorted(),
      waitingFor: progress.kind === 'waiting' ? progress.waitingFor : [],
      late: withLate ? this.#book.lateOf(object).toSorted() : [],
      draining: this.#draining.has(object),
    };
  }

  #meshStanding(object: string, generation: number): MeshStanding {
    const { source, others, isReturning } = this.#options;
    const replicas = others?.() ?? [];
    const uid = this.#uids.get(object) ?? '';
    const last = this.#waitedFor.get(object);
    const isSame = last?.uid === uid && last.generation === generation;
    const connected = new Set(replicas.length === 0 ? [] : source.connected());
    const own = { instance: '', isLive: true, connected };
    const mayHaveMoved = replicas.length > 0 || (isSame && last.proxies.size > 0);
    const standingOf = (): Standing | undefined => this.#standingOf(object, mayHaveMoved);
    const question = { object, uid, generation, waitedFor: isSame ? last.proxies : undefined };
    const found = meshStanding(question, [{ ...own, standingOf }, ...replicas]);
    // While proxies come back nobody knows who was waited for.
    if (isReturning()) this.#waitedFor.delete(object);
    else this.#waitedFor.set(object, { uid, generation, proxies: found.waitingFor });
    return found;
  }

  /** A proxy that left a moment ago still counts: it may only have changed to another replica or address. */
  #usersOf(object: string): ReadonlySet<string> {
    const { source, mesh } = this.#options;
    const users = new Set(source.usersOf(mesh.placeKeysOf(object)));
    if (this.#leaving.size > 0)
      for (const proxy of this.#users.get(object) ?? []) if (this.#leaving.has(proxy)) users.add(proxy);
    this.#users.set(object, users);
    return users;
  }

  #after(timers: Map<string, CancelTimer>, proxy: string, then: () => void): void {
    const { clock, goneAfterMs = 5000 } = this.#options;
    timers.get(proxy)?.();
    const cancel = clock.setTimeout(() => {
      timers.delete(proxy);
      then();
    }, goneAfterMs);
    timers.set(proxy, cancel);
  }

  #moved(object: string): void {
    if (this.#listeners.has(object) && this.#book.isAcknowledged(object)) {
      this.#listeners.delete(object);
      const { clock, drainMs } = this.#options;
      const cancel = clock.setTimeout(() => {
        this.#draining.delete(object);
        this.#options.moved(object, false);
      }, drainMs);
      this.#draining.set(object, cancel);
    }
    this.#options.moved(object, this.#draining.has(object) || !this.#book.isAcknowledged(object));
  }

  /** Refused entries that the object has a part in; the fault of those that changed last, when that can be told. */
  #rejectionsOf(object: string): readonly Rejection[] {
    if (this.#rejections.size === 0) return [];
    const { mesh } = this.#options;
    const mine = [...this.#rejections].filter(([entry]) => mesh.isBlamed(object, parsePlaceKey(entry)));
    return mine.flatMap(([, rejections]) => rejections).sort((a, b) => (a.proxy < b.proxy ? -1 : 1));
  }
}

function rejectionText(object: string, { proxy, message }: Rejection): string {
  return findingText(finding('DK3001', { object: parseSourceKey(object) }, { proxy, error: message }));
}
