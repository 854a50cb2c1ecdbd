import { encodeResource as bytesOf, type EnvoyResource } from '@dot-kube/proxy/envoy';
import { type EncodedResource, encodeResource } from '@dot-kube/proxy/xds';
import type { Placed } from './entry.ts';

/** A resource in the form in which it goes over the wire; made once, for all proxies. */
export function encoded(resource: EnvoyResource): EncodedResource {
  const refs = resource.refs.map(({ type, name }) => ({ type, name }));
  return encodeResource(resource.type, resource.name, bytesOf(resource), refs, resource.causes);
}

/** Resources of one layer. */
export function place(layer: string, resources: readonly EnvoyResource[]): readonly Placed[] {
  return resources.map((resource) => ({ layer, resource: encoded(resource) }));
}
