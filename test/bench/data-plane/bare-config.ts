import { DIALLED_PORT } from './echo-service.ts';

/** Envoy's start-up configuration. */
export type EnvoyConfig = Readonly<Record<string, unknown>>;

/** What a proxy of the bare pair shows and trusts, PEM. */
export interface BareIdentity {
  readonly certificateChain: string;
  readonly privateKey: string;
  readonly roots: string;
}

/** One proxy of the bare pair. */
export interface BareProxy {
  /** Path of the Unix socket of its admin interface. */
  readonly admin: string;
  /** Where captured connections arrive. */
  readonly port: number;
  readonly identity: BareIdentity;
  /** Everything that its peer's URI name has to begin with. */
  readonly trusts: string;
}

const TYPE = 'type.googleapis.com/envoy.extensions';

/** Takes the caller's connections in and makes mTLS to the other proxy out of them. */
export function bareCaller(proxy: BareProxy, echoAddress: string): EnvoyConfig {
  const tls = { '@type': `${TYPE}.transport_sockets.tls.v3.UpstreamTlsContext`, sni: 'echo', ...commonTls(proxy) };
  return config(proxy, { address: echoAddress, port: DIALLED_PORT, transport_socket: tlsSocket(tls) });
}

/** Takes mTLS in and calls the application. */
export function bareEcho(proxy: BareProxy): EnvoyConfig {
  const tls = {
    '@type': `${TYPE}.transport_sockets.tls.v3.DownstreamTlsContext`,
    require_client_certificate: true,
    ...commonTls(proxy),
  };
  return config(proxy, { address: '127.0.0.1', port: DIALLED_PORT }, { transport_socket: tlsSocket(tls) });
}

interface Upstream {
  readonly address: string;
  readonly port: number;
  readonly transport_socket?: unknown;
}

function config(proxy: BareProxy, { address, port, ...socket }: Upstream, chain: object = {}): EnvoyConfig {
  const endpoint = { address: { socket_address: { address, port_value: port } } };
  const cluster = {
    name: 'echo',
    type: 'STATIC',
    load_assignment: { cluster_name: 'echo', endpoints: [{ lb_endpoints: [{ endpoint }] }] },
    ...socket,
  };
  const filter = { name: 'envoy.filters.network.http_connection_manager', typed_config: CONNECTION_MANAGER };
  const listener = {
    name: 'bare',
    address: { socket_address: { address: '0.0.0.0', port_value: proxy.port } },
    filter_chains: [{ filters: [filter], ...chain }],
  };
  return {
    admin: { address: { pipe: { path: proxy.admin } } },
    static_resources: { listeners: [listener], clusters: [cluster] },
  };
}

/** The shortest that Envoy takes. What it would do unasked and ours does not either, request ids, is off: so the comparison is the harder one. */
const CONNECTION_MANAGER = {
  '@type': `${TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager`,
  stat_prefix: 'bare',
  generate_request_id: false,
  route_config: {
    virtual_hosts: [{ name: '*', domains: ['*'], routes: [{ match: { prefix: '/' }, route: { cluster: 'echo' } }] }],
  },
  http_filters: [
    {
      name: 'envoy.filters.http.router',
      typed_config: { '@type': `${TYPE}.filters.http.router.v3.Router`, suppress_envoy_headers: true },
    },
  ],
};

function commonTls({ identity, trusts }: BareProxy) {
  return {
    common_tls_context: {
      tls_params: { tls_minimum_protocol_version: 'TLSv1_3', tls_maximum_protocol_version: 'TLSv1_3' },
      tls_certificates: [
        {
          certificate_chain: { inline_string: identity.certificateChain },
          private_key: { inline_string: identity.privateKey },
        },
      ],
      validation_context: {
        trusted_ca: { inline_string: identity.roots },
        match_typed_subject_alt_names: [{ san_type: 'URI', matcher: { prefix: trusts } }],
      },
    },
  };
}

function tlsSocket(typedConfig: object) {
  return { name: 'envoy.transport_sockets.tls', typed_config: typedConfig };
}
