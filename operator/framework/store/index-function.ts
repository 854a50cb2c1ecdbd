import type { KubernetesObject } from '../api/object.ts';

/** Under which keys an index finds an object; none means that it does not. */
export type IndexFunction<T extends KubernetesObject> = (object: T) => readonly string[];

/** One named index of a store: key → the objects under it. */
export class Index<T extends KubernetesObject> {
  readonly #keysOf: IndexFunction<T>;
  readonly #entries = new Map<string, Map<string, T>>();

  constructor(keysOf: IndexFunction<T>) {
    this.#keysOf = keysOf;
  }

  get(key: string): T[] {
    const entry = this.#entries.get(key);
    return entry === undefined ? [] : [...entry.values()];
  }

  /** Moves the object with the key `objectKey` from where `old` was to where `next` is. */
  put(objectKey: string, old: T | undefined, next: T | undefined): void {
    if (old !== undefined) {
      for (const key of this.#keysOf(old)) {
        const entry = this.#entries.get(key);
        entry?.delete(objectKey);
        if (entry?.size === 0) this.#entries.delete(key);
      }
    }
    if (next === undefined) return;
    for (const key of this.#keysOf(next)) {
      const entry = this.#entries.get(key);
      if (entry === undefined) this.#entries.set(key, new Map([[objectKey, next]]));
      else entry.set(objectKey, next);
    }
  }
}

/** The index by namespace. */
export function byNamespace(object: KubernetesObject): readonly string[] {
  return object.metadata.namespace === undefined ? [] : [object.metadata.namespace];
}

/** The index by the uid of every owner. */
export function byOwnerUid(object: KubernetesObject): readonly string[] {
  return object.metadata.ownerReferences?.map((owner) => owner.uid) ?? [];
}
