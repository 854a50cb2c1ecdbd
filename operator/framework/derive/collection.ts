/** Objects of one kind that derivations read, by key and by named indexes. Keys are `namespace/name`. */
export interface Collection<T> {
  readonly name: string;
  keyOf(object: T): string;
  /** An object stands under every key that its index function returns. A key may be a member of a group: see {@link groupKey}. */
  readonly indexes: Readonly<Record<string, IndexKeys<T>>>;
  /**
   * What indexes and derivations may look at in an object. A change of anything else, such as a status, is no change: the new
   * object is kept, and nothing runs again. Default: everything.
   */
  view?(object: T): unknown;
}

/** The keys of an object in one index. Method syntax, so that a collection of Services is a collection of objects. */
export type IndexKeys<T> = { keysOf(object: T): readonly string[] }['keysOf'];

/** What a derivation may read. Every read is remembered, so that only what it read can make it run again. */
export interface Read {
  get<T>(collection: Collection<T>, key: string): T | undefined;
  /** Sorted by key. */
  byIndex<T>(collection: Collection<T>, index: string, key: string): readonly T[];
  /**
   * The members of a group in an index, sorted: which classes of pods there are, say. It changes when a member appears or
   * goes, and not with each object under it.
   */
  members<T>(collection: Collection<T>, index: string, group: string): readonly string[];
  derived<T>(derivation: Derivation<T>, key: string): T;
}

/** The index key of a member of a group; the separator cannot be part of a Kubernetes name. */
export function groupKey(group: string, member: string): string {
  return `${group}\n${member}`;
}

/**
 * A pure function from what it reads to a value. It must not keep state, read a clock, or depend on anything but its
 * key and `read`; equal values (deep equality) stop a change from spreading. Idea: istio's krt, Salsa.
 */
export interface Derivation<T> {
  readonly name: string;
  compute(read: Read, key: string): T;
}
