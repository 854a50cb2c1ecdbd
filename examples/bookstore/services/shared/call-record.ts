/** One call from one service to another, as the caller saw it. */
export interface CallRecord {
  readonly source: string;
  readonly destination: string;
  readonly protocol: 'http' | 'grpc' | 'tcp';
  /** What was asked for, as in `GET /books/1`. */
  readonly operation: string;
  readonly ok: boolean;
  /** Refused by a policy, not failed. */
  readonly denied: boolean;
  /** HTTP status, gRPC status or, for TCP, 0; -1 when there was no answer. */
  readonly status: number;
  readonly durationMs: number;
  /** Version and pod that answered. */
  readonly version: string | null;
  readonly pod: string | null;
  /** SPIFFE ID that the destination saw: the caller's, over mutual TLS. */
  readonly identity: string | null;
  /** What went wrong. */
  readonly detail?: string;
}

/** What a destination says of itself in its answer. */
export interface Served {
  readonly version?: string;
  readonly pod?: string;
  readonly peer?: string | null;
}

/** What the caller knows before the call. */
export interface CallTarget {
  readonly source: string;
  readonly destination: string;
  readonly protocol: CallRecord['protocol'];
  readonly operation: string;
}

/** How a call ended. */
export interface CallOutcome {
  readonly ok: boolean;
  readonly denied?: boolean;
  readonly status: number;
  readonly served?: Served;
  readonly detail?: string;
}

/** The record of a call that began at `startedAt` (of `performance.now()`) and ends now. */
export function recordOf(target: CallTarget, startedAt: number, outcome: CallOutcome): CallRecord {
  const { served = {}, detail } = outcome;
  return {
    ...target,
    ok: outcome.ok,
    denied: outcome.denied ?? false,
    status: outcome.status,
    durationMs: Math.round((performance.now() - startedAt) * 100) / 100,
    version: served.version ?? null,
    pod: served.pod ?? null,
    identity: served.peer ?? null,
    ...(detail === undefined ? {} : { detail }),
  };
}
