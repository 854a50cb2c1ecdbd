import type { Cluster, ClusterName, EndpointSet, Locality, ServicePort, SourceRef } from '../model/index.ts';
import { formatAddress } from './address.ts';
import { assignment, type AssignmentOptions, inFamilyOf, localityEndpoints, pickable } from './endpoint.ts';
import { hasSpareShare } from './hash-ring.ts';
import { sortBy } from './order.ts';
import { ClusterLoadAssignmentSchema } from './proto/index.ts';
import { type EnvoyResource, resource } from './resource.ts';
import { addressCluster, sortResources, tcpListenerResource } from './service-resources.ts';

/** Whether callers in different places get different endpoints. */
export function variesByLocality(cluster: Cluster): boolean {
  return cluster.loadBalancer.locality !== undefined;
}

/** The endpoints of a cluster; in the client's order of preference, where the cluster prefers near ones and its place is known. */
export function endpointResource(set: EndpointSet, cluster: Cluster, client?: Locality): EnvoyResource {
  const message = assignment(set.cluster, set.endpoints, optionsOf(cluster, client));
  return resource(ClusterLoadAssignmentSchema, set.cluster, message, { causes: set.causes });
}

/**
 * The endpoints of an address that carries opaque bytes: those of its only backend, or those of all with a weight above 0,
 * each backend's as a locality with that weight. `sets` of other clusters are left aside.
 */
export function addressEndpointResource(
  address: string,
  port: ServicePort,
  sets: ReadonlyMap<ClusterName, EndpointSet>,
  client?: Locality,
): EnvoyResource {
  const backends = sortBy(
    port.tcp.filter(({ weight }) => weight > 0),
    ({ cluster }) => cluster,
  );
  const causes = backends.flatMap(({ cluster }): readonly SourceRef[] => sets.get(cluster)?.causes ?? []);
  const [only] = backends;
  if (backends.length === 1 && only !== undefined) {
    const cluster = port.clusters.find(({ name }) => name === only.cluster);
    const options = cluster === undefined ? {} : optionsOf(cluster, client);
    const message = assignment(address, inFamilyOf(address, sets.get(only.cluster)?.endpoints ?? []), options);
    return resource(ClusterLoadAssignmentSchema, address, message, { causes });
  }
  const endpoints = backends.flatMap(({ cluster, weight }) => {
    const picked = pickable(inFamilyOf(address, sets.get(cluster)?.endpoints ?? []));
    if (picked.length === 0) return [];
    return [{ ...localityEndpoints(picked), locality: { region: cluster }, loadBalancingWeight: weight }];
  });
  return resource(ClusterLoadAssignmentSchema, address, { clusterName: address, endpoints }, { causes });
}

function optionsOf(cluster: Cluster, client: Locality | undefined): AssignmentOptions {
  return { preference: cluster.loadBalancer.locality, client, spare: hasSpareShare(cluster) };
}

/**
 * What callers need of a headless Service whose port is declared to carry opaque bytes: for each endpoint a listener, and a
 * cluster with this one endpoint, as callers dial the endpoints themselves.
 */
export function headlessTcpResources(cluster: Cluster, set: EndpointSet): readonly EnvoyResource[] {
  const resources = set.endpoints.flatMap((endpoint) => {
    const address = formatAddress(endpoint);
    const causes = [...cluster.causes, ...set.causes];
    const message = assignment(address, [endpoint], { spare: hasSpareShare(cluster) });
    return [
      tcpListenerResource(address, cluster),
      addressCluster(address, cluster, { weighted: false, identities: cluster.identities, causes }),
      resource(ClusterLoadAssignmentSchema, address, message, { causes: set.causes }),
    ];
  });
  return sortResources(resources);
}
