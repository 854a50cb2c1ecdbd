import { isLoopback, socketAddress } from './address.ts';
import { type AdminAddress, BootstrapError, type JsonObject, type ProbeListener } from './options.ts';

/** Where the admin interface listens when nothing is said. */
export const DEFAULT_ADMIN: AdminAddress = { kind: 'tcp', address: '127.0.0.1', port: 15_000 };

const ADMIN_CLUSTER = 'dot-kube-admin';
const HTTP = 'type.googleapis.com/envoy.extensions.filters';

/** Envoy's Address of the admin interface. Throws {@link BootstrapError} when others than this machine could reach it. */
export function adminAddress(admin: AdminAddress): JsonObject {
  if (admin.kind === 'pipe') return { pipe: { path: admin.path } };
  if (!isLoopback(admin.address)) {
    throw new BootstrapError(
      'admin.address',
      `${admin.address} is not loopback, and the admin interface has no access control`,
    );
  }
  return socketAddress('admin.port', admin.address, admin.port);
}

/** The cluster that stands for the admin interface. */
export function adminCluster(admin: AdminAddress): JsonObject {
  const endpoints = [{ lb_endpoints: [{ endpoint: { address: adminAddress(admin) } }] }];
  return {
    name: ADMIN_CLUSTER,
    type: 'STATIC',
    connect_timeout: '1s',
    load_assignment: { cluster_name: ADMIN_CLUSTER, endpoints },
  };
}

/** The listener that lets two paths of the admin interface out, and only to be read. */
export function probeListener(probes: ProbeListener): JsonObject {
  return {
    name: 'dot-kube-probes',
    address: socketAddress('probes.port', probes.address ?? '0.0.0.0', probes.port),
    ...additionalAddresses(probes),
    filter_chains: [
      {
        filters: [
          {
            name: 'envoy.filters.network.http_connection_manager',
            typed_config: {
              '@type': `${HTTP}.network.http_connection_manager.v3.HttpConnectionManager`,
              stat_prefix: 'dot-kube-probes',
              normalize_path: true,
              route_config: {
                name: 'dot-kube-probes',
                virtual_hosts: [
                  { name: 'probes', domains: ['*'], routes: ['/ready', '/stats/prometheus'].map(readRoute) },
                ],
              },
              http_filters: [
                { name: 'envoy.filters.http.router', typed_config: { '@type': `${HTTP}.http.router.v3.Router` } },
              ],
            },
          },
        ],
      },
    ],
  };
}

function additionalAddresses({ additionalAddresses: more = [], port }: ProbeListener): JsonObject {
  if (more.length === 0) return {};
  return { additional_addresses: more.map((each) => ({ address: socketAddress('probes.port', each, port) })) };
}

function readRoute(path: string): JsonObject {
  return {
    match: { path, headers: [{ name: ':method', string_match: { exact: 'GET' } }] },
    route: { cluster: ADMIN_CLUSTER },
  };
}
