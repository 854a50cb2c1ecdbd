import { duration } from './address.ts';
import { applicationProbes, type StaticProbes } from './application-probes.ts';
import { adminAddress, adminCluster, DEFAULT_ADMIN, probeListener } from './admin.ts';
import { controlPlaneCluster, controlPlaneService } from './control-plane-cluster.ts';
import type { BootstrapOptions, JsonObject, ProxyNode, StatsOptions } from './options.ts';
import { overloadManager } from './overload.ts';

/** Cluster of the ADS stream. */
export const CONTROL_PLANE_CLUSTER = 'dot-kube-control-plane';

/** Cluster of the second ADS stream. */
export const STANDBY_CLUSTER = 'dot-kube-standby';

/** See {@link ControlPlaneConnection}. Two tries and a back-off pass before the standby is asked, together about a second. */
const BESIDE_STANDBY = { connectTimeoutMs: 400, reconnectMs: { base: 200, max: 10_000 } } as const;

/**
 * Envoy's start-up configuration (`envoy.config.bootstrap.v3.Bootstrap` as JSON): delta ADS over `envoy_grpc`, whose
 * token and roots are read again when they change, and nothing else. Equal options give equal bytes. Throws
 * `BootstrapError` where the options would open what must be closed.
 */
export function bootstrapFor(options: BootstrapOptions): JsonObject {
  const { admin = DEFAULT_ADMIN, controlPlane, deferredCreation = true, probes, standby } = options;
  const overload = overloadManager(options.limits ?? {});
  const forApplication = staticProbes(options);
  const listeners = [...(probes === undefined ? [] : [probeListener(probes)]), ...forApplication.listeners];
  return {
    ...(options.node === undefined ? {} : { node: nodeOf(options.node) }),
    admin: { address: adminAddress(admin) },
    dynamic_resources: dynamicResources(options),
    static_resources: {
      clusters: [
        controlPlaneCluster(CONTROL_PLANE_CLUSTER, 'controlPlane', {
          ...(standby === undefined ? {} : BESIDE_STANDBY),
          ...controlPlane,
        }),
        ...(standby === undefined ? [] : [controlPlaneCluster(STANDBY_CLUSTER, 'standby', standby)]),
        ...(probes === undefined ? [] : [adminCluster(admin)]),
        ...forApplication.clusters,
      ],
      ...(listeners.length === 0 ? {} : { listeners }),
    },
    cluster_manager: { enable_deferred_cluster_creation: deferredCreation },
    deferred_stat_options: { enable_deferred_creation_stats: deferredCreation },
    // Nobody is sent statistics, so they are made up to date when somebody asks.
    stats_flush_on_admin: true,
    ...(options.stats === undefined ? {} : { stats_config: { stats_matcher: statsMatcher(options.stats) } }),
    layered_runtime: { layers: [{ name: 'dot-kube', static_layer: runtimeOf(options) }] },
    ...(overload === undefined ? {} : { overload_manager: overload }),
  };
}

function staticProbes({ applicationProbes: wanted }: BootstrapOptions): StaticProbes {
  return wanted === undefined ? { listeners: [], clusters: [] } : applicationProbes(wanted.address, wanted.routes);
}

function nodeOf({ id, cluster, locality, metadata }: ProxyNode): JsonObject {
  return {
    id,
    cluster,
    ...(locality === undefined
      ? {}
      : {
          locality: {
            region: locality.region,
            ...(locality.zone === undefined ? {} : { zone: locality.zone }),
            ...(locality.subZone === undefined ? {} : { sub_zone: locality.subZone }),
          },
        }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

function dynamicResources({
  clusterDiscovery = true,
  controlPlane,
  initialFetchTimeoutMs = 0,
  standby,
}: BootstrapOptions): JsonObject {
  const ads = { ads: {}, resource_api_version: 'V3', initial_fetch_timeout: duration(initialFetchTimeoutMs) };
  return {
    ads_config: {
      api_type: 'DELTA_GRPC',
      transport_api_version: 'V3',
      set_node_on_first_message_only: true,
      grpc_services: [
        controlPlaneService(CONTROL_PLANE_CLUSTER, {
          ...(standby === undefined ? {} : BESIDE_STANDBY),
          ...controlPlane,
        }),
        ...(standby === undefined ? [] : [controlPlaneService(STANDBY_CLUSTER, standby)]),
      ],
    },
    lds_config: ads,
    ...(clusterDiscovery ? { cds_config: ads } : {}),
  };
}

function statsMatcher({ kind, prefixes }: StatsOptions): JsonObject {
  const patterns = { patterns: prefixes.toSorted().map((prefix) => ({ prefix })) };
  return kind === 'only' ? { inclusion_list: patterns } : { exclusion_list: patterns };
}

/**
 * Of a compiled expression. Envoy's default of 100 refuses longer paths and templates; ours are never a tenant's own, and take
 * time in proportion to the input.
 */
const REGEX_PROGRAM_SIZE = 100_000;

function runtimeOf({ runtime = {}, standby }: BootstrapOptions): JsonObject {
  const own = {
    're2.max_program_size.error_level': REGEX_PROGRAM_SIZE,
    ...(standby === undefined ? {} : { 'envoy.restart_features.xds_failover_support': true }),
  };
  const entries = Object.entries({ ...own, ...runtime });
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
