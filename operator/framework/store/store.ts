import { keyOf, keyOfObject, type KubernetesObject, type ObjectRef } from '../api/object.ts';
import type { Change, ChangeListener, Mutation } from './change.ts';
import { Index, type IndexFunction } from './index-function.ts';
import { stripManagedFields } from './strip.ts';

/** The reading side of a {@link Store}: what reconcilers are given. */
export interface ReadonlyStore<T extends KubernetesObject = KubernetesObject> {
  readonly size: number;
  /** The object with this key (`namespace/name`, or `name`) or reference. */
  get(key: string | ObjectRef): T | undefined;
  /** All objects, in no particular order. */
  list(): T[];
  /** The objects that an index puts under a key, in no particular order. Throws when there is no such index. */
  byIndex(name: string, key: string): T[];
  /** Is told of every later change; returns what ends that. */
  subscribe(listener: ChangeListener<T>): () => void;
}

/** The objects of one kind, by `namespace/name`, with named indexes and change events. */
export class Store<T extends KubernetesObject = KubernetesObject> implements ReadonlyStore<T> {
  readonly #objects = new Map<string, T>();
  readonly #indexes = new Map<string, Index<T>>();
  readonly #listeners = new Set<ChangeListener<T>>();
  readonly #transform: (object: T) => T;

  /** `transform` is applied to every object on entry. Default: {@link stripManagedFields}. */
  constructor(transform: (object: T) => T = stripManagedFields) {
    this.#transform = transform;
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: string | ObjectRef): T | undefined {
    return this.#objects.get(typeof key === 'string' ? key : keyOf(key));
  }

  list(): T[] {
    return [...this.#objects.values()];
  }

  byIndex(name: string, key: string): T[] {
    const index = this.#indexes.get(name);
    if (index === undefined) throw new Error(`the store has no index ${JSON.stringify(name)}`);
    return index.get(key);
  }

  /** Adds an index: `keysOf` says under which keys an object is found. Indexes may be added at any time. */
  addIndex(name: string, keysOf: IndexFunction<T>): void {
    if (this.#indexes.has(name)) throw new Error(`the store has an index ${JSON.stringify(name)} already`);
    const index = new Index(keysOf);
    for (const [key, object] of this.#objects) index.put(key, undefined, object);
    this.#indexes.set(name, index);
  }

  subscribe(listener: ChangeListener<T>): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Applies mutations in their order and tells of all of them at once. What is there already in the same version is no change. */
  apply(mutations: Iterable<Mutation<T>>): void {
    const changes: Change<T>[] = [];
    for (const mutation of mutations) {
      const change =
        mutation.kind === 'upsert' ? this.#upsert(mutation.object) : this.#remove(keyOfObject(mutation.object));
      if (change !== undefined) changes.push(change);
    }
    this.#notify(changes);
  }

  /** Makes these the objects of the store, atomically: listeners see one batch, and the store only before or after it. */
  replace(objects: Iterable<T>): void {
    const changes: Change<T>[] = [];
    const kept = new Set<string>();
    for (const object of objects) {
      kept.add(keyOfObject(object));
      const change = this.#upsert(object);
      if (change !== undefined) changes.push(change);
    }
    for (const key of this.#objects.keys()) {
      if (kept.has(key)) continue;
      const change = this.#remove(key);
      if (change !== undefined) changes.push(change);
    }
    this.#notify(changes);
  }

  #upsert(raw: T): Change<T> | undefined {
    const key = keyOfObject(raw);
    const old = this.#objects.get(key);
    if (old !== undefined && isSameVersion(old, raw)) return undefined;
    const object = this.#transform(raw);
    this.#objects.set(key, object);
    for (const index of this.#indexes.values()) index.put(key, old, object);
    return { kind: 'upsert', key, old, new: object };
  }

  #remove(key: string): Change<T> | undefined {
    const old = this.#objects.get(key);
    if (old === undefined) return undefined;
    this.#objects.delete(key);
    for (const index of this.#indexes.values()) index.put(key, old, undefined);
    return { kind: 'remove', key, old };
  }

  #notify(changes: readonly Change<T>[]): void {
    if (changes.length === 0) return;
    const errors: unknown[] = [];
    for (const listener of this.#listeners) {
      try {
        listener(changes);
      } catch (thrown) {
        errors.push(thrown);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, 'listeners of the store failed');
  }
}

function isSameVersion(a: KubernetesObject, b: KubernetesObject): boolean {
  const version = a.metadata.resourceVersion;
  return version !== undefined && version === b.metadata.resourceVersion && a.metadata.uid === b.metadata.uid;
}
