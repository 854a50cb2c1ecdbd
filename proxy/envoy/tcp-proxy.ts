import { accessLog, type Direction, type Logged } from './access-log.ts';
import { ads } from './config-source.ts';
import { filter } from './extension.ts';
import { DIALLED_ADDRESS, type NetworkFilterInit, ON_DEMAND_MS } from './http-connection-manager.ts';
import { duration, NetworkSetFilterStateSchema, TcpProxySchema } from './proto/index.ts';

/** How often an open connection is told of, where all is to be seen. */
const ALIVE_MS = 2000;

/** Time-outs of one connection; those of Envoy where they are absent (1 h idle, no limit). */
export interface TcpLimits {
  readonly idleMs?: number;
  readonly maxDurationMs?: number;
}

/** Opaque bytes to a cluster that is there. */
export function tcpProxy(direction: Direction, cluster: string, logged: Logged = 'all'): NetworkFilterInit {
  return filter('envoy.filters.network.tcp_proxy', TcpProxySchema, {
    statPrefix: direction,
    clusterSpecifier: { case: 'cluster', value: cluster },
    accessLog: [accessLog(direction, 'tcp', logged)],
  });
}

/** Opaque bytes to a cluster that is asked for when somebody needs it; closed when it does not exist. */
export function onDemandTcpProxy(
  cluster: string,
  logged: Logged = 'failures',
  { idleMs, maxDurationMs }: TcpLimits = {},
): NetworkFilterInit {
  return filter('envoy.filters.network.tcp_proxy', TcpProxySchema, {
    statPrefix: 'outbound',
    clusterSpecifier: { case: 'cluster', value: cluster },
    onDemand: { odcdsConfig: ads(), timeout: duration(ON_DEMAND_MS) },
    ...(idleMs === undefined ? {} : { idleTimeout: duration(idleMs) }),
    ...(maxDurationMs ? { maxDownstreamConnectionDuration: duration(maxDurationMs) } : {}),
    accessLog: [accessLog('outbound', 'tcp', logged)],
    // Who wants to see everything does not want to wait for the end of a connection that lives for days.
    ...(logged === 'all'
      ? { accessLogOptions: { flushAccessLogOnConnected: true, accessLogFlushInterval: duration(ALIVE_MS) } }
      : {}),
  });
}

/** Opaque bytes to the cluster that is named like the dialled address: these two bytes-for-bytes the same for every Service. */
export function dialledTcpProxy(logged: Logged = 'failures'): readonly NetworkFilterInit[] {
  return [
    filter('envoy.filters.network.set_filter_state', NetworkSetFilterStateSchema, {
      onNewConnection: [
        {
          key: { case: 'objectKey', value: 'envoy.tcp_proxy.cluster' },
          value: {
            case: 'formatString',
            value: {
              format: {
                case: 'textFormatSource',
                value: { specifier: { case: 'inlineString', value: DIALLED_ADDRESS } },
              },
            },
          },
        },
      ],
    }),
    // The name is what the filter before says; this one is only there because the field has to be.
    onDemandTcpProxy('dialled', logged),
  ];
}
