import type { KubernetesObject } from '../api/object.ts';

/** What became of one object in a store. `old` is missing when the object was not there before. */
export type Change<T extends KubernetesObject = KubernetesObject> =
  | { readonly kind: 'upsert'; readonly key: string; readonly old: T | undefined; readonly new: T }
  | { readonly kind: 'remove'; readonly key: string; readonly old: T };

/** What is asked of a store: to take an object in, or to drop it. */
export type Mutation<T extends KubernetesObject = KubernetesObject> =
  | { readonly kind: 'upsert'; readonly object: T }
  | { readonly kind: 'remove'; readonly object: KubernetesObject };

/**
 * Is told of changes, in batches, synchronously, after the store has them all. One that throws keeps nothing from
 * the others; the error comes out of the call that changed the store.
 */
export type ChangeListener<T extends KubernetesObject = KubernetesObject> = (changes: readonly Change<T>[]) => void;

/** The object that a change is about: the new one, or the last one known of what was removed. */
export function objectOf<T extends KubernetesObject>(change: Change<T>): T {
  return change.kind === 'upsert' ? change.new : change.old;
}
