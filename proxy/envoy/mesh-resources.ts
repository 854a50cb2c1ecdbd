import { type MeshSettings, NOWHERE, type ServicePort, type ServiceRef, type SourceRef } from '../model/index.ts';
import type { Logged } from './access-log.ts';
import { emptyCluster, passthroughCluster } from './cluster.ts';
import { httpPortsListener, outboundListener } from './listener/outbound.ts';
import { DIALLED_HEADER, ELSEWHERE, HTTP_PORTS_LISTENER, OUTBOUND_LISTENER, PASSTHROUGH, routeName } from './names.ts';
import { sortBy } from './order.ts';
import { ClusterSchema, ListenerSchema, RouteConfigurationSchema } from './proto/index.ts';
import { clusterRef, type EnvoyResource, resource, TYPE } from './resource.ts';
import { timeoutFields, type VirtualHostInit, virtualHost } from './route.ts';
import { sortResources } from './service-resources.ts';

/** A port that carries HTTP of a Service without an address, headless or external, which callers reach by its host. */
export interface HeadlessPort {
  readonly service: ServiceRef;
  readonly port: ServicePort;
  readonly causes: readonly SourceRef[];
}

/** What every proxy has, whatever it calls: the outbound listeners, and where calls to addresses of no Service go. */
export function meshResources(
  settings: MeshSettings,
  headless: readonly HeadlessPort[] = [],
  options: { readonly logged?: Logged } = {},
): readonly EnvoyResource[] {
  const refs = [{ type: TYPE.route, name: ELSEWHERE }, clusterRef(PASSTHROUGH)];
  return sortResources([
    resource(ListenerSchema, OUTBOUND_LISTENER, outboundListener(settings, options.logged), { refs }),
    resource(ListenerSchema, HTTP_PORTS_LISTENER, httpPortsListener(settings, options.logged), { refs }),
    elsewhere(headless),
    ...sharedClusters(),
  ]);
}

/** The clusters that belong to no Service. */
export function sharedClusters(): readonly EnvoyResource[] {
  return sortResources([
    resource(ClusterSchema, PASSTHROUGH, passthroughCluster(PASSTHROUGH)),
    resource(ClusterSchema, NOWHERE, emptyCluster(NOWHERE)),
  ]);
}

function elsewhere(headless: readonly HeadlessPort[]): EnvoyResource {
  const ports = sortBy(headless, ({ service, port }) => routeName(service, port.port));
  const taken = new Set<string>();
  const hosts = ports.flatMap(({ service, port }) => {
    // Envoy refuses a table with the same domain twice.
    const domains = domainsOf(port).filter((domain) => !taken.has(domain));
    for (const domain of domains) taken.add(domain);
    return domains.length === 0 ? [] : [virtualHost(port, routeName(service, port.port), domains)];
  });
  const message = { name: ELSEWHERE, virtualHosts: [...hosts, passthroughHost()] };
  // Everybody has this table: the Services' clusters are asked for by who calls them, but for those of mirrors.
  const mirrors = ports.flatMap(({ port }) => port.rules.flatMap(({ mirror }) => (mirror ? [mirror.cluster] : [])));
  const refs = [PASSTHROUGH, ...mirrors].map(clusterRef);
  return resource(RouteConfigurationSchema, ELSEWHERE, message, {
    refs,
    causes: ports.flatMap(({ port, causes }) => [...causes, ...port.rules.flatMap((rule) => rule.causes)]),
  });
}

/** The Service's names and those of its pods, if it has any, with the port as callers write it: HTTP's own may be left out. */
function domainsOf({ external, hosts, port }: ServicePort): readonly string[] {
  const names = [...new Set(hosts)].sort().flatMap((host) => (external ? [host] : [host, `*.${host}`]));
  return names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]));
}

function passthroughHost(): VirtualHostInit {
  return {
    name: PASSTHROUGH,
    domains: ['*'],
    routes: [
      {
        match: { pathSpecifier: { case: 'prefix', value: '/' } },
        action: {
          case: 'route',
          value: { clusterSpecifier: { case: 'cluster', value: PASSTHROUGH }, ...timeoutFields({}) },
        },
      },
    ],
    requestHeadersToRemove: [DIALLED_HEADER],
  };
}
