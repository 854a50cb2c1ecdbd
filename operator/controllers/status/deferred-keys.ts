import type { CancelTimer, Clock } from '../../framework/index.ts';

/** Tells of keys at once, or after a while if there is no reason to do so before. */
export class DeferredKeys {
  readonly #clock: Clock;
  readonly #afterMs: number;
  readonly #tell: (key: string) => void;
  readonly #later = new Map<string, CancelTimer>();

  constructor(clock: Clock, afterMs: number, tell: (key: string) => void) {
    this.#clock = clock;
    this.#afterMs = afterMs;
    this.#tell = tell;
  }

  /** Tells of it now, and thereby of what was to be told later. */
  now(key: string): void {
    this.#later.get(key)?.();
    this.#later.delete(key);
    this.#tell(key);
  }

  /** Tells of it so long after this was first asked for. */
  later(key: string): void {
    if (this.#later.has(key)) return;
    this.#later.set(
      key,
      this.#clock.setTimeout(() => this.now(key), this.#afterMs),
    );
  }
}
