import type { KubernetesObject } from '../api/object.ts';

/** One change of one object, as a history remembers it. `old` is the object before, for watches with selectors. */
export interface HistoryRecord {
  readonly version: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubernetesObject;
  readonly old: KubernetesObject | undefined;
}

/** The last changes of one kind, shared by all of its watches, each of which remembers only how far it has read. */
export class History {
  readonly #capacity: number;
  #records: HistoryRecord[] = [];
  /** How many records were forgotten: the position of the first one that is left. */
  #forgotten = 0;
  #forgottenVersion = 0;
  readonly #wakers = new Set<() => void>();

  /** Remembers at least `capacity` changes, and at most twice as many. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  append(record: HistoryRecord): void {
    this.#records.push(record);
    if (this.#records.length >= this.#capacity * 2) this.#forget(this.#capacity);
    this.wake();
  }

  /** Forgets all changes up to now; watches from before `version` are then too old. */
  compact(version: number): void {
    this.#forget(this.#records.length);
    this.#forgottenVersion = version;
    this.wake();
  }

  /** The position after the last change up to `version`; `undefined` when later changes were forgotten already. */
  positionAfter(version: number): number | undefined {
    if (version < this.#forgottenVersion) return undefined;
    let low = 0;
    let high = this.#records.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#records[middle]?.version ?? 0) <= version) low = middle + 1;
      else high = middle;
    }
    return this.#forgotten + low;
  }

  /** The record at a position: `undefined` when it is still to come, `forgotten` when it is too late to ask. */
  at(position: number): HistoryRecord | 'forgotten' | undefined {
    return position < this.#forgotten ? 'forgotten' : this.#records[position - this.#forgotten];
  }

  /** Calls `waker` at every change; returns what ends that. */
  onChange(waker: () => void): () => void {
    this.#wakers.add(waker);
    return () => void this.#wakers.delete(waker);
  }

  /** Wakes all watches, as a change does. */
  wake(): void {
    for (const waker of this.#wakers) waker();
  }

  #forget(count: number): void {
    const last = this.#records[count - 1];
    if (last === undefined) return;
    this.#forgottenVersion = Math.max(this.#forgottenVersion, last.version);
    this.#forgotten += count;
    this.#records = this.#records.slice(count);
  }
}
