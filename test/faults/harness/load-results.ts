/** One request of a load, as it ended. */
export interface Sent {
  /** When it was sent: milliseconds since 1970. */
  readonly at: number;
  readonly milliseconds: number;
  /** 0 when there was no answer. */
  readonly status: number;
  /** Why it failed, without what differs between requests; undefined when it was answered with 2xx. */
  readonly reason?: string;
  /** The beginning of the answer's body. */
  readonly body: string;
  readonly url: string;
}

/** What became of requests. */
export interface LoadResult {
  readonly sent: number;
  readonly succeeded: number;
  readonly failed: number;
  /** How often each reason was given. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Of those that succeeded, in milliseconds. */
  readonly latency: { readonly p50: number; readonly p99: number; readonly max: number };
  /** All of them, by the time when they were sent. */
  readonly requests: readonly Sent[];
}

/** A line of `vegeta encode -to json`. */
interface Line {
  readonly code: number;
  readonly timestamp: string;
  /** Nanoseconds. */
  readonly latency: number;
  readonly error: string;
  /** Base64. */
  readonly body: string | null;
  readonly url: string;
}

/** Reads a line of `vegeta encode -to json`. */
export function sentOf(line: string): Sent {
  const { code, timestamp, latency, error, body, url } = JSON.parse(line) as Line;
  const answer = Buffer.from(body ?? '', 'base64').toString('utf8');
  const sent = { at: Date.parse(timestamp), milliseconds: latency / 1e6, status: code, body: answer, url };
  if (code >= 200 && code < 300 && error === '') return sent;
  return { ...sent, reason: code === 0 ? connectionReason(error) : `${code} ${oneLine(answer)}`.trim() };
}

/** What became of the requests that were sent in a span of time: from `from`, before `until`. */
export function resultOf(requests: readonly Sent[], from = -Infinity, until = Infinity): LoadResult {
  const chosen = requests.filter(({ at }) => at >= from && at < until).toSorted((a, b) => a.at - b.at);
  const reasons = new Map<string, number>();
  for (const { reason } of chosen) if (reason !== undefined) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  const failed = chosen.filter(({ reason }) => reason !== undefined).length;
  const times = chosen.flatMap(({ reason, milliseconds }) => (reason === undefined ? [milliseconds] : []));
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  const latency = { p50: at(0.5), p99: at(0.99), max: times.at(-1) ?? 0 };
  const succeeded = chosen.length - failed;
  return { sent: chosen.length, succeeded, failed, reasons: Object.fromEntries(reasons), latency, requests: chosen };
}

/** Several loads as one. */
export function together(results: readonly LoadResult[]): LoadResult {
  return resultOf(results.flatMap(({ requests }) => requests));
}

/** `Post "http://10.0.0.1:80/": read tcp 10.244.3.2:41122->10.0.0.1:80: read: connection reset by peer`, without addresses. */
function connectionReason(error: string): string {
  const what = error.replace(/^\w+ "[^"]*": /, '').replaceAll(/ [^ ]*->[^ ]*:\d+/g, '');
  return oneLine(what) || 'no answer';
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, 160);
}
