import type { Locality } from '@dot-kube/proxy/model';
import type { Collection } from '../../framework/derive/index.ts';

/** Where connected proxies are; endpoints are put in order for each of these. Keys are `region/zone`. */
export const LOCALITIES: Collection<Locality> = {
  name: 'Locality',
  keyOf: localityKey,
  indexes: { all: () => ['all'] },
};

/** `region/zone`. */
export function localityKey({ region, zone }: Locality): string {
  return `${region}/${zone}`;
}

/** Counts the proxies of each locality. */
export class LocalityCounts {
  readonly #counts = new Map<string, number>();

  /** True when this is the first of its locality. */
  add(locality: Locality): boolean {
    const key = localityKey(locality);
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    return count === 1;
  }

  /** True when this was the last of its locality. */
  remove(locality: Locality): boolean {
    const key = localityKey(locality);
    const count = (this.#counts.get(key) ?? 0) - 1;
    if (count > 0) this.#counts.set(key, count);
    else this.#counts.delete(key);
    return count === 0;
  }
}
