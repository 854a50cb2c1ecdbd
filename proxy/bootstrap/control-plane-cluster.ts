import { isIP } from 'node:net';
import { duration, isLoopback, socketAddress } from './address.ts';
import type { ControlPlane, JsonObject, SecretFile, SecureControlPlane, ServerName } from './options.ts';
import { BootstrapError } from './options.ts';
import { ROOTS_SECRET, secretConfig, TOKEN_SECRET } from './secret-files.ts';

const HTTP_OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
const SAN_TYPES = { dns: 'DNS', uri: 'URI', ip: 'IP_ADDRESS' } as const;

/** Every address of a name is a replica. */
const dnsCluster: JsonObject = {
  name: 'envoy.clusters.dns',
  typed_config: {
    '@type': 'type.googleapis.com/envoy.extensions.clusters.dns.v3.DnsCluster',
    dns_lookup_family: 'ALL',
    respect_dns_ttl: true,
  },
};

/** Flow-control windows: enough for a first configuration in one go, and bounded. */
const WINDOW_BYTES = 1024 * 1024;

/**
 * The static cluster that the ADS stream runs over. Throws {@link BootstrapError}, whose field starts with `field`.
 */
export function controlPlaneCluster(name: string, field: string, controlPlane: ControlPlane): JsonObject {
  const { addresses } = controlPlane;
  if (addresses.length === 0) throw new BootstrapError(`${field}.addresses`, 'at least one is needed');
  if (controlPlane.kind === 'plaintext') {
    const open = addresses.find(({ host }) => !isLoopback(host));
    if (open !== undefined) {
      throw new BootstrapError(
        `${field}.addresses`,
        `${open.host} is not loopback, and plaintext is for loopback only`,
      );
    }
  }
  return {
    name,
    connect_timeout: duration(controlPlane.connectTimeoutMs ?? 5000),
    ...(addresses.every(({ host }) => isIP(host) !== 0) ? { type: 'STATIC' } : { cluster_type: dnsCluster }),
    // Proxies that start together must not all pick the first replica.
    lb_policy: 'RANDOM',
    load_assignment: {
      cluster_name: name,
      endpoints: [
        {
          lb_endpoints: addresses.map(({ host, port }) => ({
            endpoint: { address: socketAddress(`${field}.addresses`, host, port) },
          })),
        },
      ],
    },
    typed_extension_protocol_options: { [HTTP_OPTIONS]: httpOptions(controlPlane) },
    ...(controlPlane.kind === 'tls' ? { transport_socket: tlsSocket(field, controlPlane) } : {}),
  };
}

/** The ADS entry that uses the cluster. */
export function controlPlaneService(clusterName: string, controlPlane: ControlPlane): JsonObject {
  const { base = 500, max = 10_000 } = controlPlane.reconnectMs ?? {};
  const backOff = { base_interval: duration(base), max_interval: duration(max) };
  return {
    envoy_grpc: {
      cluster_name: clusterName,
      authority: authorityOf(controlPlane),
      retry_policy: { retry_back_off: backOff },
    },
  };
}

/** What stands in `:authority`; the cluster's name, Envoy's default, need not be a valid one. */
function authorityOf(controlPlane: ControlPlane): string {
  const indication = controlPlane.kind === 'tls' ? indicationOf(controlPlane) : undefined;
  return indication ?? 'control-plane.dot-kube.internal';
}

function indicationOf({ serverNames, sni }: SecureControlPlane): string | undefined {
  return sni ?? serverNames.find(({ kind }) => kind === 'dns')?.value;
}

function httpOptions(controlPlane: ControlPlane): JsonObject {
  return {
    '@type': `type.googleapis.com/${HTTP_OPTIONS}`,
    explicit_http_config: {
      http2_protocol_options: {
        initial_stream_window_size: WINDOW_BYTES,
        initial_connection_window_size: WINDOW_BYTES,
        connection_keepalive: {
          interval: duration(controlPlane.keepaliveIntervalMs ?? 15_000),
          timeout: duration(controlPlane.keepaliveTimeoutMs ?? 5000),
        },
      },
    },
    ...(controlPlane.token === undefined ? {} : { http_filters: [credentialInjector(controlPlane.token), codec] }),
  };
}

const codec: JsonObject = {
  name: 'envoy.filters.http.upstream_codec',
  typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec' },
};

/** Not the call credentials of `google_grpc`: that client reads its roots once and never comes back after they change. */
function credentialInjector(token: SecretFile): JsonObject {
  return {
    name: 'envoy.filters.http.credential_injector',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.filters.http.credential_injector.v3.CredentialInjector',
      overwrite: true,
      credential: {
        name: 'envoy.http.injected_credentials.generic',
        typed_config: {
          '@type': 'type.googleapis.com/envoy.extensions.http.injected_credentials.generic.v3.Generic',
          credential: secretConfig(TOKEN_SECRET, token),
          header: 'authorization',
          header_value_prefix: 'Bearer ',
        },
      },
    },
  };
}

function tlsSocket(field: string, controlPlane: SecureControlPlane): JsonObject {
  const { serverNames, roots } = controlPlane;
  if (serverNames.length === 0) {
    throw new BootstrapError(`${field}.serverNames`, 'without one, any certificate of the mesh could take the token');
  }
  const indication = indicationOf(controlPlane);
  return {
    name: 'envoy.transport_sockets.tls',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext',
      ...(indication === undefined ? {} : { sni: indication }),
      common_tls_context: {
        tls_params: { tls_minimum_protocol_version: 'TLSv1_3', tls_maximum_protocol_version: 'TLSv1_3' },
        alpn_protocols: ['h2'],
        combined_validation_context: {
          default_validation_context: { match_typed_subject_alt_names: serverNames.map(nameMatcher) },
          validation_context_sds_secret_config: secretConfig(ROOTS_SECRET, roots),
        },
      },
    },
  };
}

function nameMatcher({ kind, value }: ServerName): JsonObject {
  return { san_type: SAN_TYPES[kind], matcher: { exact: value } };
}
