import { ApiError, backoffAfter, type Clock, type Logger, sleep } from './framework/index.ts';

const BACKOFF = { base: 500, max: 10_000, jitter: 0.3 };

/** How to wait. */
export interface AwaitOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** Ends the wait. */
  readonly signal: AbortSignal;
}

/**
 * Tries a call until the API server answers; undefined when the signal aborts first. An answer that refuses us is thrown, as it
 * will be the same next time; no answer, or a server in trouble, need not be.
 */
export async function awaitApiServer<T>(
  call: () => Promise<T>,
  { clock, log, signal }: AwaitOptions,
): Promise<T | undefined> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      return await call();
    } catch (thrown) {
      const error = ApiError.from(thrown);
      const isOfTheServer = thrown instanceof ApiError || error.reason === 'Unreachable';
      if (!isOfTheServer || (error.code >= 400 && error.code < 500 && error.code !== 429)) throw thrown;
      if (signal.aborted) break;
      log.warn('the API server cannot be reached and is tried again', { reason: error.reason, error: error.message });
      await sleep(clock, Math.max(backoffAfter(failures, BACKOFF), error.retryAfter ?? 0), signal);
    }
  }
  return undefined;
}
