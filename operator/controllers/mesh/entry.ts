import type { EncodedResource, EntryRef } from '@dot-kube/proxy/xds';

/** An encoded resource and the layer that it belongs to; see {@link layers}. */
export interface Placed {
  readonly layer: string;
  readonly resource: EncodedResource;
}

/** Where a placed resource stands. */
export function entryOf(placed: Placed): EntryRef {
  return { layer: placed.layer, type: placed.resource.type, name: placed.resource.name };
}

/** The layers of the resource cache. A proxy sees a few of them, the most specific last. */
export const layers = {
  /** What every proxy may see. */
  mesh: 'mesh',
  /** Endpoints in the order of preference of callers in this zone. */
  zone: (region: string, zone: string): string => `zone/${region}/${zone}`,
  /** What one workload's proxies take in. */
  class: (key: string): string => `class/${key}`,
  /** The certificate of one identity. */
  identity: (spiffeUri: string): string => `identity/${spiffeUri}`,
  /** What only one proxy has: the listeners of the local mode. */
  proxy: (id: string): string => `proxy/${id}`,
} as const;
