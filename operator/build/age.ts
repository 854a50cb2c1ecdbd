import type { SourceRef } from '@dot-kube/proxy/model';
import type { KubernetesObject } from '../framework/api/object.ts';
import { compareText } from './lenient.ts';
import { sourceOf } from './sources.ts';

/** What decides between two objects that want the same: the older wins. */
export interface Aged {
  readonly source: SourceRef;
  /** Milliseconds since the epoch; 0 for an object that was never stored, which counts as the oldest. */
  readonly createdAt: number;
}

/** The age of an object. */
export function ageOf(object: KubernetesObject): Aged {
  const time = Date.parse(object.metadata.creationTimestamp ?? '');
  return { source: sourceOf(object), createdAt: Number.isNaN(time) ? 0 : time };
}

/** The older first; objects of the same second by namespace and name, so that the order is total. */
export function compareAged(a: Aged, b: Aged): number {
  return (
    a.createdAt - b.createdAt ||
    compareText(a.source.namespace, b.source.namespace) ||
    compareText(a.source.name, b.source.name)
  );
}

/** The objects, the older first. */
export function byAge<T extends KubernetesObject>(objects: readonly T[]): readonly T[] {
  return [...objects].sort((a, b) => compareAged(ageOf(a), ageOf(b)));
}
