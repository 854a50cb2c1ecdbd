/** A request that was sent. */
export interface Sent {
  /** Nanoseconds since 1970. */
  readonly at: number;
  /** Of the answer; 0 when there was none. */
  readonly status: number;
  /** Nanoseconds until it was answered, with what it waited for a connection. */
  readonly latency: number;
}

/** Reads the first three columns of vegeta's CSV, and puts them in the order of their sending. Throws at a line that is something else. */
export function parseSent(csv: string): readonly Sent[] {
  const lines = csv.split('\n').filter((line) => line !== '');
  const sent = lines.map((line): Sent => {
    const [at = Number.NaN, status = Number.NaN, latency = Number.NaN] = line.split(',').map(Number);
    if (Number.isNaN(at + status + latency)) throw new Error(`vegeta wrote a line that is not understood: ${line}`);
    return { at, status, latency };
  });
  return sent.sort((a, b) => a.at - b.at);
}

/** Those that were sent in a span of time, its end not included. */
export function sentBetween(sent: readonly Sent[], from: number, until: number): readonly Sent[] {
  return sent.filter(({ at }) => at >= from && at < until);
}
