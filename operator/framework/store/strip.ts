import type { KubernetesObject } from '../api/object.ts';

/** The object without its managedFields, which are often larger than the rest and which no reconciler reads. */
export function stripManagedFields<T extends KubernetesObject>(object: T): T {
  if (object.metadata.managedFields === undefined) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
