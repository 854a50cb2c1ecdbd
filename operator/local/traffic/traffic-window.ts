import { percentile } from './percentile.ts';
import type { TrafficEvent, TrafficKey } from './traffic-event.ts';

/** What is known of the calls from one party to one version of another. */
export interface TrafficRow extends TrafficKey {
  readonly requests: number;
  readonly requestsPerSecond: number;
  /** 0 to 1; undefined without requests. */
  readonly success: number | undefined;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly retries: number;
  /** TCP connections that are open. */
  readonly connections: number;
  /** The caller's SPIFFE ID; `plaintext`; empty while nobody has said. */
  readonly identity: string;
  /** Requests that policies refused, and the policy that refused last within the window. */
  readonly denials: number;
  readonly denied: string;
  /** The policy that would have refused last, were it enforced. */
  readonly wouldDeny: string;
}

interface Second {
  requests: number;
  successes: number;
  retries: number;
  denials: number;
  durations: number[];
}

interface Row {
  readonly key: TrafficKey;
  readonly seconds: Map<number, Second>;
  /** When each open TCP connection was heard of last. */
  readonly connections: Map<string, number>;
  identity: string;
  denied: { readonly policy: string; readonly at: number } | undefined;
  wouldDeny: { readonly policy: string; readonly at: number } | undefined;
  seenAt: number;
}

/** Of more calls a second the first ones stand for all. */
const DURATIONS_A_SECOND = 500;

/** The calls of the last seconds, by who called whom. Times are milliseconds of one clock. */
export class TrafficWindow {
  readonly #lengthMs: number;
  readonly #rows = new Map<string, Row>();
  #since: number | undefined;

  constructor(lengthMs = 10_000) {
    this.#lengthMs = lengthMs;
  }

  /** How much of the window there has been, milliseconds: rates are of this. */
  span(now: number): number {
    return Math.min(this.#lengthMs, Math.max(1000, now - (this.#since ?? now)));
  }

  add(event: TrafficEvent, now: number): void {
    this.#since ??= now;
    const row = this.#row(event.key);
    row.seenAt = now;
    const { denied, identity, wouldDeny } = event;
    if (identity !== undefined) row.identity = identity.kind === 'mtls' ? identity.spiffe : 'plaintext';
    if (denied !== undefined) row.denied = { policy: denied, at: now };
    if (wouldDeny !== undefined) row.wouldDeny = { policy: wouldDeny, at: now };
    if (event.connection?.open === true) row.connections.set(event.connection.id, now);
    else if (event.connection !== undefined) row.connections.delete(event.connection.id);
    count(row, event, Math.floor(now / 1000));
  }

  /** The rows of the window that ends now, sorted by name. What was silent for three windows is left out. */
  rows(now: number): readonly TrafficRow[] {
    const first = Math.floor((now - this.#lengthMs) / 1000);
    const rows: TrafficRow[] = [];
    for (const [key, row] of this.#rows) {
      for (const second of row.seconds.keys()) if (second <= first) row.seconds.delete(second);
      // One whose end nobody told of: its proxy has died.
      for (const [id, heard] of row.connections) if (now - heard > this.#lengthMs) row.connections.delete(id);
      if (now - row.seenAt > 3 * this.#lengthMs) this.#rows.delete(key);
      else rows.push(this.#summary(row, now));
    }
    return rows.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  }

  #summary({ connections, denied, identity, key, seconds, wouldDeny }: Row, now: number): TrafficRow {
    const all = [...seconds.values()];
    const sum = (of: (second: Second) => number): number => all.reduce((total, second) => total + of(second), 0);
    const requests = sum((second) => second.requests);
    const durations = Float64Array.from(all.flatMap((second) => second.durations)).sort();
    const recent = (last: Row['denied']): string =>
      last !== undefined && now - last.at <= this.#lengthMs ? last.policy : '';
    return {
      ...key,
      requests,
      requestsPerSecond: requests / (this.span(now) / 1000),
      success: requests === 0 ? undefined : sum((second) => second.successes) / requests,
      p50: percentile(durations, 0.5),
      p99: percentile(durations, 0.99),
      retries: sum((second) => second.retries),
      connections: connections.size,
      identity,
      denials: sum((second) => second.denials),
      denied: recent(denied),
      wouldDeny: recent(wouldDeny),
    };
  }

  #row(key: TrafficKey): Row {
    const id = sortKey(key);
    const known = this.#rows.get(id);
    if (known !== undefined) return known;
    const row: Row = {
      key,
      seconds: new Map(),
      connections: new Map(),
      identity: '',
      denied: undefined,
      wouldDeny: undefined,
      seenAt: 0,
    };
    this.#rows.set(id, row);
    return row;
  }
}

function count(row: Row, event: TrafficEvent, second: number): void {
  const known = row.seconds.get(second) ?? { requests: 0, successes: 0, retries: 0, denials: 0, durations: [] };
  row.seconds.set(second, known);
  if (event.denied !== undefined) known.denials += 1;
  if (!event.counted) return;
  known.requests += 1;
  if (event.success) known.successes += 1;
  if (event.retried) known.retries += 1;
  if (known.durations.length < DURATIONS_A_SECOND) known.durations.push(event.durationMs);
}

function sortKey({ destination, source, version }: TrafficKey): string {
  return [source, destination, version].join('\n');
}
