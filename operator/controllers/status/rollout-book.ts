/** An entry of the resource cache that an object's generation changed, and the revision that carries it. */
export interface RolledEntry {
  /** See `placeKey`. */
  readonly key: string;
  readonly revision: number;
}

/** What the book asks about proxies when a rollout begins. */
export interface AckView {
  /** Ids of the connections that are open. */
  connected(): readonly string[];
  /** Whether the proxy is subscribed to the entry and sees it. */
  uses(proxy: string, entry: string): boolean;
  /** The newest revision of the entry that the proxy acknowledged; -1 when it never did. */
  ackedRevision(proxy: string, entry: string): number;
}

interface Rollout {
  readonly generation: number;
  readonly entries: ReadonlyMap<string, number>;
  /** The proxies whose acknowledgement counts: connected at the first push, and using what changed. */
  readonly concerned: Set<string>;
  /** What each of them has yet to acknowledge. */
  readonly waiting: Map<string, Set<string>>;
}

/** Where an object's generation stands. */
export type RolloutProgress =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'waiting'; readonly concerned: number; readonly waitingFor: readonly string[] }
  | { readonly kind: 'acknowledged'; readonly concerned: number };

/**
 * Who has yet to acknowledge which generation of which object.
 *
 * A generation is through when every proxy that was connected at its first push, and still is, acknowledged what came of
 * it. Proxies that join later never put it back; one that disconnects leaves the count when {@link forget} is called.
 */
export class RolloutBook {
  readonly #rollouts = new Map<string, Rollout>();
  /** Objects that somebody is waited for. */
  readonly #open = new Set<string>();
  readonly #acks: AckView;

  constructor(acks: AckView) {
    this.#acks = acks;
  }

  /** Starts over for a generation of an object: `entries` are all that it had a part in before or has now. */
  begin(object: string, generation: number, entries: readonly RolledEntry[]): void {
    const waiting = new Map<string, Set<string>>();
    const concerned = new Set<string>();
    for (const proxy of this.#acks.connected()) {
      const missing = new Set<string>();
      for (const { key, revision } of entries) {
        if (!this.#acks.uses(proxy, key)) continue;
        concerned.add(proxy);
        if (this.#acks.ackedRevision(proxy, key) < revision) missing.add(key);
      }
      if (missing.size > 0) waiting.set(proxy, missing);
    }
    this.#rollouts.set(object, {
      generation,
      entries: new Map(entries.map(({ key, revision }) => [key, revision])),
      concerned,
      waiting,
    });
    if (waiting.size > 0) this.#open.add(object);
    else this.#open.delete(object);
  }

  /** Drops an object that is gone. */
  end(object: string): void {
    this.#rollouts.delete(object);
    this.#open.delete(object);
  }

  /** Whether anybody is waited for. */
  get isOpen(): boolean {
    return this.#open.size > 0;
  }

  /** A proxy acknowledged an entry at a revision. Answers which objects that moved. */
  acknowledged(proxy: string, entry: string, revision: number): readonly string[] {
    const moved: string[] = [];
    for (const object of this.#open) {
      const rollout = this.#rollouts.get(object);
      if (!rollout?.waiting.get(proxy)?.has(entry) || revision < (rollout.entries.get(entry) ?? 0)) continue;
      this.#settle(object, rollout, proxy, entry);
      moved.push(object);
    }
    return moved;
  }

  /**
   * Looks again at a proxy that came back: one that was started anew need not use what its predecessor did, and then will
   * never acknowledge it. Answers which objects that moved.
   */
  review(proxy: string): readonly string[] {
    const moved: string[] = [];
    for (const object of this.#open) {
      const rollout = this.#rollouts.get(object);
      for (const entry of rollout?.waiting.get(proxy) ?? []) {
        const isUsed = this.#acks.uses(proxy, entry);
        if (
          rollout === undefined ||
          (isUsed && this.#acks.ackedRevision(proxy, entry) < (rollout.entries.get(entry) ?? 0))
        )
          continue;
        this.#settle(object, rollout, proxy, entry);
        moved.push(object);
      }
    }
    return [...new Set(moved)];
  }

  /** A proxy is gone for good, or long enough. Answers which objects that moved. */
  forget(proxy: string): readonly string[] {
    const moved: string[] = [];
    for (const [object, rollout] of this.#rollouts) {
      rollout.waiting.delete(proxy);
      if (rollout.waiting.size === 0) this.#open.delete(object);
      if (rollout.concerned.delete(proxy)) moved.push(object);
    }
    return moved;
  }

  progressOf(object: string, generation: number): RolloutProgress {
    const rollout = this.#rollouts.get(object);
    if (rollout === undefined || rollout.generation !== generation) return { kind: 'unknown' };
    const concerned = rollout.concerned.size;
    if (rollout.waiting.size === 0) return { kind: 'acknowledged', concerned };
    return { kind: 'waiting', concerned, waitingFor: [...rollout.waiting.keys()].sort() };
  }

  /** The proxies whose acknowledgement of the present generation counts. */
  concernedOf(object: string): readonly string[] {
    return [...(this.#rollouts.get(object)?.concerned ?? [])];
  }

  /** Connected proxies that came after the first push, and have not acknowledged everything either. */
  lateOf(object: string): readonly string[] {
    const rollout = this.#rollouts.get(object);
    if (rollout === undefined) return [];
    const late = this.#acks.connected().filter((proxy) => !rollout.waiting.has(proxy));
    return late.filter((proxy) =>
      [...rollout.entries].some(
        ([entry, revision]) => this.#acks.uses(proxy, entry) && this.#acks.ackedRevision(proxy, entry) < revision,
      ),
    );
  }

  /** Whether nobody is waited for. */
  isAcknowledged(object: string): boolean {
    return this.#rollouts.get(object)?.waiting.size === 0;
  }

  #settle(object: string, { waiting }: Rollout, proxy: string, entry: string): void {
    const missing = waiting.get(proxy);
    missing?.delete(entry);
    if (missing?.size === 0) waiting.delete(proxy);
    if (waiting.size === 0) this.#open.delete(object);
  }
}
