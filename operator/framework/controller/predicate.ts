import { jsonEqual } from '../api/json.ts';
import type { KubernetesObject } from '../api/object.ts';
import type { Change } from '../store/change.ts';

/** Whether a change counts. */
export type Predicate<T extends KubernetesObject = KubernetesObject> = (change: Change<T>) => boolean;

/** Lets additions, removals and changes of the spec through; not those of metadata or status alone. */
export function generationChanged(change: Change): boolean {
  if (change.kind === 'remove' || change.old === undefined) return true;
  const { old, new: next } = change;
  return old.metadata.generation !== next.metadata.generation || isNewObjectOrDeleting(old, next);
}

/** Lets additions, removals and changes of the labels through. */
export function labelsChanged(change: Change): boolean {
  if (change.kind === 'remove' || change.old === undefined) return true;
  return !jsonEqual(change.old.metadata.labels ?? {}, change.new.metadata.labels ?? {});
}

/** Lets additions, removals and changes of the annotations through. */
export function annotationsChanged(change: Change): boolean {
  if (change.kind === 'remove' || change.old === undefined) return true;
  return !jsonEqual(change.old.metadata.annotations ?? {}, change.new.metadata.annotations ?? {});
}

/** Lets through what any of the predicates lets through. */
export function anyOf<T extends KubernetesObject>(...predicates: readonly Predicate<T>[]): Predicate<T> {
  return (change) => predicates.some((predicate) => predicate(change));
}

/** Lets through what all of the predicates let through. */
export function allOf<T extends KubernetesObject>(...predicates: readonly Predicate<T>[]): Predicate<T> {
  return (change) => predicates.every((predicate) => predicate(change));
}

function isNewObjectOrDeleting(old: KubernetesObject, next: KubernetesObject): boolean {
  return old.metadata.uid !== next.metadata.uid || old.metadata.deletionTimestamp !== next.metadata.deletionTimestamp;
}
