import type { EntryRef, ResourceCache, XdsServer } from '@dot-kube/proxy/xds';
import type { Pod } from '../../api/index.ts';
import { keyOf, type ReadonlyStore } from '../../framework/index.ts';
import { isAlive, isMeshed } from '../../build/pod-class.ts';
import type { Placement } from '../proxies/placement.ts';
import type { PlaceState, SnapshotSource } from './snapshot-feed.ts';
import type { ToldPod } from './snapshot-message.ts';

/** What a control plane's own state is read from. */
export interface SnapshotSourceOptions {
  readonly instance: string;
  readonly trustDomain: string;
  readonly cache: ResourceCache;
  readonly server: XdsServer;
  readonly pods: ReadonlyStore<Pod>;
  readonly placementOf: (pod: Pod) => Placement | undefined;
  /** Whether proxies are let in. */
  readonly isServing: () => boolean;
}

/** What a replica has for a standby, of its cache and of its stores. */
export function snapshotSource(options: SnapshotSourceOptions): SnapshotSource {
  const { cache, instance, isServing, placementOf, pods, server, trustDomain } = options;
  return {
    instance,
    trustDomain,
    isServing: () => cache.synced && isServing(),
    places: () => placesOf(cache),
    placeOf: (place): PlaceState | undefined => {
      const entry = cache.entry(place);
      if (entry === undefined) return undefined;
      return { acknowledged: server.acknowledged(place)?.resource, version: entry.version };
    },
    pods: () =>
      pods
        .list()
        .filter(isMeshed)
        .map(({ metadata }) => keyOf(metadata)),
    podOf: (key): ToldPod | undefined => {
      const pod = pods.get(key);
      const placement = pod !== undefined && isMeshed(pod) && isAlive(pod) ? placementOf(pod) : undefined;
      if (pod === undefined || placement === undefined) return undefined;
      return {
        key,
        uid: pod.metadata.uid ?? '',
        serviceAccount: placement.identity.serviceAccount,
        node: pod.spec?.nodeName ?? '',
        layers: placement.layers,
      };
    },
  };
}

function* placesOf(cache: ResourceCache): Iterable<EntryRef> {
  for (const layer of cache.layers()) {
    for (const { type, name } of cache.entries(layer)) yield { layer, type, name };
  }
}
