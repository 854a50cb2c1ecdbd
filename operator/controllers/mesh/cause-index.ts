import { type EntryRef, placeKey, type TypeUrl } from '@dot-kube/proxy/xds';
import { entryOf, type Placed } from './entry.ts';

/** From a source object to the entries that it had a part in, and back. */
export class CauseIndex {
  readonly #entries = new Map<string, Map<string, EntryRef>>();
  /** By layer, type and name: proxies that start ask for all of them, and a key for each look would cost more than the look. */
  readonly #causes = new Map<string, Map<TypeUrl, Map<string, readonly string[]>>>();

  add(placed: Placed): void {
    const entry = entryOf(placed);
    this.#causesIn(entry).set(entry.name, placed.resource.causes);
    for (const cause of placed.resource.causes) {
      const entries = this.#entries.get(cause) ?? new Map<string, EntryRef>();
      entries.set(placeKey(entry), entry);
      this.#entries.set(cause, entries);
    }
  }

  remove(placed: Placed): void {
    const entry = entryOf(placed);
    const key = placeKey(entry);
    this.#forget(entry);
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
    return this.#causes.get(entry.layer)?.get(entry.type)?.get(entry.name) ?? [];
  }

  #causesIn({ layer, type }: EntryRef): Map<string, readonly string[]> {
    const byType = this.#causes.get(layer) ?? new Map<TypeUrl, Map<string, readonly string[]>>();
    const byName = byType.get(type) ?? new Map<string, readonly string[]>();
    this.#causes.set(layer, byType.set(type, byName));
    return byName;
  }

  #forget({ layer, type, name }: EntryRef): void {
    const byType = this.#causes.get(layer);
    const byName = byType?.get(type);
    if (byType === undefined || byName?.delete(name) !== true || byName.size > 0) return;
    byType.delete(type);
    if (byType.size === 0) this.#causes.delete(layer);
  }
}
