import { isDeepStrictEqual } from 'node:util';
import type { Collection, Derivation, Read } from './collection.ts';
import { addTo, groupInput, indexInput, objectInput, removeFrom, Shelf } from './shelf.ts';

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
  state: 'clean' | 'check' | 'dirty' | 'computing';
  /** What was read: objects and index entries by name, derived nodes with the version seen. */
  inputs: ReadonlySet<string>;
  derived: ReadonlyMap<string, number>;
}

interface Root {
  readonly derivation: Derivation<unknown>;
  readonly collection: Collection<unknown>;
  readonly keysOf: (object: unknown) => readonly string[];
}

interface RootRef {
  readonly derivation: Derivation<unknown>;
  readonly key: string;
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
  /** What the outside was told of each root last. */
  readonly #announced = new Map<string, { readonly version: number; readonly value: unknown }>();
  /** Roots that came or went since the last update that ended well. */
  readonly #added = new Map<string, RootRef>();
  readonly #dropped = new Map<string, RootRef>();
  /** Nodes that are not clean. */
  readonly #pending = new Set<Node>();
  /** Nodes that perhaps nobody reads any more. */
  readonly #unread = new Set<string>();
  /** Computations since the start: what a test of "work follows the change" counts. */
  computations = 0;

  constructor(collections: readonly Collection<unknown>[]) {
    for (const collection of collections) this.#shelves.set(collection.name, new Shelf(collection));
  }

  /** How many derived values are kept. */
  get size(): number {
    return this.#nodes.size;
  }

  /** Every object of the collection asks for the derivation at the keys that `keysOf` gives. Call before the first update. */
  root<T, V>(derivation: Derivation<V>, collection: Collection<T>, keysOf: (object: T) => readonly string[]): void {
    this.#roots.push({ derivation, collection, keysOf: keysOf as Root['keysOf'] });
  }

  /**
   * Takes in a batch and answers which roots changed, sorted by derivation and key. When a derivation throws, nothing is
   * announced, and the next update tries again.
   */
  update(changes: Iterable<ObjectChange>): readonly RootChange[] {
    for (const change of changes) this.#takeIn(change);
    return this.#settle();
  }

  /** The current value; computed, and kept until the next update, when nothing has asked before. */
  peek<T>(derivation: Derivation<T>, key: string): T {
    const node = this.#evaluate(derivation, key);
    this.#unread.add(node.id);
    return node.value as T;
  }

  get<T>(collection: Collection<T>, key: string): T | undefined {
    return this.#shelf(collection.name).objects.get(key) as T | undefined;
  }

  list<T>(collection: Collection<T>): readonly T[] {
    return [...this.#shelf(collection.name).objects.values()] as T[];
  }

  /** Unobserved reading of an index, sorted by key. */
  byIndex<T>(collection: Collection<T>, index: string, key: string): readonly T[] {
    return this.#shelf(collection.name).byIndex(index, key) as readonly T[];
  }

  #shelf(name: string): Shelf {
    const shelf = this.#shelves.get(name);
    if (shelf === undefined) throw new Error(`collection ${name} is not part of this graph`);
    return shelf;
  }

  #takeIn(change: ObjectChange): void {
    const shelf = this.#shelf(change.collection.name);
    const before = shelf.objects.get(change.key);
    const after = change.object;
    if (shelf.looksTheSame(before, after)) {
      if (after !== undefined) shelf.objects.set(change.key, after);
      return;
    }
    for (const input of shelf.put(change.key, before, after)) this.#invalidate(input);
    for (const root of this.#roots) {
      if (root.collection.name === shelf.collection.name) this.#countRoot(root, before, after);
    }
  }

  #countRoot({ derivation, keysOf }: Root, before: unknown, after: unknown): void {
    for (const key of new Set(after === undefined ? [] : keysOf(after))) {
      const id = nodeId(derivation, key);
      const count = (this.#rootCounts.get(id) ?? 0) + 1;
      this.#rootCounts.set(id, count);
      if (count > 1) continue;
      this.#dropped.delete(id);
      this.#added.set(id, { derivation, key });
    }
    for (const key of new Set(before === undefined ? [] : keysOf(before))) {
      const id = nodeId(derivation, key);
      const count = (this.#rootCounts.get(id) ?? 0) - 1;
      if (count > 0) this.#rootCounts.set(id, count);
      else {
        this.#rootCounts.delete(id);
        this.#added.delete(id);
        this.#dropped.set(id, { derivation, key });
      }
    }
  }

  #invalidate(input: string): void {
    for (const node of this.#dependents.get(input) ?? []) this.#mark(node, 'dirty');
  }

  #mark(node: Node, state: 'check' | 'dirty'): void {
    if (node.state === 'dirty' || node.state === state) return;
    const wasClean = node.state === 'clean';
    node.state = state;
    this.#pending.add(node);
    if (wasClean) for (const dependent of this.#dependents.get(node.id) ?? []) this.#mark(dependent, 'check');
  }

  #settle(): readonly RootChange[] {
    const asked = new Map<string, RootRef>(this.#added);
    for (const node of this.#pending) if (this.#rootCounts.has(node.id)) asked.set(node.id, node);
    const nodes = [...asked.values()].map(({ derivation, key }) => this.#evaluate(derivation, key));
    const changes: RootChange[] = [];
    for (const [id, { derivation, key }] of this.#dropped) {
      const old = this.#announced.get(id);
      this.#unread.add(id);
      if (old === undefined) continue;
      this.#announced.delete(id);
      changes.push({ derivation, key, previous: old.value });
    }
    for (const { id, derivation, key, version, value } of nodes) {
      const old = this.#announced.get(id);
      if (old?.version === version) continue;
      this.#announced.set(id, { version, value });
      changes.push(old === undefined ? { derivation, key, value } : { derivation, key, previous: old.value, value });
    }
    this.#added.clear();
    this.#dropped.clear();
    this.#sweep();
    changes.sort((a, b) => (nodeId(a.derivation, a.key) < nodeId(b.derivation, b.key) ? -1 : 1));
    return changes;
  }

  #evaluate(derivation: Derivation<unknown>, key: string): Node {
    const id = nodeId(derivation, key);
    let node = this.#nodes.get(id);
    if (node === undefined) {
      const nothingRead = { inputs: new Set<string>(), derived: new Map<string, number>() };
      node = { id, derivation, key, value: undefined, version: 0, state: 'dirty', ...nothingRead };
      this.#nodes.set(id, node);
    }
    if (node.state === 'computing') throw new Error(`derivation ${derivation.name} reads itself at ${key}`);
    if (node.state === 'check' && !this.#derivedInputsChanged(node)) this.#clean(node);
    if (node.state !== 'clean') this.#compute(node);
    return node;
  }

  /** In the order in which they were read, so that an input that only an older value asked for is not computed. */
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
    node.state = 'computing';
    let value: unknown;
    try {
      value = node.derivation.compute(this.#reader(inputs, derived), node.key);
    } finally {
      node.state = 'dirty';
    }
    for (const input of node.inputs) if (!inputs.has(input)) removeFrom(this.#dependents, input, node);
    for (const input of node.derived.keys()) {
      if (derived.has(input)) continue;
      removeFrom(this.#dependents, input, node);
      this.#unread.add(input);
    }
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
        inputs.add(objectInput(collection.name, key));
        return this.get(collection, key);
      },
      byIndex: (collection, index, key) => {
        inputs.add(indexInput(collection.name, index, key));
        return this.byIndex(collection, index, key);
      },
      members: (collection, index, group) => {
        inputs.add(groupInput(collection.name, index, group));
        return this.#shelf(collection.name).members(index, group);
      },
      derived: <T>(derivation: Derivation<T>, key: string) => {
        const node = this.#evaluate(derivation, key);
        derived.set(node.id, node.version);
        return node.value as T;
      },
    };
  }

  /** Drops what nobody reads any more, so that names that come and go leave nothing behind. */
  #sweep(): void {
    const queue = [...this.#unread, ...[...this.#pending].map((node) => node.id)];
    this.#unread.clear();
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
