import { deepFreeze } from '../api/json.ts';
import { keyOfObject, type KubernetesObject } from '../api/object.ts';
import type { ResourceKind } from '../api/resource-kind.ts';
import { rfc3339 } from '../clock.ts';
import type { FieldSchema } from './field-schema.ts';
import { OwnerIndex } from './owners.ts';
import { type FieldManagers, managedFields } from './ownership.ts';
import { type Entry, Table } from './table.ts';

/** What a {@link Database} is told. */
export interface DatabaseOptions {
  readonly schemaOf: (kind: ResourceKind) => FieldSchema | undefined;
  readonly historySize: number;
  readonly collectGarbage: boolean;
  /** The wall-clock time in milliseconds. */
  readonly now: () => number;
}

/** The stored objects of all kinds under one version counter, and what is deleted with what. */
export class Database {
  readonly #options: DatabaseOptions;
  readonly #tables = new Map<string, Table>();
  readonly #owners = new OwnerIndex();
  #version = 1;

  constructor(options: DatabaseOptions) {
    this.#options = options;
  }

  /** The version of the last change. */
  get version(): number {
    return this.#version;
  }

  /** The objects of a kind, whatever the version of its group. */
  table(kind: ResourceKind): Table {
    const id = `${kind.group}/${kind.kind}`;
    let table = this.#tables.get(id);
    if (table === undefined) {
      table = new Table(kind, this.#options.schemaOf(kind), this.#options.historySize);
      this.#tables.set(id, table);
    }
    return table;
  }

  /** Forgets the history of all kinds. */
  compact(): void {
    for (const table of this.#tables.values()) table.history.compact(this.#version);
  }

  /** Stores an object in its next version. One that only waited for its last finalizer is dropped instead. */
  store(table: Table, next: KubernetesObject, managers: FieldManagers): KubernetesObject {
    const key = keyOfObject(next);
    const old = table.get(key)?.object;
    if (isDone(next)) return this.drop(table, next);
    const object = this.#versioned(next, managers);
    table.put({ object, managers }, this.#version);
    this.#owners.move(old, object, { table, key });
    if (this.#options.collectGarbage && this.#owners.isOrphan(object)) this.remove(table, object);
    return object;
  }

  /** Deletes an object: marks it while it has finalizers, drops it when it has none. Returns what is left or was last there. */
  remove(table: Table, object: KubernetesObject): KubernetesObject {
    if ((object.metadata.finalizers ?? []).length === 0) return this.drop(table, object);
    if (object.metadata.deletionTimestamp !== undefined) return object;
    const entry = table.get(keyOfObject(object)) as Entry;
    const metadata = {
      ...object.metadata,
      deletionTimestamp: rfc3339(this.#options.now()),
      deletionGracePeriodSeconds: 0,
    };
    return this.store(table, { ...object, metadata: withNextGeneration(metadata) }, entry.managers);
  }

  /** Drops an object at once, and then whatever exists for its sake alone. */
  drop(table: Table, last: KubernetesObject): KubernetesObject {
    const key = keyOfObject(last);
    const entry = table.get(key);
    const object = this.#versioned(last, entry?.managers ?? new Map());
    table.drop(object, this.#version);
    this.#owners.move(entry?.object, undefined, { table, key });
    if (this.#options.collectGarbage) this.#collect(object);
    return object;
  }

  /** Takes the references to an object out of its dependents, so that they stay when it goes. */
  orphanDependents(uid: string): void {
    for (const { table, entry } of this.#dependentsOf(uid)) {
      const { ownerReferences = [], ...metadata } = entry.object.metadata;
      const left = ownerReferences.filter((owner) => owner.uid !== uid);
      const next = left.length === 0 ? metadata : { ...metadata, ownerReferences: left };
      this.store(table, { ...entry.object, metadata: next }, entry.managers);
    }
  }

  /** Removes the dependents of an object that no longer have any owner. */
  removeDependents(uid: string): void {
    for (const { table, entry } of this.#dependentsOf(uid)) {
      const others = (entry.object.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== uid);
      if (!others.some((owner) => this.#owners.has(owner.uid))) this.remove(table, entry.object);
    }
  }

  #collect(gone: KubernetesObject): void {
    if (gone.metadata.uid !== undefined) this.removeDependents(gone.metadata.uid);
    if (gone.kind !== 'Namespace' || gone.apiVersion !== 'v1') return;
    for (const table of this.#tables.values()) {
      for (const object of table.objects()) {
        if (object.metadata.namespace === gone.metadata.name) this.remove(table, object);
      }
    }
  }

  #dependentsOf(uid: string): { readonly table: Table; readonly entry: Entry }[] {
    return this.#owners.dependentsOf(uid).flatMap((dependent) => {
      const location = this.#owners.locate(dependent);
      const entry = location?.table.get(location.key);
      return location === undefined || entry === undefined ? [] : [{ table: location.table, entry }];
    });
  }

  #versioned(object: KubernetesObject, managers: FieldManagers): KubernetesObject {
    this.#version++;
    const { managedFields: _, ...metadata } = object.metadata;
    const fields = managedFields(managers);
    return deepFreeze({
      ...object,
      metadata: {
        ...metadata,
        resourceVersion: String(this.#version),
        ...(fields.length === 0 ? {} : { managedFields: fields }),
      },
    });
  }
}

function isDone(object: KubernetesObject): boolean {
  return object.metadata.deletionTimestamp !== undefined && (object.metadata.finalizers ?? []).length === 0;
}

function withNextGeneration(metadata: KubernetesObject['metadata']): KubernetesObject['metadata'] {
  return metadata.generation === undefined ? metadata : { ...metadata, generation: metadata.generation + 1 };
}
