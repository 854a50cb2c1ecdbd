import type { AccessLogEntry } from './access-log-entry.ts';

/** Who is behind an address. */
export interface Party {
  /** As people call it: the application. */
  readonly name: string;
  readonly namespace: string;
  /** Empty where it has none. */
  readonly version: string;
  /** Whether its proxy tells of its calls itself. */
  readonly meshed: boolean;
  /** Its SPIFFE ID, where it has a proxy. */
  readonly identity?: string;
}

/** What the addresses of the mesh stand for. */
export interface PartyDirectory {
  /** The replica with this address. */
  at(address: string): Party | undefined;
}

/** From whom to whom. */
export interface TrafficKey {
  readonly source: string;
  readonly destination: string;
  readonly version: string;
}

/** What one line of a log adds to the picture. */
export interface TrafficEvent {
  readonly key: TrafficKey;
  /** Whether it is a request of its own: of a call between two proxies the caller's line is, the other only adds to it. */
  readonly counted: boolean;
  /** Of a TCP connection that this line tells of at its caller: which one, and whether it is open after it. */
  readonly connection?: { readonly id: string; readonly open: boolean };
  /** Answered, and not by an error of the server; what a policy refuses is answered as it should be. */
  readonly success: boolean;
  readonly durationMs: number;
  readonly retried: boolean;
  /** The caller, as its certificate says. `plaintext` is known to have had none. */
  readonly identity?: { readonly kind: 'mtls'; readonly spiffe: string } | { readonly kind: 'plaintext' };
  /** The policy that refused it: `deny:bookstore/ratings-readers[rules[0]]`. */
  readonly denied?: string;
  /** The policy that would have refused it, were it enforced. */
  readonly wouldDeny?: string;
}

/** gRPC statuses that are the server's fault: unknown, deadline exceeded, unimplemented, internal, unavailable, data loss. */
const GRPC_FAILURES: ReadonlySet<number> = new Set([2, 4, 12, 13, 14, 15]);

/** What a line of the log of `self` says; undefined when it tells nothing of a call. */
export function trafficEvent(entry: AccessLogEntry, self: Party, parties: PartyDirectory): TrafficEvent | undefined {
  return entry.direction === 'outbound' ? callMade(entry, self, parties) : callTaken(entry, self, parties);
}

function callMade(entry: AccessLogEntry, self: Party, parties: PartyDirectory): TrafficEvent | undefined {
  const answered = entry.upstream === undefined ? undefined : parties.at(addressOf(entry.upstream));
  const destination = answered?.name ?? serviceOf(entry.cluster);
  if (destination === undefined) return undefined;
  const key = { source: self.name, destination, version: answered?.version ?? '' };
  if (entry.subject === 'http') return { key, counted: true, ...outcomeOf(entry) };
  const connected = entry.phase === 'TcpUpstreamConnected';
  const open = connected || entry.phase === 'TcpPeriodic';
  // The server's proxy tells of the caller only at the end; that it showed a certificate means that it asked for one.
  const mutual = entry.upstreamPeer !== undefined && self.identity !== undefined;
  return {
    key,
    counted: connected || entry.flags !== undefined,
    connection: { id: `${entry.source ?? ''} ${entry.upstream ?? ''}`, open },
    ...outcomeOf(entry),
    ...(mutual ? { identity: { kind: 'mtls', spiffe: self.identity } } : {}),
  };
}

function callTaken(entry: AccessLogEntry, self: Party, parties: PartyDirectory): TrafficEvent {
  const caller = entry.source === undefined ? undefined : parties.at(addressOf(entry.source));
  return {
    key: { source: caller?.name ?? OUTSIDE, destination: self.name, version: self.version },
    counted: caller?.meshed !== true,
    ...outcomeOf(entry),
    identity: entry.peer === undefined ? { kind: 'plaintext' } : { kind: 'mtls', spiffe: entry.peer },
  };
}

function outcomeOf(entry: AccessLogEntry): Omit<TrafficEvent, 'key' | 'counted' | 'identity'> {
  const denied = deniedBy(entry.details);
  return {
    success: denied !== undefined || isSuccess(entry),
    durationMs: entry.durationMs ?? 0,
    retried: (entry.attempts ?? 1) > 1,
    ...(denied === undefined ? {} : { denied }),
    ...(entry.dryRun === undefined ? {} : { wouldDeny: entry.dryRun }),
  };
}

/** The source of calls from outside the mesh. */
export const OUTSIDE = 'outside';

/** The policy that a request or a connection was refused by. Envoy writes `_` for blanks, of which names have none. */
export function deniedBy(details: string | undefined): string | undefined {
  return /^rbac_access_denied_matched_policy\[(?<policy>.*)\]$/.exec(details ?? '')?.groups?.['policy'];
}

function isSuccess({ flags, grpcStatus, status, subject }: AccessLogEntry): boolean {
  if (subject !== 'http') return flags === undefined;
  if (grpcStatus !== undefined) return !GRPC_FAILURES.has(grpcStatus);
  return status !== undefined && status > 0 && status < 500;
}

/** `127.8.4.1` of `127.8.4.1:9080`. */
function addressOf(hostAndPort: string): string {
  return hostAndPort.slice(0, hostAndPort.lastIndexOf(':'));
}

/** `reviews` of `bookstore/reviews:9080|version=v1`; nothing of a cluster that is no Service's. */
function serviceOf(cluster: string | undefined): string | undefined {
  return /^[^/:]+\/(?<name>[^/:|]+):\d+/.exec(cluster ?? '')?.groups?.['name'];
}
