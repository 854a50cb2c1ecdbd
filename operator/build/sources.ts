import type { ServiceRef, SourceRef } from '@dot-kube/proxy/model';
import type { KubernetesObject } from '../framework/api/object.ts';

/** The reference of an object as the cause of what is made from it. */
export function sourceOf({ kind, metadata }: KubernetesObject): SourceRef {
  return { kind, namespace: metadata.namespace ?? '', name: metadata.name };
}

/** The reference of a Service as a cause. */
export function serviceSource({ namespace, name }: ServiceRef): SourceRef {
  return { kind: 'Service', namespace, name };
}

/** `namespace/name`. */
export function serviceKey({ namespace, name }: ServiceRef): string {
  return `${namespace}/${name}`;
}

/** The inverse of {@link serviceKey}. */
export function serviceRefOf(key: string): ServiceRef {
  const [namespace = '', name = ''] = key.split('/');
  return { namespace, name };
}
