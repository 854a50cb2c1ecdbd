import { type Entry, placeKey } from './cache.ts';
import type { EntryRef, ResourceRef } from './resource.ts';
import type { TypeUrl } from './type-url.ts';

/** Entries that are gone from the cache and stay for proxies, as something leads to them that these are held at. */
export class KeptEntries {
  readonly #entries = new Map<string, Entry>();
  /** What the contents lead to that proxies are held at, by place. */
  readonly #held = new Map<string, readonly ResourceRef[]>();

  /** Proxies are held at a content of a place, which refers to these. */
  hold(key: string, refs: readonly ResourceRef[]): void {
    if (refs.length > 0) this.#held.set(key, refs);
    else this.#held.delete(key);
  }

  /** Nobody is held at anything there any more. Answers what went with it. */
  drop(key: string): readonly EntryRef[] {
    if (!this.#held.delete(key)) return [];
    const dropped: EntryRef[] = [];
    for (let before = -1; before !== dropped.length; ) {
      before = dropped.length;
      for (const entry of this.#entries.values()) {
        if (this.#isNeeded(entry)) continue;
        this.#entries.delete(entry.key);
        dropped.push(entry);
      }
    }
    return dropped;
  }

  /** An entry is gone: it is kept if something leads there. */
  add(entry: Entry): void {
    if (this.#isNeeded(entry)) this.#entries.set(entry.key, entry);
  }

  /** It is in the cache again. */
  delete(ref: EntryRef): void {
    if (this.#entries.size > 0) this.#entries.delete(placeKey(ref));
  }

  /** The kept entry of a name in these layers, the last one winning. */
  find(layers: readonly string[], type: TypeUrl, name: string): Entry | undefined {
    if (this.#entries.size === 0) return undefined;
    for (const layer of layers.toReversed()) {
      const entry = this.#entries.get(placeKey({ layer, type, name }));
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  #isNeeded({ type, name }: EntryRef): boolean {
    const leads = (ref: ResourceRef): boolean => ref.type === type && ref.name === name;
    for (const refs of this.#held.values()) if (refs.some(leads)) return true;
    for (const { resource } of this.#entries.values()) if (resource.refs.some(leads)) return true;
    return false;
  }
}
