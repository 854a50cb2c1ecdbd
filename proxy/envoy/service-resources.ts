import {
  carriesHttp,
  type Cluster,
  type ClusterName,
  type Service,
  type ServicePort,
  type SourceRef,
} from '../model/index.ts';
import { externalCluster, serviceCluster } from './cluster.ts';
import { tcpListener } from './listener/tcp.ts';
import { type Payload, rootClusterName, routeName, scopeName } from './names.ts';
import { sortBy } from './order.ts';
import {
  ClusterSchema,
  ListenerSchema,
  RouteConfigurationSchema,
  ScopedRouteConfigurationSchema,
} from './proto/index.ts';
import { type EnvoyResource, type ResourceRef, resource, TYPE } from './resource.ts';
import { routeRefs, virtualHost } from './route.ts';
import { hasMtls, TLS_REFS } from './transport-socket.ts';

/** Finds a cluster that belongs to another Service, which a split of TCP connections may name. */
export type ClusterLookup = (name: ClusterName) => Cluster | undefined;

/**
 * What callers of one Service need, sorted: for each port that carries HTTP a route configuration, a scope for each of its
 * addresses and its clusters; for opaque bytes a cluster of the address's name, and a listener where the port is declared so.
 */
export function serviceResources(service: Service, lookup: ClusterLookup = () => undefined): readonly EnvoyResource[] {
  const resources = service.ports.flatMap((port) => [
    ...(carriesHttp(port.protocol) ? httpResources(service, port) : []),
    ...port.addresses.flatMap((address) => addressTcpResources(service, port, address, lookup)),
  ]);
  return sortResources(resources);
}

/** In the order of their types and names. */
export function sortResources(resources: readonly EnvoyResource[]): readonly EnvoyResource[] {
  return sortBy(resources, ({ type, name }) => `${type} ${name}`);
}

function httpResources(service: Service, port: ServicePort): EnvoyResource[] {
  const name = routeName(service.ref, port.port);
  const causes = [...service.causes, ...port.rules.flatMap((rule) => rule.causes)];
  const route = { name, virtualHosts: [virtualHost(port)] };
  return [
    resource(RouteConfigurationSchema, name, route, { refs: routeRefs(port), causes }),
    ...port.addresses.map((address) => scope(address, name, service.causes)),
    ...port.clusters.map((cluster) => clusterResource(cluster)),
  ];
}

function scope(address: string, routeConfigurationName: string, causes: readonly SourceRef[]): EnvoyResource {
  const key = { fragments: [{ type: { case: 'stringKey' as const, value: address } }] };
  return resource(
    ScopedRouteConfigurationSchema,
    scopeName(address),
    { name: scopeName(address), routeConfigurationName, onDemand: true, key },
    { refs: [{ type: TYPE.route, name: routeConfigurationName }], causes },
  );
}

function clusterResource(cluster: Cluster): EnvoyResource {
  if (cluster.external) {
    return resource(ClusterSchema, cluster.name, externalCluster(cluster), { causes: cluster.causes });
  }
  const message = serviceCluster(cluster, { payload: 'http' });
  return resource(ClusterSchema, cluster.name, message, {
    refs: clusterRefs(cluster, message),
    causes: cluster.causes,
  });
}

function clusterRefs(cluster: Pick<Cluster, 'name'>, message: Parameters<typeof hasMtls>[0]): readonly ResourceRef[] {
  return [{ type: TYPE.endpoints, name: cluster.name }, ...(hasMtls(message) ? TLS_REFS : [])];
}

function addressTcpResources(
  service: Service,
  port: ServicePort,
  address: string,
  lookup: ClusterLookup,
): EnvoyResource[] {
  const cluster = tcpCluster(service, port, address, lookup);
  if (cluster === undefined) return [];
  if (port.protocol !== 'tcp') return [cluster.resource];
  return [cluster.resource, tcpListenerResource(address, cluster.root)];
}

/** Hands the connections to one address over to the cluster of its name. */
export function tcpListenerResource(address: string, cluster: Cluster): EnvoyResource {
  const { idleMs, maxDurationMs } = cluster.connection;
  const limits = {
    ...(idleMs === undefined ? {} : { idleMs }),
    ...(maxDurationMs === undefined ? {} : { maxDurationMs }),
  };
  return resource(ListenerSchema, address, tcpListener(address, limits), { causes: cluster.causes });
}

/** The cluster of an address: the endpoints of all backends, which may have the identities of all of them. */
function tcpCluster(
  service: Service,
  port: ServicePort,
  address: string,
  lookup: ClusterLookup,
): { readonly resource: EnvoyResource; readonly root: Cluster } | undefined {
  const own = new Map(port.clusters.map((cluster) => [cluster.name, cluster]));
  const named = (name: ClusterName) => own.get(name) ?? lookup(name);
  const backends = port.tcp.filter(({ weight }) => weight > 0).flatMap(({ cluster }) => named(cluster) ?? []);
  const root = own.get(rootClusterName(service.ref, port.port)) ?? sortBy(backends, ({ name }) => name)[0];
  if (root === undefined) return undefined;
  return {
    root,
    resource: addressCluster(address, root, {
      weighted: port.tcp.filter(({ weight }) => weight > 0).length > 1,
      // What is declared to be HTTP takes no opaque bytes inside mTLS, by which its rules could be evaded: from a client that
      // connects and is silent at first it takes HTTP that this side has not looked into.
      announced: acceptsTcpMtls(port) ? 'tcp' : 'http',
      identities: backends.flatMap(({ identities }) => identities),
      causes: [...service.causes, ...backends.flatMap(({ causes }) => causes)],
    }),
  };
}

function acceptsTcpMtls({ protocol }: ServicePort): boolean {
  return protocol === 'tcp' || protocol === 'sniff';
}

/** A cluster for opaque bytes, named like the address that callers dial. */
export function addressCluster(
  address: string,
  root: Cluster,
  options: {
    readonly weighted: boolean;
    readonly announced?: Payload;
    readonly identities: Cluster['identities'];
    readonly causes: readonly SourceRef[];
  },
): EnvoyResource {
  const { announced = 'tcp', weighted, identities, causes } = options;
  const message = serviceCluster(root, { name: address, payload: 'tcp', announced, weighted, identities });
  return resource(ClusterSchema, address, message, { refs: clusterRefs({ name: address }, message), causes });
}
