import { randomUUID } from 'node:crypto';
import { ApiError, REASON } from '../api/api-error.ts';
import type {
  Api,
  ApplyObject,
  ApplyOptions,
  CallOptions,
  DeleteOptions,
  ListOptions,
  ListPage,
  ReplaceOptions,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from '../api/api.ts';
import { type JsonObject, jsonClone, jsonEqual } from '../api/json.ts';
import { keyOf, keyOfObject, type KubernetesObject, type ObjectRef } from '../api/object.ts';
import { apiVersionOf, type ResourceKind, resourceKind } from '../api/resource-kind.ts';
import { type Clock, rfc3339, systemClock } from '../clock.ts';
import { Database } from './database.ts';
import { memoryWatch } from './memory-watch.ts';
import {
  acceptObject,
  alreadyExists,
  badRequest,
  checkName,
  type Door,
  generationFields,
  invalid,
  isCustomKind,
  notFound,
  writableFields,
  withWritableFields,
} from './object-parts.ts';
import { adopted, applyOwned, type Owned, sameManagers, updateOwned, type Writer } from './ownership.ts';
import { withoutNulls } from './nulls.ts';
import type { CreateHandler, InMemoryApiOptions } from './options.ts';
import { Pages } from './pages.ts';
import { checkApplied, checkPreconditions, filterOf, tooLarge } from './requests.ts';
import type { Entry, Table } from './table.ts';

/**
 * The Kubernetes API in memory: versions, watches with a history, paged lists, server-side apply with field ownership,
 * the status subresource, optimistic concurrency and owner references. Objects are stored and returned frozen and shared.
 */
export class InMemoryApi implements Api {
  readonly #options: InMemoryApiOptions;
  readonly #clock: Clock;
  readonly #database: Database;
  readonly #pages = new Pages();
  readonly #handlers = new Map<string, CreateHandler>();

  constructor(options: InMemoryApiOptions = {}) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#database = new Database({
      schemaOf: options.schemaOf ?? (() => undefined),
      historySize: options.historySize ?? 4096,
      collectGarbage: options.collectGarbage ?? true,
      now: () => this.#clock.now(),
    });
  }

  /** The version of the last change to anything. */
  get resourceVersion(): string {
    return String(this.#database.version);
  }

  /** Stores objects as they are, status included, without admission: as if they had always been there. Returns them as stored. */
  seed<T extends KubernetesObject>(...objects: readonly T[]): T[] {
    return objects.map((sent) => {
      const object = jsonClone(sent);
      const table = this.#database.table(resourceKind(object.apiVersion, object.kind));
      const old = table.get(keyOfObject(object));
      const metadata = { ...this.#birth(object), ...old?.object.metadata, ...object.metadata };
      return this.#database.store(table, { ...object, metadata }, old?.managers ?? new Map()) as T;
    });
  }

  /** Forgets all history and all unfinished lists, as etcd's compaction does: older watches get 410. */
  compact(): void {
    this.#database.compact();
    this.#pages.clear();
  }

  /** Says what the creation of a kind (`TokenReview`) or of a subresource (`ServiceAccount/token`) answers; nothing is stored. */
  handleCreate(kindOrSubresource: string, handler: CreateHandler): void {
    this.#handlers.set(kindOrSubresource, handler);
  }

  async list<T extends KubernetesObject>(kind: ResourceKind<T>, options: ListOptions = {}): Promise<ListPage<T>> {
    options.signal?.throwIfAborted();
    if (options.continue !== undefined) return this.#pages.next(options.continue, options.limit) as ListPage<T>;
    const wanted = Number(options.resourceVersion ?? '0');
    if (options.resourceVersionMatch === 'Exact' && wanted !== this.#database.version) {
      throw new ApiError({ code: 410, reason: REASON.expired, message: 'The requested resourceVersion is not kept.' });
    }
    if (wanted > this.#database.version) throw tooLarge(wanted, this.#database.version);
    const all = this.#database.table(kind).objects(options.namespace === '' ? undefined : options.namespace);
    const filter = filterOf(options);
    const items = filter === undefined ? all : all.filter(filter);
    return this.#pages.first(items, this.#database.version, options.limit) as ListPage<T>;
  }

  watch<T extends KubernetesObject>(kind: ResourceKind<T>, options: WatchOptions): AsyncIterable<WatchEvent<T>> {
    const table = this.#database.table(kind);
    const matches = filterOf(options) ?? (() => true);
    const source = {
      kind,
      history: table.history,
      clock: this.#clock,
      bookmarkInterval: this.#options.bookmarkInterval ?? 60_000,
      matches,
      version: () => this.#database.version,
      objects: () => table.objects().filter(matches),
    };
    return memoryWatch(source, options) as AsyncIterable<WatchEvent<T>>;
  }

  async get<T extends KubernetesObject>(kind: ResourceKind<T>, ref: ObjectRef, options?: CallOptions): Promise<T> {
    options?.signal?.throwIfAborted();
    return this.#entry(this.#database.table(kind), kind, ref).object as T;
  }

  async create<T extends KubernetesObject>(kind: ResourceKind<T>, sent: T, options: WriteOptions = {}): Promise<T> {
    options.signal?.throwIfAborted();
    const handler = this.#handlers.get(kind.kind);
    if (handler !== undefined) return handler(jsonClone(sent), undefined) as T;
    const accepted = acceptObject(kind, sent);
    const { generateName, name } = accepted.metadata;
    const given = name === '' && generateName !== undefined ? `${generateName}${randomUUID().slice(0, 5)}` : name;
    const object = { ...accepted, metadata: { ...accepted.metadata, name: given } };
    checkName(kind, given);
    const table = this.#database.table(kind);
    if (table.get(keyOfObject(object)) !== undefined) throw alreadyExists(kind, given);
    const base = this.#newborn(object);
    const written = this.#admit(
      kind,
      withWritableFields(base, sentFields(table, kind, object, 'main'), 'main'),
      undefined,
      options,
    );
    const writer = this.#writer(kind, 'Update', 'main', options);
    const owned = updateOwned(NOTHING, writableFields(written, 'main'), writer, table.schema);
    return this.#commit(table, written, owned, options) as T;
  }

  async createSubresource<T extends KubernetesObject>(
    kind: ResourceKind,
    ref: ObjectRef,
    subresource: string,
    body: T,
    options?: CallOptions,
  ): Promise<T> {
    options?.signal?.throwIfAborted();
    const handler = this.#handlers.get(`${kind.kind}/${subresource}`);
    if (handler === undefined) throw notFound(kind, `${ref.name}/${subresource}`);
    return handler(jsonClone(body), this.#entry(this.#database.table(kind), kind, ref).object) as T;
  }

  async replace<T extends KubernetesObject>(kind: ResourceKind<T>, sent: T, options: ReplaceOptions = {}): Promise<T> {
    options.signal?.throwIfAborted();
    const object = acceptObject(kind, sent);
    const table = this.#database.table(kind);
    const entry = this.#entry(table, kind, object.metadata);
    checkPreconditions(kind, entry.object, object.metadata);
    if ((object.metadata.resourceVersion ?? '') === '' && isCustomKind(kind)) {
      throw invalid(kind, object.metadata.name, ['metadata.resourceVersion'], '0: must be specified for an update');
    }
    const door = options.subresource ?? 'main';
    const next = withWritableFields(entry.object, sentFields(table, kind, object, door), door);
    const written = this.#admit(kind, next, entry.object, options);
    const writer = this.#writer(kind, 'Update', door, options);
    const value = writableFields(written, door);
    // What nobody owns by name stays so until it is applied for the first time.
    const isTracked = entry.managers.size > 0;
    const live = ownedThrough(entry, door);
    const owned = isTracked ? updateOwned(live, value, writer, table.schema) : { value, managers: entry.managers };
    return this.#update(table, entry, written, owned, options) as T;
  }

  async apply<T extends KubernetesObject>(kind: ResourceKind<T>, sent: ApplyObject, options: ApplyOptions): Promise<T> {
    options.signal?.throwIfAborted();
    const object = acceptObject(kind, sent);
    checkName(kind, object.metadata.name);
    if (options.fieldManager === '') throw badRequest('fieldManager is required for apply');
    if (object.metadata.managedFields !== undefined) throw badRequest('metadata.managedFields must be nil');
    const table = this.#database.table(kind);
    const entry = table.get(keyOfObject(object));
    const door = options.subresource ?? 'main';
    if (entry === undefined && door === 'status') throw notFound(kind, object.metadata.name);
    checkApplied(kind, entry?.object, object.metadata, door);
    const base = entry?.object ?? this.#newborn(object);
    const writer = this.#writer(kind, 'Apply', door, options);
    const live = entry === undefined ? NOTHING : adopted(ownedThrough(entry, door), writer, table.schema);
    const owned = applyOwned(live, writableFields(object, door), writer, table.schema, options.force ?? false);
    const next = withWritableFields(base, withoutNulls(kind, object.metadata.name, owned.value, table.schema), door);
    const written = this.#admit(kind, next, entry?.object, options);
    if (entry === undefined) return this.#commit(table, written, owned, options) as T;
    return this.#update(table, entry, written, owned, options) as T;
  }

  async delete(kind: ResourceKind, ref: ObjectRef, options: DeleteOptions = {}): Promise<void> {
    options.signal?.throwIfAborted();
    const table = this.#database.table(kind);
    const { object } = this.#entry(table, kind, ref);
    checkPreconditions(kind, object, options.preconditions ?? {});
    const { dryRun = false, propagationPolicy: policy } = options;
    this.#options.admission?.({
      operation: 'DELETE',
      kind,
      object,
      old: object,
      subresource: undefined,
      fieldManager: '',
      dryRun,
    });
    if (dryRun) return;
    const { uid } = object.metadata;
    if (policy === 'Orphan' && uid !== undefined) this.#database.orphanDependents(uid);
    if (policy === 'Foreground' && uid !== undefined) this.#database.removeDependents(uid);
    this.#database.remove(table, object);
  }

  #entry(table: Table, kind: ResourceKind, ref: ObjectRef): Entry {
    const entry = table.get(keyOf(ref));
    if (entry === undefined) throw notFound(kind, ref.name);
    return entry;
  }

  #writer(kind: ResourceKind, operation: Writer['operation'], door: Door, options: WriteOptions): Writer {
    return {
      manager: options.fieldManager ?? this.#options.fieldManager ?? 'unknown',
      operation,
      apiVersion: apiVersionOf(kind),
      time: rfc3339(this.#clock.now()),
      ...(door === 'status' ? { subresource: door } : {}),
    };
  }

  #birth(object: KubernetesObject): Partial<KubernetesObject['metadata']> {
    const generation = object.spec === undefined ? {} : { generation: 1 };
    return { uid: randomUUID(), creationTimestamp: rfc3339(this.#clock.now()), ...generation };
  }

  /** An object that is about to be created, with nothing but its identity. */
  #newborn(object: KubernetesObject): KubernetesObject {
    const { name, namespace } = object.metadata;
    const metadata = { name, ...(namespace === undefined ? {} : { namespace }), ...this.#birth(object) };
    return { apiVersion: object.apiVersion, kind: object.kind, metadata };
  }

  #admit(
    kind: ResourceKind,
    object: KubernetesObject,
    old: KubernetesObject | undefined,
    options: ReplaceOptions,
  ): KubernetesObject {
    const changed = this.#options.admission?.({
      operation: old === undefined ? 'CREATE' : 'UPDATE',
      kind,
      object,
      old,
      subresource: options.subresource,
      fieldManager: options.fieldManager ?? this.#options.fieldManager ?? 'unknown',
      dryRun: options.dryRun ?? false,
    });
    return changed === undefined ? object : jsonClone(changed);
  }

  #update(table: Table, entry: Entry, next: KubernetesObject, owned: Owned, options: WriteOptions): KubernetesObject {
    const same = jsonEqual(withoutManagedFields(entry.object), withoutManagedFields(next));
    if (same && sameManagers(entry.managers, owned.managers)) return entry.object;
    const { generation } = entry.object.metadata;
    const isNewGeneration =
      generation !== undefined && !jsonEqual(generationFields(entry.object), generationFields(next));
    const metadata = isNewGeneration ? { ...next.metadata, generation: generation + 1 } : next.metadata;
    return this.#commit(table, { ...next, metadata }, owned, options);
  }

  #commit(table: Table, object: KubernetesObject, owned: Owned, options: WriteOptions): KubernetesObject {
    if (options.dryRun === true) return object;
    return this.#database.store(table, object, owned.managers);
  }
}

const NOTHING: Owned = { value: {}, managers: new Map() };

function sentFields(table: Table, kind: ResourceKind, object: KubernetesObject, door: Door): JsonObject {
  return withoutNulls(kind, object.metadata.name, writableFields(object, door), table.schema);
}

function ownedThrough(entry: Entry, door: Door): Owned {
  return { value: writableFields(entry.object, door), managers: entry.managers };
}

function withoutManagedFields(object: KubernetesObject): unknown {
  return { ...object, metadata: { ...object.metadata, managedFields: undefined } };
}
