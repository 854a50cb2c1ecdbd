import type { Clock } from './clock.ts';

/** Rings once, at the earliest of the times that it was set to, and then waits to be set again. */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #at = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | undefined;
  #stopped = false;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** Rings at a monotonic time in milliseconds, or earlier. */
  set(at: number): void {
    if (at >= this.#at || this.#stopped) return;
    this.#cancel?.();
    this.#at = at;
    const ring = (): void => {
      this.#at = Number.POSITIVE_INFINITY;
      this.#ring();
    };
    this.#cancel = this.#clock.setTimeout(ring, Math.max(0, at - this.#clock.monotonic()));
  }

  /** Rings no more. */
  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }
}
