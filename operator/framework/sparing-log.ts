import type { Clock } from './clock.ts';
import type { LogFields } from './log.ts';

/** How many lines in which time. */
export interface Sparing {
  /** Default: 20. */
  readonly lines?: number;
  /** Milliseconds. Default: 10,000. */
  readonly periodMs?: number;
}

/**
 * For lines that strangers can cause: so many in a period, that nobody fills a disk or drowns what matters. The first line of the next
 * period says in `leftOut` how many there were besides.
 */
export function sparingly(
  log: (message: string, fields: LogFields) => void,
  clock: Pick<Clock, 'monotonic'>,
  { lines = 20, periodMs = 10_000 }: Sparing = {},
): (message: string, fields?: LogFields) => void {
  let since = Number.NEGATIVE_INFINITY;
  let written = 0;
  let leftOut = 0;
  return (message, fields = {}) => {
    const now = clock.monotonic();
    if (now - since >= periodMs) {
      since = now;
      written = 0;
    }
    if (written >= lines) {
      leftOut += 1;
      return;
    }
    written += 1;
    log(message, leftOut === 0 ? fields : { ...fields, leftOut });
    leftOut = 0;
  };
}
