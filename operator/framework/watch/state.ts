import type { KubernetesObject } from '../api/object.ts';

/** Why the objects of a kind are listed (again). */
export type ListReason =
  /** Nothing is known yet. */
  | 'initial'
  /** The version to go on from is too old (410), in whichever form that was said. */
  | 'expired'
  /** The watch said something that cannot be: versions going back, no version at all. */
  | 'desync'
  /** Two watches in a row said nothing at all. */
  | 'silence'
  /** The safety net: it has been long. */
  | 'resync';

/** A list without what was there before: since when (monotonic milliseconds) and how many times in a row it was so. */
export interface Doubt {
  readonly since: number;
  readonly lists: number;
}

/**
 * What a watcher is doing. `Empty → InitPage → (Doubt →) Watching → Watching …`, and back to `Empty` when a version
 * is too old. While it lists again, the store keeps what it had.
 */
export type WatcherState<T extends KubernetesObject = KubernetesObject> =
  /** About to list. */
  | { readonly kind: 'empty'; readonly reason: ListReason }
  /** Some pages are there, `continue` leads to the next one. */
  | {
      readonly kind: 'init-page';
      readonly reason: ListReason;
      readonly items: readonly T[];
      readonly continue: string;
      readonly doubt?: Doubt;
    }
  /** A list came back without (nearly) all that the store has: listed until it has stayed so for a while. */
  | { readonly kind: 'doubt'; readonly reason: ListReason; readonly doubt: Doubt }
  /** In sync up to `resourceVersion`. */
  | { readonly kind: 'watching'; readonly resourceVersion: string };

/** What a watcher tells its store. */
export type WatcherOutput<T extends KubernetesObject = KubernetesObject> =
  /** These are all objects there are. */
  | { readonly kind: 'replace'; readonly objects: readonly T[] }
  | { readonly kind: 'upsert'; readonly object: T }
  | { readonly kind: 'remove'; readonly object: T };
