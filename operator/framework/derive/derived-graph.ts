import { isDeepStrictEqual } from 'node:util';
import type { Collection, Derivation, Read } from './collection.ts';

/** A change of one object; `object` absent is a removal. */
export interface ObjectChange<T = unknown> {
  readonly collection: Collection<T>;
  readonly key: string;
  readonly object?: T;
}

/** A root whose value is another than before; `value` absent: the root is gone. */
export interface RootChange<T = unknown> {
  readonly derivation: Derivation<T>;
  readonly key: string;
  readonly previous?: T;
  readonly value?: T;
}

interface Node {
  readonly id: string;
  readonly derivation: Derivation<unknown>;
  readonly key: string;
  value: unknown;
  /** Grows when the value changes. */
  version: number;
  state: 'clean' | 'check' | 'dirty';
  /** What was read: objects and index entries by name, derived nodes with the version seen. */
  inputs: ReadonlySet<string>;
  derived: ReadonlyMap<string, number>;
}

interface Root {
  readonly derivation: Derivation<unknown>;
  readonly collection: Collection<unknown>;
  readonly keysOf: (object: unknown) => readonly string[];
}

interface Shelf {
  readonly collection: Collection<unknown>;
  readonly objects: Map<string, unknown>;
  readonly indexes: Map<string, Map<string, Set<string>>>;
}

/** Keeps derived values current by recomputing just those whose inputs changed. Synchronous, without I/O. */
export class DerivedGraph {
  readonly #shelves = new Map<string, Shelf>();
  readonly #nodes = new Map<string, Node>();
  /** From an input or a node to the nodes that read it. */
  readonly #dependents = new Map<string, Set<Node>>();
  readonly #roots: Root[] = [];
  /** How many objects ask for a root. */
  readonly #rootCounts = new Map<string, number>();
  /** Computations since the start: what a test of "work follows the change" counts. */
  computations = 0;

  constructor(collections: readonly Collection<unknown>[]) {
    for (const collection of collections) {
      const indexes = new Map(Object.keys(collection.indexes).map((name) => [name, new Map<string, Set<string>>()]));
      this.#shelves.set(collection.name, {
        collection,
        objects: new Map(),
        indexes,
      });
    }
  }

  /** Every object of the collection asks for the derivation at the keys that `keysOf` gives. Call before the first update. */
  root<T, V>(derivation: Derivation<V>, collection: Collection<T>, keysOf: (object: T) => readonly string[]): void {
    this.#roots.push({ derivation, collection, keysOf: keysOf as Root['keysOf'] });
  }

  /** Takes in a batch and answers which roots changed, sorted by derivation and key. */
  update(changes: Iterable<ObjectChange>): readonly RootChange[] {
    const touchedRoots = new Map<string, Root['derivation']>();
    const removed = new Map<string, { derivation: Derivation<unknown>; key: string }>();
    for (const change of changes) this.#takeIn(change, touchedRoots, removed);
    return this.#settle(touchedRoots, removed);
  }

  /** The current value, computed when nothing has asked before. */
  peek<T>(derivation: Derivation<T>, key: string): T {
    return this.#evaluate(derivation as Derivation<unknown>, key).value as T;
  }

  get<T>(collection: Collection<T>, key: string): T | undefined {
    return this.#shelf(collection.name).objects.get(key) as T | undefined;
  }

  list<T>(collection: Collection<T>): readonly T[] {
    return [...this.#shelf(collection.name).objects.values()] as T[];
  }

  /** Unobserved reading of an index, sorted by key. */
  byIndex<T>(collection: Collection<T>, index: string, key: string): readonly T[] {
    const shelf = this.#shelf(collection.name);
    const keys = shelf.indexes.get(index)?.get(key);
    return keys === undefined ? [] : ([...keys].sort().map((each) => shelf.objects.get(each)) as T[]);
  }

  #shelf(name: string): Shelf {
    const shelf = this.#shelves.get(name);
    if (shelf === undefined) throw new Error(`collection ${name} is not part of this graph`);
    return shelf;
  }

  #takeIn(
    change: ObjectChange,
    touched: Map<string, Derivation<unknown>>,
    removed: Map<string, { derivation: Derivation<unknown>; key: string }>,
  ): void {
    const shelf = this.#shelf(change.collection.name);
    const before = shelf.objects.get(change.key);
    const after: unknown = change.object;
    if (before === undefined && after === undefined) return;
    if (after === undefined) shelf.objects.delete(change.key);
    else shelf.objects.set(change.key, after);
    this.#invalidate(`o:${shelf.collection.name}:${change.key}`);
    for (const [name, entries] of shelf.indexes) {
      const keysOf = shelf.collection.indexes[name];
      if (keysOf === undefined) continue;
      const old = new Set(before === undefined ? [] : keysOf(before));
      const now = new Set(after === undefined ? [] : keysOf(after));
      for (const key of old) {
        this.#invalidate(`i:${shelf.collection.name}:${name}:${key}`);
        if (!now.has(key)) removeFrom(entries, key, change.key);
      }
      for (const key of now) {
        this.#invalidate(`i:${shelf.collection.name}:${name}:${key}`);
        addTo(entries, key, change.key);
      }
    }
    this.#countRoots(shelf.collection, before, after, touched, removed);
  }

  #countRoots(
    collection: Collection<unknown>,
    before: unknown,
    after: unknown,
    touched: Map<string, Derivation<unknown>>,
    removed: Map<string, { derivation: Derivation<unknown>; key: string }>,
  ): void {
    for (const root of this.#roots) {
      if (root.collection.name !== collection.name) continue;
      for (const key of new Set(after === undefined ? [] : root.keysOf(after))) {
        const id = nodeId(root.derivation, key);
        const count = (this.#rootCounts.get(id) ?? 0) + 1;
        this.#rootCounts.set(id, count);
        removed.delete(id);
        if (count === 1) touched.set(id, root.derivation);
      }
      for (const key of new Set(before === undefined ? [] : root.keysOf(before))) {
        const id = nodeId(root.derivation, key);
        const count = (this.#rootCounts.get(id) ?? 0) - 1;
        if (count > 0) this.#rootCounts.set(id, count);
        else {
          this.#rootCounts.delete(id);
          touched.delete(id);
          removed.set(id, { derivation: root.derivation, key });
        }
      }
    }
  }

  #invalidate(input: string): void {
    for (const node of this.#dependents.get(input) ?? []) this.#mark(node, 'dirty');
  }

  readonly #pending = new Set<Node>();

  #mark(node: Node, state: 'check' | 'dirty'): void {
    if (node.state === 'dirty' || node.state === state) return;
    const wasClean = node.state === 'clean';
    node.state = state;
    this.#pending.add(node);
    if (wasClean) for (const dependent of this.#dependents.get(node.id) ?? []) this.#mark(dependent, 'check');
  }

  #settle(
    touched: Map<string, Derivation<unknown>>,
    removed: Map<string, { derivation: Derivation<unknown>; key: string }>,
  ): readonly RootChange[] {
    const changes: RootChange[] = [];
    for (const [id, { derivation, key }] of removed) {
      const node = this.#nodes.get(id);
      if (node !== undefined) changes.push({ derivation, key, previous: node.value });
    }
    const roots = new Map<string, { derivation: Derivation<unknown>; key: string }>();
    for (const [id, derivation] of touched) roots.set(id, { derivation, key: id.slice(derivation.name.length + 1) });
    for (const node of this.#pending) if (this.#rootCounts.has(node.id)) roots.set(node.id, node);
    for (const [id, { derivation, key }] of roots) {
      const before = this.#nodes.get(id);
      const had = before !== undefined;
      const [version, previous] = [before?.version, before?.value];
      const node = this.#evaluate(derivation, key);
      if (had && node.version === version) continue;
      changes.push(had ? { derivation, key, previous, value: node.value } : { derivation, key, value: node.value });
    }
    this.#sweep(removed.keys());
    changes.sort((a, b) => (nodeId(a.derivation, a.key) < nodeId(b.derivation, b.key) ? -1 : 1));
    return changes;
  }

  #evaluate(derivation: Derivation<unknown>, key: string): Node {
    const id = nodeId(derivation, key);
    let node = this.#nodes.get(id);
    if (node === undefined) {
      node = {
        id,
        derivation,
        key,
        value: undefined,
        version: 0,
        state: 'dirty',
        inputs: new Set(),
        derived: new Map(),
      };
      this.#nodes.set(id, node);
    }
    if (node.state === 'check' && !this.#derivedInputsChanged(node)) this.#clean(node);
    if (node.state !== 'clean') this.#compute(node);
    return node;
  }

  #derivedInputsChanged(node: Node): boolean {
    for (const [id, version] of node.derived) {
      const input = this.#nodes.get(id);
      if (input === undefined || this.#evaluate(input.derivation, input.key).version !== version) return true;
    }
    return false;
  }

  #compute(node: Node): void {
    const inputs = new Set<string>();
    const derived = new Map<string, number>();
    this.computations += 1;
    const value = node.derivation.compute(this.#reader(inputs, derived), node.key);
    for (const input of node.inputs) if (!inputs.has(input)) removeFrom(this.#dependents, input, node);
    for (const input of node.derived.keys()) if (!derived.has(input)) removeFrom(this.#dependents, input, node);
    for (const input of inputs) addTo(this.#dependents, input, node);
    for (const input of derived.keys()) addTo(this.#dependents, input, node);
    node.inputs = inputs;
    node.derived = derived;
    if (node.version === 0 || !isDeepStrictEqual(node.value, value)) {
      node.value = value;
      node.version += 1;
    }
    this.#clean(node);
  }

  #clean(node: Node): void {
    node.state = 'clean';
    this.#pending.delete(node);
  }

  #reader(inputs: Set<string>, derived: Map<string, number>): Read {
    return {
      get: (collection, key) => {
        inputs.add(`o:${collection.name}:${key}`);
        return this.get(collection, key);
      },
      byIndex: (collection, index, key) => {
        inputs.add(`i:${collection.name}:${index}:${key}`);
        return this.byIndex(collection, index, key);
      },
      derived: <T>(derivation: Derivation<T>, key: string) => {
        const node = this.#evaluate(derivation as Derivation<unknown>, key);
        derived.set(node.id, node.version);
        return node.value as T;
      },
    };
  }

  /** Drops what nobody reads any more, so that names that come and go leave nothing behind. */
  #sweep(removedRoots: Iterable<string>): void {
    const queue = [...removedRoots, ...[...this.#pending].map((node) => node.id)];
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      const node = this.#nodes.get(id);
      if (node === undefined || this.#rootCounts.has(id) || (this.#dependents.get(id)?.size ?? 0) > 0) continue;
      this.#nodes.delete(id);
      this.#pending.delete(node);
      for (const input of node.inputs) removeFrom(this.#dependents, input, node);
      for (const input of node.derived.keys()) {
        removeFrom(this.#dependents, input, node);
        queue.push(input);
      }
    }
  }
}

function nodeId(derivation: Derivation<unknown>, key: string): string {
  return `${derivation.name}:${key}`;
}

function addTo<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const set = map.get(key);
  if (set === undefined) map.set(key, new Set([value]));
  else set.add(value);
}

function removeFrom<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const set = map.get(key);
  if (set === undefined) return;
  set.delete(value);
  if (set.size === 0) map.delete(key);
}
