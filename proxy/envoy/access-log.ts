import { filter } from './extension.ts';
import type { Init } from './init.ts';
import { type AccessLogSchema, StdoutAccessLogSchema } from './proto/index.ts';
import { ALLOWED_PREFIX, AUDIT_PREFIX, DRY_RUN_PREFIX, shadowPolicy } from './rbac/shadow.ts';

export type AccessLogInit = Init<typeof AccessLogSchema>;

export type Direction = 'inbound' | 'outbound';

/** Everything, or only what this proxy itself had to say about a request or a connection (Envoy's response flags). */
export type Logged = 'all' | 'failures';

/** Whose connections: requests on them, the connection as a whole, or those that no filter chain wanted. */
export type LogSubject = 'http' | 'tcp' | 'refused';

/** One line of JSON on standard output for each request or connection; keys without a value are left out. */
export function accessLog(direction: Direction, subject: LogSubject, logged: Logged = 'all'): AccessLogInit {
  const log = filter('envoy.access_loggers.stdout', StdoutAccessLogSchema, {
    accessLogFormat: {
      case: 'logFormat',
      value: {
        format: { case: 'jsonFormat', value: { direction, subject, ...CONNECTION, ...SUBJECT[subject] } },
        omitEmptyValues: true,
      },
    },
  });
  const flags = subject === 'refused' ? ['NR'] : [];
  if (subject !== 'refused' && logged === 'all') return log;
  return { ...log, filter: { filterSpecifier: { case: 'responseFlagFilter', value: { flags } } } };
}

const CONNECTION = {
  time: '%START_TIME%',
  source: '%DOWNSTREAM_DIRECT_REMOTE_ADDRESS%',
  destination: '%DOWNSTREAM_LOCAL_ADDRESS%',
  peer: '%DOWNSTREAM_PEER_URI_SAN%',
  local: '%DOWNSTREAM_LOCAL_URI_SAN%',
  serverName: '%REQUESTED_SERVER_NAME%',
  tlsFailure: '%DOWNSTREAM_TRANSPORT_FAILURE_REASON%',
  flags: '%RESPONSE_FLAGS%',
  durationMs: '%DURATION%',
};

const UPSTREAM = {
  cluster: '%UPSTREAM_CLUSTER_RAW%',
  upstream: '%UPSTREAM_HOST%',
  upstreamPeer: '%UPSTREAM_PEER_URI_SAN%',
  upstreamFailure: '%UPSTREAM_TRANSPORT_FAILURE_REASON%',
  bytesIn: '%BYTES_RECEIVED%',
  bytesOut: '%BYTES_SENT%',
};

/** The authorization policies that would have decided, that allowed, and that audit: `allow:bookstore/readers[rules[0]]`. */
function policies(filterKind: 'http' | 'network') {
  return {
    dryRun: shadowPolicy(filterKind, DRY_RUN_PREFIX),
    allowedBy: shadowPolicy(filterKind, ALLOWED_PREFIX),
    audit: shadowPolicy(filterKind, AUDIT_PREFIX),
  };
}

const SUBJECT: Record<LogSubject, Record<string, string>> = {
  http: {
    ...UPSTREAM,
    ...policies('http'),
    method: '%REQ(:METHOD)%',
    path: '%PATH(NQ:PATH)%',
    authority: '%REQ(:AUTHORITY)%',
    protocol: '%PROTOCOL%',
    status: '%RESPONSE_CODE%',
    grpcStatus: '%GRPC_STATUS_NUMBER%',
    details: '%RESPONSE_CODE_DETAILS%',
    attempts: '%UPSTREAM_REQUEST_ATTEMPT_COUNT%',
    requestId: '%REQ(X-REQUEST-ID)%',
  },
  // `phase`: TcpUpstreamConnected and TcpPeriodic while the connection lives, where they are asked for, TcpConnectionEnd after.
  tcp: {
    ...UPSTREAM,
    ...policies('network'),
    details: '%CONNECTION_TERMINATION_DETAILS%',
    phase: '%ACCESS_LOG_TYPE%',
  },
  refused: { details: '%CONNECTION_TERMINATION_DETAILS%' },
};
