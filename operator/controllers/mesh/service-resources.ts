import {
  addressEndpointResource,
  endpointResource,
  headlessTcpResources,
  serviceResources,
  variesByLocality,
} from '@dot-kube/proxy/envoy';
import type { Cluster, ClusterName, EndpointSet, Locality, ServicePort } from '@dot-kube/proxy/model';
import { endpointSets, serviceModel } from '../../build/index.ts';
import type { Derivation, Read } from '../../framework/derive/index.ts';
import { layers, type Placed } from './entry.ts';
import { LOCALITIES } from './localities.ts';
import { place } from './place.ts';

/** What callers of the Service `namespace/name` need, without endpoints. */
export const placedService: Derivation<readonly Placed[]> = {
  name: 'placed/service',
  compute(read, key) {
    const service = read.derived(serviceModel, key);
    return service === undefined
      ? []
      : place(
          layers.mesh,
          serviceResources(service, (name) => clusterNamed(read, name)),
        );
  },
};

/**
 * The endpoints of the Service `namespace/name`, once for all callers, and once more for each place where callers are if
 * near endpoints go first. Apart from the rest, as endpoints change far more often.
 */
export const placedEndpoints: Derivation<readonly Placed[]> = {
  name: 'placed/endpoints',
  compute(read, key) {
    const service = read.derived(serviceModel, key);
    if (service === undefined) return [];
    const own = new Map(read.derived(endpointSets, key).map((set) => [set.cluster, set]));
    return service.ports.flatMap((port) => [
      ...port.clusters.flatMap((cluster) => ofCluster(read, own.get(cluster.name), cluster)),
      ...ofAddresses(read, port, own),
      ...ofHeadless(port, own),
    ]);
  },
};

function ofCluster(read: Read, set: EndpointSet | undefined, cluster: Cluster): readonly Placed[] {
  if (set === undefined) return [];
  const nearby = variesByLocality(cluster) ? localities(read) : [];
  return [
    ...place(layers.mesh, [endpointResource(set, cluster)]),
    ...nearby.flatMap((where) => place(layers.zone(where.region, where.zone), [endpointResource(set, cluster, where)])),
  ];
}

function ofAddresses(read: Read, port: ServicePort, own: ReadonlyMap<ClusterName, EndpointSet>): readonly Placed[] {
  if (port.addresses.length === 0) return [];
  const sets = new Map(own);
  for (const { cluster } of port.tcp) {
    const set = sets.has(cluster) ? undefined : endpointsNamed(read, cluster);
    if (set !== undefined) sets.set(cluster, set);
  }
  const nearby = port.clusters.some(variesByLocality) ? localities(read) : [];
  return port.addresses.flatMap((address) => [
    ...place(layers.mesh, [addressEndpointResource(address, port, sets)]),
    ...nearby.flatMap((where) =>
      place(layers.zone(where.region, where.zone), [addressEndpointResource(address, port, sets, where)]),
    ),
  ]);
}

function ofHeadless(port: ServicePort, own: ReadonlyMap<ClusterName, EndpointSet>): readonly Placed[] {
  const [root] = port.clusters;
  const set = root === undefined ? undefined : own.get(root.name);
  if (!port.headless || port.protocol !== 'tcp' || root === undefined || set === undefined) return [];
  return place(layers.mesh, headlessTcpResources(root, set));
}

function localities(read: Read): readonly Locality[] {
  return read.byIndex(LOCALITIES, 'all', 'all');
}

/** A cluster by its name, whichever Service it belongs to. */
function clusterNamed(read: Read, name: ClusterName): Cluster | undefined {
  const ports = read.derived(serviceModel, serviceKeyOf(name))?.ports ?? [];
  return ports.flatMap(({ clusters }) => clusters).find((cluster) => cluster.name === name);
}

function endpointsNamed(read: Read, name: ClusterName): EndpointSet | undefined {
  return read.derived(endpointSets, serviceKeyOf(name)).find(({ cluster }) => cluster === name);
}

/** `namespace/service` of `namespace/service:port|labels`. */
function serviceKeyOf(cluster: ClusterName): string {
  const colon = cluster.indexOf(':');
  return colon < 0 ? cluster : cluster.slice(0, colon);
}
