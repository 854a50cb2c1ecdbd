import type { CancelTimer, Clock } from '../../framework/index.ts';

/** Collects keys and tells of them together, at most so often. */
export class BatchedKeys {
  readonly #clock: Clock;
  readonly #everyMs: number;
  readonly #tell: (keys: ReadonlySet<string>) => void;
  #keys = new Set<string>();
  #cancel: CancelTimer | undefined;

  constructor(clock: Clock, everyMs: number, tell: (keys: ReadonlySet<string>) => void) {
    this.#clock = clock;
    this.#everyMs = everyMs;
    this.#tell = tell;
  }

  add(key: string): void {
    this.#keys.add(key);
    this.#cancel ??= this.#clock.setTimeout(() => {
      const keys = this.#keys;
      this.#keys = new Set();
      this.#cancel = undefined;
      this.#tell(keys);
    }, this.#everyMs);
  }

  /** Tells of nothing more. */
  close(): void {
    this.#cancel?.();
  }
}
