import type { Init } from './init.ts';
import { carriesHttp, type Cluster, type Connection } from '../model/index.ts';
import type { SocketAddress } from './address.ts';
import { circuitBreakers, outlierDetection, panicThreshold } from './circuit-breaker.ts';
import { adsWithin } from './config-source.ts';
import { lbEndpoint } from './endpoint.ts';
import { hasSpareShare } from './hash-ring.ts';
import { httpProtocolOptions } from './http-protocol-options.ts';
import { dialledEndpoint, loadBalancingPolicy } from './load-balancer.ts';
import { DIALLED_HEADER, INBOUND_SOURCE, type Payload, serverName } from './names.ts';
import {
  type BindConfigSchema,
  Cluster_DiscoveryType,
  type ClusterSchema,
  Cluster_LbPolicy,
  duration,
  type UpstreamConnectionOptionsSchema,
} from './proto/index.ts';
import { transportSocketMatches } from './transport-socket.ts';

export type ClusterInit = Init<typeof ClusterSchema>;

const DEFAULT_CONNECT_MS = 5000;
/** Less than the 5 s after which Node and others close an idle connection, so that none is used that is being closed. */
const INBOUND_IDLE_MS = 4000;

/** How a cluster differs from the one that its Service's port asks for. */
export interface ClusterVariant {
  /** Default: the cluster's own. */
  readonly name?: string;
  readonly payload: Payload;
  /** What the called proxy is told that it gets. Default: the payload. */
  readonly announced?: Payload;
  /** Shares of its localities come first. */
  readonly weighted?: boolean;
  /** Default: the cluster's own. */
  readonly identities?: Cluster['identities'];
}

/**
 * A cluster outside of the mesh: what the caller dialled, whatever that is. The name is not resolved again here, since an answer of
 * now may be another one than that which the application looked at before it called.
 */
export function externalCluster(cluster: Cluster): ClusterInit {
  const { connection, circuitBreaker, protocol } = cluster;
  return {
    name: cluster.name,
    ...dialledDestination(),
    connectTimeout: duration(connection.connectMs ?? DEFAULT_CONNECT_MS),
    circuitBreakers: circuitBreakers(circuitBreaker, cluster.retryBudget),
    ...(connection.tcpKeepalive === undefined ? {} : { upstreamConnectionOptions: keepalive(connection.tcpKeepalive) }),
    typedExtensionProtocolOptions: httpProtocolOptions({
      protocol,
      connection,
      ...definedLimit(circuitBreaker.maxRequestsPerConnection),
    }),
  };
}

/** A cluster of a Service's endpoints, which come by the cluster's name. */
export function serviceCluster(cluster: Cluster, variant: ClusterVariant): ClusterInit {
  const { payload, weighted = false, identities = cluster.identities, name = cluster.name } = variant;
  const { connection, circuitBreaker, loadBalancer } = cluster;
  const outlier = circuitBreaker.outlierDetection;
  const dialled = cluster.headless && payload === 'http';
  const sockets = transportSocketMatches(identities, serverName(cluster.service, variant.announced ?? payload));
  return {
    name,
    clusterDiscoveryType: { case: 'type', value: Cluster_DiscoveryType.EDS },
    edsClusterConfig: { edsConfig: adsWithin() },
    connectTimeout: duration(connection.connectMs ?? DEFAULT_CONNECT_MS),
    loadBalancingPolicy: dialled
      ? dialledEndpoint()
      : loadBalancingPolicy(loadBalancer.algorithm, { weighted, spare: hasSpareShare(cluster) }),
    // Envoy collects changes of metadata for a second otherwise, while what it has acknowledged has to be in force.
    commonLbConfig: { healthyPanicThreshold: { value: panicThreshold(outlier) }, updateMergeWindow: duration(0) },
    circuitBreakers: circuitBreakers(circuitBreaker, cluster.retryBudget),
    ...(outlier === undefined ? {} : { outlierDetection: outlierDetection(outlier) }),
    ...(sockets.length === 0 ? {} : { transportSocketMatches: [...sockets] }),
    ...(connection.tcpKeepalive === undefined ? {} : { upstreamConnectionOptions: keepalive(connection.tcpKeepalive) }),
    ...(payload === 'tcp' || !carriesHttp(cluster.protocol)
      ? {}
      : {
          typedExtensionProtocolOptions: httpProtocolOptions({
            protocol: cluster.protocol,
            connection,
            ...definedLimit(circuitBreaker.maxRequestsPerConnection),
            ...(dialled ? { withoutHeader: DIALLED_HEADER } : {}),
          }),
        }),
  };
}

function definedLimit(maxRequestsPerConnection: number | undefined) {
  return maxRequestsPerConnection === undefined ? {} : { maxRequestsPerConnection };
}

function keepalive({
  probes,
  timeSeconds,
  intervalSeconds,
}: NonNullable<Connection['tcpKeepalive']>): Init<typeof UpstreamConnectionOptionsSchema> {
  return {
    tcpKeepalive: {
      ...(probes === undefined ? {} : { keepaliveProbes: probes }),
      ...(timeSeconds === undefined ? {} : { keepaliveTime: timeSeconds }),
      ...(intervalSeconds === undefined ? {} : { keepaliveInterval: intervalSeconds }),
    },
  };
}

/** Where an application listens. */
export interface ApplicationAddress extends SocketAddress {
  /** Tried one after the other where the first does not connect. */
  readonly alternatives?: readonly string[];
}

/** The application behind an inbound port. */
export function applicationCluster(
  name: string,
  protocol: Cluster['protocol'],
  target: ApplicationAddress | 'dialled',
): ClusterInit {
  return {
    name,
    connectTimeout: duration(DEFAULT_CONNECT_MS),
    circuitBreakers: circuitBreakers({}),
    ...(target === 'dialled'
      ? { ...dialledDestination(), upstreamBindConfig: fromTheProxy() }
      : fixedEndpoint(name, target)),
    ...(carriesHttp(protocol)
      ? { typedExtensionProtocolOptions: httpProtocolOptions({ protocol, connection: { idleMs: INBOUND_IDLE_MS } }) }
      : {}),
  };
}

/** Connects to where the caller wanted to go, in plain text. */
export function passthroughCluster(name: string): ClusterInit {
  return {
    name,
    connectTimeout: duration(DEFAULT_CONNECT_MS),
    circuitBreakers: circuitBreakers({}),
    ...dialledDestination(),
    typedExtensionProtocolOptions: httpProtocolOptions({ protocol: 'sniff' }),
  };
}

/** A cluster that never has endpoints: HTTP gets 503 and TCP is closed, both at once. */
export function emptyCluster(name: string): ClusterInit {
  return {
    name,
    clusterDiscoveryType: { case: 'type', value: Cluster_DiscoveryType.STATIC },
    connectTimeout: duration(DEFAULT_CONNECT_MS),
  };
}

function dialledDestination() {
  return {
    clusterDiscoveryType: { case: 'type' as const, value: Cluster_DiscoveryType.ORIGINAL_DST },
    // Not the extension of the same name: with it, Envoy refuses the cluster for the policy in this field.
    lbPolicy: Cluster_LbPolicy.CLUSTER_PROVIDED,
  };
}

/**
 * The source by which redirection tells what the proxy takes in for the pod from what it calls for the pod, when both go to the
 * pod's own address: the latter is to come in as any other caller's does.
 */
function fromTheProxy(): Init<typeof BindConfigSchema> {
  const source = (address: string) => ({ address, portSpecifier: { case: 'portValue' as const, value: 0 } });
  return {
    sourceAddress: source(INBOUND_SOURCE.ipv4),
    extraSourceAddresses: [{ address: source(INBOUND_SOURCE.ipv6) }],
  };
}

function fixedEndpoint(clusterName: string, target: ApplicationAddress) {
  return {
    clusterDiscoveryType: { case: 'type' as const, value: Cluster_DiscoveryType.STATIC },
    loadAssignment: {
      clusterName,
      endpoints: [{ lbEndpoints: [lbEndpoint(target)] }],
    },
  };
}
