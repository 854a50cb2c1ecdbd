import type { ResourceRef } from './resource.ts';
import { typeUrls } from './type-url.ts';

/** Which clusters the listeners, routes and clusters of one proxy refer to. */
export class ClusterReferences {
  readonly #byReferrer = new Map<string, readonly string[]>();
  readonly #counts = new Map<string, number>();

  /** Sets what a resource refers to. Answers the clusters that are referred to now and were not, or the other way round. */
  set({ type, name }: ResourceRef, refs: readonly ResourceRef[]): readonly string[] {
    const referrer = `${type}\n${name}`;
    const clusters = refs.filter((ref) => ref.type === typeUrls.cluster).map((ref) => ref.name);
    const before = this.#byReferrer.get(referrer) ?? [];
    if (clusters.length === 0) this.#byReferrer.delete(referrer);
    else this.#byReferrer.set(referrer, clusters);
    const moved = new Set<string>();
    for (const cluster of clusters) if (this.#count(cluster, 1) === 1) moved.add(cluster);
    for (const cluster of before) if (this.#count(cluster, -1) === 0) moved.add(cluster);
    return [...moved];
  }

  /** Whether anything refers to the cluster. */
  has(cluster: string): boolean {
    return this.#counts.has(cluster);
  }

  #count(cluster: string, by: number): number {
    const count = (this.#counts.get(cluster) ?? 0) + by;
    if (count <= 0) this.#counts.delete(cluster);
    else this.#counts.set(cluster, count);
    return count;
  }
}
