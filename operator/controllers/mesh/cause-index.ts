import type { EntryRef } from '@dot-kube/proxy/xds';
import { entryKey, entryOf, type Placed } from './entry.ts';

/** From a source object to the entries that it had a part in, and back. */
export class CauseIndex {
  readonly #entries = new Map<string, Map<string, EntryRef>>();
  readonly #causes = new Map<string, readonly string[]>();

  add(placed: Placed): void {
    const entry = entryOf(placed);
    this.#causes.set(entryKey(entry), placed.resource.causes);
    for (const cause of placed.resource.causes) {
      const entries = this.#entries.get(cause) ?? new Map<string, EntryRef>();
      entries.set(entryKey(entry), entry);
      this.#entries.set(cause, entries);
    }
  }

  remove(placed: Placed): void {
    const key = entryKey(entryOf(placed));
    this.#causes.delete(key);
    for (const cause of placed.resource.causes) {
      const entries = this.#entries.get(cause);
      if (entries === undefined) continue;
      entries.delete(key);
      if (entries.size === 0) this.#entries.delete(cause);
    }
  }

  entriesOf(cause: string): readonly EntryRef[] {
    return [...(this.#entries.get(cause)?.values() ?? [])];
  }

  keysOf(cause: string): readonly string[] {
    return [...(this.#entries.get(cause)?.keys() ?? [])];
  }

  causesOf(entry: EntryRef): readonly string[] {
    return this.#causes.get(entryKey(entry)) ?? [];
  }
}
