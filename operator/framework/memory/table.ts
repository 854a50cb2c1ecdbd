import { keyOfObject, type KubernetesObject } from '../api/object.ts';
import type { ResourceKind } from '../api/resource-kind.ts';
import { type FieldSchema, mergeSchema } from './field-schema.ts';
import { History } from './history.ts';
import type { FieldManagers } from './ownership.ts';

/** One stored object, frozen, and the managers of its fields. */
export interface Entry {
  readonly object: KubernetesObject;
  readonly managers: FieldManagers;
}

/** The objects of one kind. */
export class Table {
  readonly kind: ResourceKind;
  readonly schema: FieldSchema;
  readonly history: History;
  readonly #entries = new Map<string, Entry>();
  #sorted: readonly KubernetesObject[] | undefined;

  constructor(kind: ResourceKind, schema: FieldSchema | undefined, historySize: number) {
    this.kind = kind;
    this.schema = mergeSchema(kind.group, kind.kind, schema);
    this.history = new History(historySize);
  }

  get(key: string): Entry | undefined {
    return this.#entries.get(key);
  }

  /** Stores an entry and tells the watches. */
  put(entry: Entry, version: number): void {
    const key = keyOfObject(entry.object);
    const old = this.#entries.get(key)?.object;
    this.#entries.set(key, entry);
    this.#sorted = undefined;
    this.history.append({ version, type: old === undefined ? 'ADDED' : 'MODIFIED', object: entry.object, old });
  }

  /** Drops an object; `last` is what the watches are told. */
  drop(last: KubernetesObject, version: number): void {
    const key = keyOfObject(last);
    const old = this.#entries.get(key)?.object;
    if (!this.#entries.delete(key)) return;
    this.#sorted = undefined;
    this.history.append({ version, type: 'DELETED', object: last, old });
  }

  /** The objects, of one namespace or all, in the order of their keys, as etcd keeps them. */
  objects(namespace?: string): readonly KubernetesObject[] {
    this.#sorted ??= [...this.#entries.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry.object);
    if (namespace === undefined) return this.#sorted;
    // Keys begin with the namespace, so its objects stand together; `0` comes right after `/`.
    return this.#sorted.slice(firstFrom(this.#sorted, `${namespace}/`), firstFrom(this.#sorted, `${namespace}0`));
  }
}

/** The index of the first object whose key is not before `key`. */
function firstFrom(sorted: readonly KubernetesObject[], key: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const object = sorted[middle];
    if (object !== undefined && keyOfObject(object) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
