const GONE = Symbol('gone');

/** How values are told apart, and a number that equal ones have in common. */
export interface ValueKind<V> {
  readonly equal: (a: V, b: V) => boolean;
  readonly hash: (value: V) => number;
}

/**
 * A map of names of which most others like it hold the same: what they have in common is there once, and each has only what is
 * different besides. Sets and deletes touch nobody else's; {@link share} finds, or leaves, the common part.
 *
 * A thousand streams that were told the same ten thousand names need the memory of one.
 */
export class SharedMap<V> {
  readonly #own = new Map<string, V | typeof GONE>();
  #common: ReadonlyMap<string, V> | undefined;
  #size = 0;

  /** Number of entries. */
  get size(): number {
    return this.#size;
  }

  get(name: string): V | undefined {
    const own = this.#own.get(name);
    if (own !== undefined) return own === GONE ? undefined : own;
    return this.#common?.get(name);
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /** Sets a value, which is not undefined. */
  set(name: string, value: V): this {
    const common = this.#common?.get(name);
    const before = this.#own.get(name) ?? common;
    if (before === undefined || before === GONE) this.#size += 1;
    if (common === value) this.#own.delete(name);
    else this.#own.set(name, value);
    return this;
  }

  /** Answers whether it was there. */
  delete(name: string): boolean {
    if (!this.has(name)) return false;
    this.#size -= 1;
    if (this.#common?.has(name) === true) this.#own.set(name, GONE);
    else this.#own.delete(name);
    return true;
  }

  *keys(): Iterable<string> {
    for (const [name] of this.entries()) yield name;
  }

  *entries(): Iterable<readonly [string, V]> {
    for (const [name, value] of this.#own) if (value !== GONE) yield [name, value];
    for (const each of this.#common ?? []) if (!this.#own.has(each[0])) yield each;
  }

  /** Moves what it holds to the common part, when that is worth it: cheap enough to call after each change. */
  share(commons: Commons<V>): void {
    if (this.#own.size < commons.worth || this.#own.size * 4 < this.#size) return;
    this.#common = commons.of(this);
    this.#own.clear();
  }
}

/** The common parts of the maps of one kind. Those that no map uses any more are forgotten. */
export class Commons<V> {
  /** So many entries of a map's own are worth sharing. */
  readonly worth: number;
  readonly #kind: ValueKind<V>;
  readonly #byHash = new Map<number, WeakRef<ReadonlyMap<string, V>>>();
  readonly #forget = new FinalizationRegistry<number>((hash) => {
    if (this.#byHash.get(hash)?.deref() === undefined) this.#byHash.delete(hash);
  });

  constructor(kind: ValueKind<V>, worth = 64) {
    this.#kind = kind;
    this.worth = worth;
  }

  /** How many different ones there are. */
  get size(): number {
    return this.#byHash.size;
  }

  /** A map with the same entries, the same one for all that ask for it. */
  of(map: SharedMap<V>): ReadonlyMap<string, V> {
    const hash = this.#hash(map);
    const known = this.#byHash.get(hash)?.deref();
    if (known !== undefined && this.#isEqual(known, map)) return known;
    const made = new Map(map.entries());
    this.#byHash.set(hash, new WeakRef(made));
    this.#forget.register(made, hash);
    return made;
  }

  /** The same for any order of the entries. Names count by little: values and sizes tell most maps apart. */
  #hash(map: SharedMap<V>): number {
    let hash = map.size;
    for (const [name, value] of map.entries()) {
      const ends = name.length * 31 + name.charCodeAt(name.length - 1) * 7 + name.charCodeAt(0);
      hash = (hash + Math.imul(ends + this.#kind.hash(value) * 65_599, 2_654_435_761)) | 0;
    }
    return hash;
  }

  #isEqual(known: ReadonlyMap<string, V>, map: SharedMap<V>): boolean {
    if (known.size !== map.size) return false;
    for (const [name, value] of map.entries()) {
      const other = known.get(name);
      if (other === undefined || !this.#kind.equal(other, value)) return false;
    }
    return true;
  }
}
