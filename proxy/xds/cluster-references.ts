import type { ResourceRef } from './resource.ts';
import { type Commons, SharedMap } from './shared-map.ts';
import { type TypeUrl, typeUrls } from './type-url.ts';

/** What the streams of a server have in common. */
export interface ReferenceCommons {
  readonly refs: Commons<readonly ResourceRef[]>;
  readonly counts: Commons<number>;
}

/** Which clusters the listeners, routes and clusters of one proxy refer to. */
export class ClusterReferences {
  readonly #byReferrer = new Map<TypeUrl, SharedMap<readonly ResourceRef[]>>();
  readonly #counts = new SharedMap<number>();

  /** Sets what a resource refers to. Answers the clusters that are referred to now and were not, or the other way round. */
  set({ type, name }: ResourceRef, refs: readonly ResourceRef[]): readonly string[] {
    const referrers = this.#referrers(type);
    const before = referrers.get(name);
    if (before === refs || (before === undefined && refs.length === 0)) return NONE;
    const moved = new Set<string>();
    let refers = false;
    for (const ref of refs) {
      if (ref.type !== typeUrls.cluster) continue;
      refers = true;
      if (this.#count(ref.name, 1) === 1) moved.add(ref.name);
    }
    for (const ref of before ?? NONE)
      if (ref.type === typeUrls.cluster && this.#count(ref.name, -1) === 0) moved.add(ref.name);
    if (refers) referrers.set(name, refs);
    else referrers.delete(name);
    return [...moved];
  }

  /** Whether anything refers to the cluster. */
  has(cluster: string): boolean {
    return this.#counts.has(cluster);
  }

  /** Keeps what other streams hold too only once. */
  share({ refs, counts }: ReferenceCommons): void {
    for (const referrers of this.#byReferrer.values()) referrers.share(refs);
    this.#counts.share(counts);
  }

  #referrers(type: TypeUrl): SharedMap<readonly ResourceRef[]> {
    const known = this.#byReferrer.get(type);
    if (known !== undefined) return known;
    const made = new SharedMap<readonly ResourceRef[]>();
    this.#byReferrer.set(type, made);
    return made;
  }

  #count(cluster: string, by: number): number {
    const count = (this.#counts.get(cluster) ?? 0) + by;
    if (count <= 0) this.#counts.delete(cluster);
    else this.#counts.set(cluster, count);
    return count;
  }
}

const NONE: readonly never[] = [];
