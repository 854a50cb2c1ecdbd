import { emptyResource } from '@dot-kube/proxy/envoy';
import type { EncodedResource } from '@dot-kube/proxy/xds';
import { encoded } from './place.ts';

/** About 300 bytes each. */
const MOST = 10_000;

/**
 * The answers to questions for what does not exist, encoded once for all who ask: every proxy of a workload asks for the same. The
 * ones that were not asked for the longest are forgotten, as anybody may ask for anything.
 */
export class EmptyResources {
  readonly #most: number;
  readonly #known = new Map<string, EncodedResource>();

  constructor(most: number = MOST) {
    this.#most = most;
  }

  /** `undefined` for types that nobody waits for; see `emptyResource`. */
  get(type: string, name: string): EncodedResource | undefined {
    const key = `${type} ${name}`;
    const known = this.#known.get(key);
    if (known !== undefined) {
      this.#known.delete(key);
      this.#known.set(key, known);
      return known;
    }
    const made = emptyResource(type, name);
    if (made === undefined) return undefined;
    const resource = encoded(made);
    this.#known.set(key, resource);
    if (this.#known.size > this.#most) this.#known.delete(this.#known.keys().next().value ?? '');
    return resource;
  }
}
