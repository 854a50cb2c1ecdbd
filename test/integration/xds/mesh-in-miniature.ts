import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DescMessage } from '@bufbuild/protobuf';
import {
  any,
  ApiVersion,
  Cluster_DiscoveryType,
  ClusterLoadAssignmentSchema,
  ClusterSchema,
  create,
  duration,
  encode,
  HttpConnectionManagerSchema,
  ListenerSchema,
  type MessageInitShape,
  OnDemandSchema,
  RouteConfigurationSchema,
  RouterSchema,
  SecretSchema,
  UpstreamTlsContextSchema,
  ScopedRouteConfigurationSchema,
} from '@dot-kube/proxy/envoy/proto';
import {
  type AckedEvent,
  type EncodedResource,
  encodeResource,
  type Quarantine,
  ResourceCache,
  type ResourceRef,
  type SentEvent,
  typeUrls,
  XdsServer,
} from '@dot-kube/proxy/xds';
import { certificate } from '../../../proxy/xds/testing/certificates.ts';
import { type EnvoyProcess, startEnvoy } from '../../tools/envoy-process.ts';

const { cluster, endpoints, route, scopedRoute, listener, secret } = typeUrls;
const ads = { configSourceSpecifier: { case: 'ads', value: {} }, resourceApiVersion: ApiVersion.V3 } as const;
const warming = { ...ads, initialFetchTimeout: duration(2000) };

/** Fields of a message, without the message itself. */
type Changes<Schema extends DescMessage> = Exclude<MessageInitShape<Schema>, { readonly $typeName: string }>;

/** An HTTP server that answers with its name. */
export async function startUpstream(name: string) {
  const seen: string[] = [];
  const server = createServer((message: IncomingMessage, response) => {
    seen.push(message.url ?? '');
    response.end(name);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { name, port, seen, [Symbol.asyncDispose]: stop };
}

/** A cluster whose endpoints have its own name. */
export function edsCluster(name: string, more: Changes<typeof ClusterSchema> = {}): EncodedResource {
  const message = create(ClusterSchema, {
    name,
    connectTimeout: duration(1000),
    clusterDiscoveryType: { case: 'type', value: Cluster_DiscoveryType.EDS },
    edsClusterConfig: { edsConfig: warming },
    ...more,
  });
  return encodeResource(cluster, name, encode(ClusterSchema, message), [{ type: endpoints, name }]);
}

/** The same with TLS, which trusts the roots in a secret. */
export function tlsCluster(
  name: string,
  secretName: string,
  more: Changes<typeof ClusterSchema> = {},
): EncodedResource {
  const validation = { name: secretName, sdsConfig: warming };
  const context = any(UpstreamTlsContextSchema, {
    commonTlsContext: { validationContextType: { case: 'validationContextSdsSecretConfig', value: validation } },
  });
  const transportSocket = { name: 'tls', configType: { case: 'typedConfig', value: context } } as const;
  const { refs, ...encoded } = edsCluster(name, { transportSocket, ...more });
  return { ...encoded, refs: [...refs, { type: secret, name: secretName }] };
}

/** Roots of trust. */
export function roots(name: string): EncodedResource {
  const trustedCa = { specifier: { case: 'inlineString', value: certificate.cert } } as const;
  const message = create(SecretSchema, { name, type: { case: 'validationContext', value: { trustedCa } } });
  return encodeResource(secret, name, encode(SecretSchema, message));
}

/** A cluster that Envoy refuses: it says nothing of where its endpoints come from. */
export function badCluster(name: string): EncodedResource {
  return edsCluster(name, { edsClusterConfig: { serviceName: 'x', edsConfig: { resourceApiVersion: ApiVersion.V3 } } });
}

/** The endpoint of a cluster. */
export function endpointsOf(name: string, port: number): EncodedResource {
  const address = {
    address: {
      case: 'socketAddress',
      value: { address: '127.0.0.1', portSpecifier: { case: 'portValue', value: port } },
    },
  } as const;
  const lbEndpoints = [{ hostIdentifier: { case: 'endpoint', value: { address } } } as const];
  const message = create(ClusterLoadAssignmentSchema, { clusterName: name, endpoints: [{ lbEndpoints }] });
  return encodeResource(endpoints, name, encode(ClusterLoadAssignmentSchema, message));
}

/** A route configuration that sends everything to a cluster. */
export function routeTo(name: string, target: string, { mirror }: { readonly mirror?: string } = {}): EncodedResource {
  const action = {
    clusterSpecifier: { case: 'cluster', value: target },
    requestMirrorPolicies: mirror === undefined ? [] : [{ cluster: mirror }],
  } as const;
  const refs = [target, ...(mirror === undefined ? [] : [mirror])].map(
    (each): ResourceRef => ({ type: cluster, name: each }),
  );
  return routes(
    name,
    [
      {
        name: 'all',
        domains: ['*'],
        routes: [
          { match: { pathSpecifier: { case: 'prefix', value: '/' } }, action: { case: 'route', value: action } },
        ],
      },
    ],
    refs,
  );
}

/** A route configuration that answers by itself. */
export function routeThatSays(name: string, text: string): EncodedResource {
  const directResponse = { status: 200, body: { specifier: { case: 'inlineString', value: text } } } as const;
  return routes(name, [
    {
      name: 'all',
      domains: ['*'],
      routes: [
        {
          match: { pathSpecifier: { case: 'prefix', value: '/' } },
          action: { case: 'directResponse', value: directResponse },
        },
      ],
    },
  ]);
}

/** A route configuration that Envoy refuses: two virtual hosts for one domain. */
export function badRoute(name: string): EncodedResource {
  return routes(name, [
    { name: 'a', domains: ['*'] },
    { name: 'b', domains: ['*'] },
  ]);
}

/** The scope for requests with `x-scope: <name>`. Without a key it is one that Envoy refuses. */
export function scopeOf(
  name: string,
  { onDemand = true, key = name }: { readonly onDemand?: boolean; readonly key?: string } = {},
): EncodedResource {
  const fragments = key === '' ? [] : [{ type: { case: 'stringKey', value: key } } as const];
  const message = create(ScopedRouteConfigurationSchema, {
    name,
    routeConfigurationName: name,
    onDemand,
    key: { fragments },
  });
  return encodeResource(scopedRoute, name, encode(ScopedRouteConfigurationSchema, message), [{ type: route, name }]);
}

/** An HTTP listener on a free port whose routes are found by the header `x-scope`, with clusters on demand. */
export function httpListener(name: string, more: Changes<typeof HttpConnectionManagerSchema> = {}): EncodedResource {
  const manager = create(HttpConnectionManagerSchema, {
    statPrefix: name,
    streamIdleTimeout: duration(5000),
    routeSpecifier: {
      case: 'scopedRoutes',
      value: {
        name: 'outbound',
        scopeKeyBuilder: {
          fragments: [
            {
              type: {
                case: 'headerValueExtractor',
                value: { name: 'x-scope', extractType: { case: 'index', value: 0 } },
              },
            },
          ],
        },
        rdsConfigSource: ads,
        configSpecifier: { case: 'scopedRds', value: { scopedRdsConfigSource: ads } },
      },
    },
    httpFilters: [
      {
        name: 'envoy.filters.http.on_demand',
        configType: {
          case: 'typedConfig',
          value: any(OnDemandSchema, { odcds: { source: ads, timeout: duration(2000) } }),
        },
      },
      { name: 'envoy.filters.http.router', configType: { case: 'typedConfig', value: any(RouterSchema) } },
    ],
    ...more,
  });
  const message = create(ListenerSchema, {
    name,
    address: {
      address: {
        case: 'socketAddress',
        value: { address: '127.0.0.1', portSpecifier: { case: 'portValue', value: 0 } },
      },
    },
    filterChains: [
      {
        filters: [
          {
            name: 'envoy.filters.network.http_connection_manager',
            configType: { case: 'typedConfig', value: any(HttpConnectionManagerSchema, manager) },
          },
        ],
      },
    ],
  });
  return encodeResource(listener, name, encode(ListenerSchema, message));
}

function routes(
  name: string,
  virtualHosts: MessageInitShape<typeof RouteConfigurationSchema>['virtualHosts'],
  refs: readonly ResourceRef[] = [],
): EncodedResource {
  const message = create(RouteConfigurationSchema, { name, ...(virtualHosts === undefined ? {} : { virtualHosts }) });
  return encodeResource(route, name, encode(RouteConfigurationSchema, message), refs);
}

/** What stands for what does not exist. */
function empty(type: string, name: string): EncodedResource | undefined {
  if (type === route) return routes(name, []);
  if (type === cluster)
    return encodeResource(
      cluster,
      name,
      encode(ClusterSchema, create(ClusterSchema, { name, connectTimeout: duration(1000) })),
    );
  if (type === endpoints)
    return encodeResource(
      endpoints,
      name,
      encode(ClusterLoadAssignmentSchema, create(ClusterLoadAssignmentSchema, { clusterName: name })),
    );
  return undefined;
}

/** A control plane that any Envoy may see all of, and what it observed. */
export async function startControlPlane(cache = new ResourceCache(), port = 0) {
  const acked: AckedEvent[] = [];
  const sent: SentEvent[] = [];
  const quarantined: Quarantine[] = [];
  const server = new XdsServer({
    cache,
    authenticate: async ({ node }) => ({ proxyId: node.id, layers: ['mesh', 'class/all'] }),
    emptyResource: empty,
    observer: {
      acked: (event) => acked.push(event),
      sent: (event) => sent.push(event),
      quarantined: (event) => quarantined.push(event),
    },
  });
  const bound = await server.listenPlaintextOnLoopback({ port });
  cache.markSynced();
  return {
    server,
    cache,
    port: bound.port,
    acked,
    sent,
    quarantined,
    put: (...upsert: readonly EncodedResource[]) => cache.update([{ layer: 'mesh', upsert, remove: [] }]),
    remove: (...remove: readonly ResourceRef[]) => cache.update([{ layer: 'mesh', upsert: [], remove }]),
    /** Resolves when a proxy has acknowledged what it has of a revision or a newer one. */
    acknowledged: async (proxy: string, type: ResourceRef['type'], name: string, revision: number) => {
      await eventually(() => server.ackedRevision(proxy, { layer: 'mesh', type, name }) >= revision);
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
}

/** An Envoy with the given control plane. */
export async function startMeshEnvoy(
  xdsPort: number,
  id = 'envoy',
  until: 'live' | 'admin' = 'live',
): Promise<EnvoyProcess> {
  const source = { ads: {}, resource_api_version: 'V3' };
  const http2 = {
    '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
    explicit_http_config: { http2_protocol_options: {} },
  };
  const address = { socket_address: { address: '127.0.0.1', port_value: xdsPort } };
  const ads_config = {
    api_type: 'DELTA_GRPC',
    transport_api_version: 'V3',
    grpc_services: [
      { envoy_grpc: { cluster_name: 'xds' }, initial_metadata: [{ key: 'authorization', value: 'Bearer x' }] },
    ],
  };
  return await startEnvoy({
    until,
    bootstrap: {
      node: { id, cluster: 'test' },
      dynamic_resources: { ads_config, lds_config: source, cds_config: source },
      static_resources: {
        clusters: [
          {
            name: 'xds',
            type: 'STATIC',
            connect_timeout: '1s',
            typed_extension_protocol_options: { 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': http2 },
            load_assignment: { cluster_name: 'xds', endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }] },
          },
        ],
      },
    },
  });
}

/** What a request to a scope was answered, and in how many milliseconds. */
export async function ask(envoy: EnvoyProcess, scope: string, path = '/', name = 'http') {
  const address = (await envoy.listeners()).get(name);
  if (address === undefined) throw new Error(`no listener ${name}`);
  return await askAddress(address, scope, path);
}

/** As {@link ask}, at an address that is known already. */
export async function askAddress(address: string, scope: string, path = '/') {
  const started = performance.now();
  return await new Promise<{ status: number; body: string; milliseconds: number }>((resolve, reject) => {
    const outgoing = request(`http://${address}${path}`, { headers: { 'x-scope': scope } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).toString(),
          milliseconds: performance.now() - started,
        }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

/** Resolves when the condition holds; throws after ten seconds. */
export async function eventually(holds: () => boolean | Promise<boolean>, milliseconds = 10_000): Promise<void> {
  const end = performance.now() + milliseconds;
  while (performance.now() < end) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`not in ${milliseconds} ms: ${holds.toString()}`);
}
