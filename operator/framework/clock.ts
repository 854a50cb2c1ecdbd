/** Stops a timer; harmless when it has fired. */
export type CancelTimer = () => void;

/** Time, injected wherever it is read so that tests need no sleeps. */
export interface Clock {
  /** Wall-clock time in milliseconds since the epoch; may jump. */
  now(): number;
  /** Milliseconds since some fixed point; never goes back. */
  monotonic(): number;
  /** Calls back once after so many milliseconds. */
  setTimeout(callback: () => void, milliseconds: number): CancelTimer;
}

/** The machine's own clock. Its timers keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (callback, milliseconds) => {
    // Node fires timers beyond 2^31-1 ms at once.
    const timer = setTimeout(callback, Math.min(Math.max(milliseconds, 0), 2_147_483_647));
    return () => clearTimeout(timer);
  },
};

/** Resolves after so many milliseconds; at once, without an error, when the signal aborts. */
export function sleep(clock: Clock, milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const finish = (): void => {
      cancel();
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const cancel = clock.setTimeout(finish, milliseconds);
    signal?.addEventListener('abort', finish);
  });
}

/** A wall-clock time as `metav1.Time` writes it (whole seconds). */
export function rfc3339(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** A wall-clock time as `metav1.MicroTime` writes it. */
export function rfc3339Micro(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '000Z');
}
