import {
  addressEndpointResource,
  encodeResource,
  endpointResource,
  type EnvoyResource,
  type ClusterLookup,
  headlessTcpResources,
  localityKey,
  rootsSecret,
  serviceResources,
  sharedClusters,
  TYPE,
  variesByLocality,
  workloadRoutes,
} from '@dot-kube/proxy/envoy';
import type { EndpointSet, Locality, Service, Workload } from '@dot-kube/proxy/model';
import { type EncodedResource, encodeResource as frame, type LayerUpdate } from '@dot-kube/proxy/xds';

/** What the layers of the cache are made of. */
export interface MeshState {
  readonly services: readonly Service[];
  readonly sets: readonly EndpointSet[];
  readonly workloads: readonly Workload[];
  readonly roots: string;
  /** Places that proxies are in. */
  readonly localities: readonly Locality[];
  /** Layers of single proxies and identities, ready. */
  readonly own: ReadonlyMap<string, readonly EnvoyResource[]>;
}

export type Layers = ReadonlyMap<string, ReadonlyMap<string, EncodedResource>>;

/** All resources of a mesh, by layer. */
export function compile(state: MeshState): Layers {
  const clusters = new Map(
    state.services.flatMap(({ ports }) => ports.flatMap((port) => port.clusters)).map((c) => [c.name, c]),
  );
  const lookup: ClusterLookup = (name) => clusters.get(name);
  const layers = new Map<string, readonly EnvoyResource[]>([
    [
      'mesh',
      [
        rootsSecret(state.roots),
        ...sharedClusters(),
        ...state.services
          .flatMap((service) => serviceResources(service, lookup))
          .filter(({ type }) => type !== TYPE.listener),
        ...endpoints(state),
        ...headless(state),
      ],
    ],
    ...state.localities.map((locality) => [zoneLayer(locality), endpoints(state, locality)] as const),
    ...state.workloads.map((workload) => [`class/${workload.key}`, workloadRoutes(workload)] as const),
    ...state.own,
  ]);
  return new Map(
    [...layers].map(([layer, resources]) => [
      layer,
      new Map(
        resources.map((from) => [
          `${from.type} ${from.name}`,
          frame(from.type, from.name, encodeResource(from), from.refs, from.causes),
        ]),
      ),
    ]),
  );
}

/** The layer of proxies that are in that place. */
export function zoneLayer(locality: Locality): string {
  return `zone/${localityKey(locality)}`;
}

/** What makes one of two states the other. */
export function changes(before: Layers, after: Layers): readonly LayerUpdate[] {
  return [...new Set([...before.keys(), ...after.keys()])].map((layer) => {
    const [old, now] = [before.get(layer) ?? new Map<string, EncodedResource>(), after.get(layer)];
    return {
      layer,
      upsert: [...(now?.values() ?? [])],
      remove: [...old].filter(([key]) => now?.has(key) !== true).map(([, { type, name }]) => ({ type, name })),
    };
  });
}

function endpoints({ services, sets }: MeshState, client?: Locality): readonly EnvoyResource[] {
  const byCluster = new Map(sets.map((set) => [set.cluster, set]));
  return services.flatMap(({ ports }) =>
    ports.flatMap((port) => {
      if (client !== undefined && !port.clusters.some(variesByLocality)) return [];
      return [
        ...port.clusters.flatMap((cluster) => {
          const set = byCluster.get(cluster.name);
          return set === undefined ? [] : [endpointResource(set, cluster, client)];
        }),
        ...port.addresses.map((address) => addressEndpointResource(address, port, byCluster, client)),
      ];
    }),
  );
}

function headless({ services, sets }: MeshState): readonly EnvoyResource[] {
  const ports = services.flatMap((service) => service.ports).filter((port) => port.headless && port.protocol === 'tcp');
  return ports.flatMap(({ clusters }) =>
    clusters.flatMap((cluster) => {
      const set = sets.find((each) => each.cluster === cluster.name);
      if (set === undefined) return [];
      // Listeners are those of explicit upstreams here.
      return headlessTcpResources(cluster, set).filter(({ type }) => type !== TYPE.listener);
    }),
  );
}
