import { socketAddress } from './address.ts';
import type { Json, JsonObject } from './options.ts';

/** Where the proxy answers probes that are meant for the application. */
export interface ProbeAddress {
  /** Default: `0.0.0.0`. More than one where the pod has more than one address family. */
  readonly addresses?: readonly string[];
  readonly port: number;
}

/**
 * One probe of the application: what is asked of the proxy, and what it asks the application on loopback. `path` names the
 * route and its cluster; the same path must not come twice.
 */
export type ProbeRoute = HttpProbeRoute | PolledProbeRoute;

/** A GET that is passed on: the answer is the application's own. */
export interface HttpProbeRoute {
  readonly kind: 'http' | 'https';
  /** With its query; only this very path is passed on. */
  readonly path: string;
  /** What the application is asked for instead of `path`, without the query, which it gets too. */
  readonly target: string;
  readonly port: number;
}

/** What cannot be passed on as HTTP is polled by the proxy (Envoy's active health checks), and its last state is the answer. */
export interface PolledProbeRoute {
  readonly kind: 'tcp' | 'grpc';
  readonly path: string;
  readonly port: number;
  /** How often a healthy application is asked; an unhealthy one is asked every second. */
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  /** For gRPC: `service` of grpc.health.v1.HealthCheckRequest. Default: the server as a whole. */
  readonly service?: string;
}

/** The pieces that one route becomes. */
export interface ProbeParts {
  readonly routes: readonly Json[];
  readonly filters: readonly Json[];
  readonly clusters: readonly Json[];
}

/** What is added to the static resources of a bootstrap. */
export interface StaticProbes {
  readonly listeners: readonly Json[];
  readonly clusters: readonly Json[];
}

const TYPE = 'type.googleapis.com/envoy.extensions';
const NAME = 'dot-kube-application-probes';
const NO_CERTIFICATE_ASKED = {
  name: 'envoy.transport_sockets.tls',
  typed_config: {
    '@type': `${TYPE}.transport_sockets.tls.v3.UpstreamTlsContext`,
    // As the kubelet does: a probe sends nothing secret.
    common_tls_context: { alpn_protocols: ['http/1.1'] },
  },
};

/** The static listener and clusters that pass on these probes and nothing else. */
export function applicationProbes(address: ProbeAddress, routes: readonly ProbeRoute[]): StaticProbes {
  const parts = routes.map(probeParts);
  return applicationProbesOf(address, {
    routes: parts.flatMap((part) => part.routes),
    filters: parts.flatMap((part) => part.filters),
    clusters: parts.flatMap((part) => part.clusters),
  });
}

/** The same from parts. */
export function applicationProbesOf({ addresses = ['0.0.0.0'], port }: ProbeAddress, parts: ProbeParts): StaticProbes {
  const [address = '0.0.0.0', ...more] = addresses;
  const filter = { name: 'envoy.filters.network.http_connection_manager', typed_config: connectionManager(parts) };
  const listener = {
    name: NAME,
    address: socketAddress('applicationProbes.address.port', address, port),
    additional_addresses: more.map((each) => ({
      address: socketAddress('applicationProbes.address.port', each, port),
    })),
    filter_chains: [{ filters: [filter] }],
  };
  return { listeners: [listener], clusters: parts.clusters };
}

/** What one probe becomes. */
export function probeParts(route: ProbeRoute): ProbeParts {
  if ('periodSeconds' in route) {
    return { routes: [], filters: [answerFilter(route.path)], clusters: [polledCluster(route)] };
  }
  return { routes: [passOn(route)], filters: [], clusters: [httpCluster(route)] };
}

function connectionManager({ filters, routes }: ProbeParts): JsonObject {
  return {
    '@type': `${TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: NAME,
    codec_type: 'HTTP1',
    // Paths are compared to the byte: there is nothing to be made equal before.
    normalize_path: false,
    server_header_transformation: 'PASS_THROUGH',
    generate_request_id: false,
    use_remote_address: true,
    skip_xff_append: true,
    stream_idle_timeout: '60s',
    common_http_protocol_options: { idle_timeout: '60s' },
    route_config: {
      name: NAME,
      virtual_hosts: [
        {
          name: NAME,
          domains: ['*'],
          routes,
          // Where it leads to is no probe; that the application answers is what was asked.
          response_headers_to_remove: ['location'],
        },
      ],
    },
    http_filters: [
      ...filters,
      {
        name: 'envoy.filters.http.router',
        typed_config: { '@type': `${TYPE}.filters.http.router.v3.Router`, suppress_envoy_headers: true },
      },
    ],
  };
}

/** `path` is compared without the query, so the header is asked too. */
function passOn({ path, target }: HttpProbeRoute): JsonObject {
  return {
    match: { path: path.split('?', 1)[0] ?? path, headers: [is(':method', 'GET'), is(':path', path)] },
    route: { cluster: path, prefix_rewrite: target, timeout: '0s' },
  };
}

/** Answers 200 while the cluster's one endpoint is healthy, and 503 while it is not. */
function answerFilter(path: string): JsonObject {
  return {
    name: 'envoy.filters.http.health_check',
    typed_config: {
      '@type': `${TYPE}.filters.http.health_check.v3.HealthCheck`,
      pass_through_mode: false,
      headers: [is(':path', path)],
      cluster_min_healthy_percentages: { [path]: { value: 100 } },
    },
  };
}

function httpCluster({ kind, path, port }: HttpProbeRoute): JsonObject {
  return {
    ...cluster(path, port),
    ...(kind === 'https' ? { transport_socket: NO_CERTIFICATE_ASKED } : {}),
    // A connection for each, as the kubelet's: one that is kept would not notice that the port is closed.
    typed_extension_protocol_options: httpOptions({ http_protocol_options: {} }),
  };
}

function polledCluster({
  kind,
  path,
  periodSeconds,
  port,
  service = '',
  timeoutSeconds,
}: PolledProbeRoute): JsonObject {
  return {
    ...cluster(path, port),
    health_checks: [
      {
        timeout: `${timeoutSeconds}s`,
        interval: `${periodSeconds}s`,
        // Nothing but these checks ever uses the cluster, so that these two count.
        no_traffic_interval: '1s',
        no_traffic_healthy_interval: `${periodSeconds}s`,
        unhealthy_threshold: 1,
        healthy_threshold: 1,
        reuse_connection: false,
        ...(kind === 'tcp'
          ? { tcp_health_check: {} }
          : // Envoy's own choice is the name of the cluster, which servers refuse as none.
            { grpc_health_check: { service_name: service, authority: `127.0.0.1:${port}` } }),
      },
    ],
    ...(kind === 'tcp' ? {} : { typed_extension_protocol_options: httpOptions({ http2_protocol_options: {} }) }),
  };
}

function cluster(name: string, port: number): JsonObject {
  const address = { socket_address: { address: '127.0.0.1', port_value: port } };
  return {
    name,
    type: 'STATIC',
    connect_timeout: '5s',
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint: { address } }] }] },
  };
}

function httpOptions(explicit: JsonObject): JsonObject {
  const type = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
  return {
    [type]: {
      '@type': `type.googleapis.com/${type}`,
      common_http_protocol_options: { max_requests_per_connection: 1 },
      explicit_http_config: explicit,
    },
  };
}

function is(name: string, exact: string): JsonObject {
  return { name, string_match: { exact } };
}
