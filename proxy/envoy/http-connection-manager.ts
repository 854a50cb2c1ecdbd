import { type AccessLogInit, accessLog, type Direction, type Logged } from './access-log.ts';
import { ads } from './config-source.ts';
import { extension, filter } from './extension.ts';
import type { Init } from './init.ts';
import { unansweredReply } from './local-reply.ts';
import { DIALLED_HEADER, INTERNAL_HEADER_PREFIX } from './names.ts';
import {
  CustomHeaderConfigSchema,
  duration,
  EarlyHeaderMutationSchema,
  type FilterSchema,
  type HeaderMutationSchema,
  HeaderValueOption_HeaderAppendAction,
  HTTPFaultSchema,
  HttpConnectionManager_ForwardClientCertDetails,
  HttpConnectionManager_PathWithEscapedSlashesAction,
  HttpConnectionManager_ServerHeaderTransformation,
  HttpConnectionManagerSchema,
  OnDemandSchema,
  RouterSchema,
} from './proto/index.ts';
import { httpRbacFilters } from './rbac/http-rbac.ts';

type HcmInit = Init<typeof HttpConnectionManagerSchema>;
export type NetworkFilterInit = Init<typeof FilterSchema>;

/** The name under which routes configure faults. */
export const FAULT_FILTER = 'dot-kube.fault';

/** The address that the caller dialled: where the connection says so after redirection, or a fixed one. */
export const DIALLED_ADDRESS = '%DOWNSTREAM_LOCAL_ADDRESS%';

/** Bounds what a request may wait for its scope, its route or its cluster, none of which Envoy bounds by itself: a first call fails within 2 s. */
export const ON_DEMAND_MS = 1500;

/** Where an outbound request's route is looked for. */
export type OutboundRoutes =
  /** By the dialled address: a scope, which names a route configuration. */
  { readonly kind: 'by-address' } | { readonly kind: 'named'; readonly name: string };

/** HTTP of the callers in the proxy's own pod. */
export function outboundHttp(
  routes: OutboundRoutes,
  options: { readonly dialled?: string; readonly logged?: Logged } = {},
): NetworkFilterInit {
  return connectionManager('outbound', options.logged ?? 'failures', {
    routeSpecifier: routes.kind === 'named' ? { case: 'rds', value: rds(routes.name) } : scopedRoutes(),
    earlyHeaderMutationExtensions: [earlyMutations([setDialled(options.dialled ?? DIALLED_ADDRESS)])],
    httpFilters: [
      filter('envoy.filters.http.on_demand', OnDemandSchema, {
        odcds: { source: ads(), timeout: duration(ON_DEMAND_MS) },
      }),
      router(),
    ],
    // Holds until there is a route, which has its own limit.
    streamIdleTimeout: duration(ON_DEMAND_MS),
    localReplyConfig: unansweredReply(ON_DEMAND_MS),
    forwardClientCertDetails: HttpConnectionManager_ForwardClientCertDetails.SANITIZE,
  });
}

/** HTTP of other pods' callers, with the decisions that the route configuration of that name holds. */
export function inboundHttp(routeName: string): NetworkFilterInit {
  return connectionManager('inbound', 'all', {
    routeSpecifier: { case: 'rds', value: rds(routeName) },
    earlyHeaderMutationExtensions: [earlyMutations([])],
    httpFilters: [...httpRbacFilters(), filter(FAULT_FILTER, HTTPFaultSchema), router()],
    forwardClientCertDetails: HttpConnectionManager_ForwardClientCertDetails.SANITIZE_SET,
    setCurrentClientCertDetails: { uri: true },
    // What authorization sees is what the application gets.
    normalizePath: true,
    mergeSlashes: true,
    pathWithEscapedSlashesAction: HttpConnectionManager_PathWithEscapedSlashesAction.UNESCAPE_AND_FORWARD,
  });
}

function connectionManager(direction: Direction, logged: Logged, init: HcmInit): NetworkFilterInit {
  const log: AccessLogInit = accessLog(direction, 'http', logged);
  return filter('envoy.filters.network.http_connection_manager', HttpConnectionManagerSchema, {
    statPrefix: direction,
    ...init,
    accessLog: [log],
    upgradeConfigs: [{ upgradeType: 'websocket' }],
    httpProtocolOptions: { acceptHttp10: true, defaultHostForHttp10: 'localhost' },
    serverHeaderTransformation: HttpConnectionManager_ServerHeaderTransformation.PASS_THROUGH,
    generateRequestId: false,
    preserveExternalRequestId: true,
    // Nobody is internal, so that Envoy's own headers are taken from nobody.
    internalAddressConfig: {},
    // The peer is the peer, whatever x-forwarded-for says; and x-forwarded-* stay as the application wrote them.
    useRemoteAddress: false,
    originalIpDetectionExtensions: [noAddressFromHeaders()],
  });
}

function rds(routeConfigName: string) {
  return { routeConfigName, configSource: ads() };
}

function scopedRoutes(): NonNullable<HcmInit['routeSpecifier']> {
  return {
    case: 'scopedRoutes',
    value: {
      name: 'outbound',
      scopeKeyBuilder: {
        fragments: [
          {
            type: {
              case: 'headerValueExtractor',
              value: { name: DIALLED_HEADER, extractType: { case: 'index', value: 0 } },
            },
          },
        ],
      },
      rdsConfigSource: ads(),
      configSpecifier: { case: 'scopedRds', value: { scopedRdsConfigSource: ads() } },
    },
  };
}

function router() {
  return filter('envoy.filters.http.router', RouterSchema, { suppressEnvoyHeaders: true });
}

type MutationInit = Init<typeof HeaderMutationSchema>;

/** Before anything looks at the request, what only proxies may say is removed from it. */
function earlyMutations(added: readonly MutationInit[]) {
  const removed = ['x-envoy-', INTERNAL_HEADER_PREFIX].map(
    (value): MutationInit => ({
      action: { case: 'removeOnMatch', value: { keyMatcher: { matchPattern: { case: 'prefix', value } } } },
    }),
  );
  return extension('envoy.http.early_header_mutation.header_mutation', EarlyHeaderMutationSchema, {
    mutations: [...removed, ...added],
  });
}

function setDialled(value: string): MutationInit {
  return {
    action: {
      case: 'append',
      value: {
        header: { key: DIALLED_HEADER, value },
        appendAction: HeaderValueOption_HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD,
      },
    },
  };
}

/** A header that has just been removed, which leaves the connection's own address. */
function noAddressFromHeaders() {
  return extension('envoy.http.original_ip_detection.custom_header', CustomHeaderConfigSchema, {
    headerName: `${INTERNAL_HEADER_PREFIX}source`,
  });
}
