import { isDeepStrictEqual } from 'node:util';
import type { Collection } from './collection.ts';

/** The name under which a reader of one object is remembered. */
export function objectInput(collection: string, key: string): string {
  return `o:${collection}:${key}`;
}

/** The name under which a reader of one index entry is remembered. */
export function indexInput(collection: string, index: string, key: string): string {
  return `i:${collection}:${index}:${key}`;
}

/** The name under which a reader of a group's members is remembered. */
export function groupInput(collection: string, index: string, group: string): string {
  return `g:${collection}:${index}:${group}`;
}

interface Index {
  readonly name: string;
  readonly keysOf: (object: unknown) => readonly string[];
  readonly entries: Map<string, Set<string>>;
  readonly groups: Map<string, Set<string>>;
}

/** The objects of one collection with their indexes. */
export class Shelf {
  readonly collection: Collection<unknown>;
  readonly objects = new Map<string, unknown>();
  readonly #indexes = new Map<string, Index>();

  constructor(collection: Collection<unknown>) {
    this.collection = collection;
    for (const [name, keysOf] of Object.entries(collection.indexes)) {
      this.#indexes.set(name, { name, keysOf, entries: new Map(), groups: new Map() });
    }
  }

  /** Sorted by key. Throws when there is no such index. */
  byIndex(index: string, key: string): readonly unknown[] {
    const keys = this.#index(index).entries.get(key);
    return keys === undefined ? [] : [...keys].sort().map((each) => this.objects.get(each));
  }

  /** Sorted. Throws when there is no such index. */
  members(index: string, group: string): readonly string[] {
    return [...(this.#index(index).groups.get(group) ?? [])].sort();
  }

  /** Whether derivations could not tell the two apart; absent ones are the same as each other. */
  looksTheSame(before: unknown, after: unknown): boolean {
    if (before === after) return true;
    const { collection } = this;
    if (before === undefined || after === undefined || collection.view === undefined) return false;
    return isDeepStrictEqual(collection.view(before), collection.view(after));
  }

  /** Puts `after` where `before` was, either may be absent, and answers the names of all inputs that this changes. */
  put(key: string, before: unknown, after: unknown): ReadonlySet<string> {
    const { name } = this.collection;
    const changed = new Set([objectInput(name, key)]);
    if (after === undefined) this.objects.delete(key);
    else this.objects.set(key, after);
    for (const index of this.#indexes.values()) {
      const old = new Set(before === undefined ? [] : index.keysOf(before));
      const now = new Set(after === undefined ? [] : index.keysOf(after));
      for (const each of old) {
        changed.add(indexInput(name, index.name, each));
        if (!now.has(each) && removeFrom(index.entries, each, key)) this.#regroup(index, each, removeFrom, changed);
      }
      for (const each of now) {
        changed.add(indexInput(name, index.name, each));
        if (!old.has(each) && addTo(index.entries, each, key)) this.#regroup(index, each, addTo, changed);
      }
    }
    return changed;
  }

  #regroup(index: Index, key: string, move: typeof addTo, changed: Set<string>): void {
    const end = key.indexOf('\n');
    if (end < 0) return;
    const group = key.slice(0, end);
    move(index.groups, group, key.slice(end + 1));
    changed.add(groupInput(this.collection.name, index.name, group));
  }

  #index(name: string): Index {
    const index = this.#indexes.get(name);
    if (index === undefined) throw new Error(`collection ${this.collection.name} has no index ${name}`);
    return index;
  }
}

/** Adds to a set of a map; answers whether the set was made for it. */
export function addTo<K, V>(map: Map<K, Set<V>>, key: K, value: V): boolean {
  const set = map.get(key);
  if (set === undefined) map.set(key, new Set([value]));
  else set.add(value);
  return set === undefined;
}

/** Removes from a set of a map; answers whether the set, now empty, went with it. */
export function removeFrom<K, V>(map: Map<K, Set<V>>, key: K, value: V): boolean {
  const set = map.get(key);
  if (set === undefined) return false;
  set.delete(value);
  if (set.size === 0) map.delete(key);
  return set.size === 0;
}
