import type { CancelTimer, Clock } from '../../framework/index.ts';

/** What {@link Returning} works with. */
export interface ReturningOptions {
  readonly clock: Clock;
  /** For so long proxies are waited for. Milliseconds; 0: not at all. */
  readonly graceMs: number;
  /** The proxies that there should be. */
  readonly expected: () => Iterable<string>;
  /** Whether a proxy is connected and has what it asked for. */
  readonly isBack: (proxy: string) => boolean;
  /** All are back, or were waited for long enough. */
  readonly over: () => void;
}

const LOOK_MS = 100;

/**
 * The time after a start, or after another replica led, in which proxies come back: that one is not there yet does not mean
 * that it is gone.
 */
export class Returning {
  readonly #options: ReturningOptions;
  readonly #missing = new Set<string>();
  #until = 0;
  #cancel: CancelTimer | undefined;

  constructor(options: ReturningOptions) {
    this.#options = options;
  }

  /** Whether proxies are still waited for. */
  get isUnderWay(): boolean {
    return this.#cancel !== undefined;
  }

  /** Waits for all proxies that there should be now. */
  begin(): void {
    const { clock, expected, graceMs } = this.#options;
    this.close();
    this.#missing.clear();
    for (const proxy of expected()) this.#missing.add(proxy);
    this.#until = clock.monotonic() + graceMs;
    this.#forgetThoseBack();
    if (this.#missing.size > 0 && graceMs > 0) this.#lookLater();
  }

  /** Waits for nobody any more. */
  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #lookLater(): void {
    this.#cancel = this.#options.clock.setTimeout(() => {
      this.#forgetThoseBack();
      if (this.#missing.size > 0 && this.#options.clock.monotonic() < this.#until) return this.#lookLater();
      this.#cancel = undefined;
      this.#options.over();
    }, LOOK_MS);
  }

  #forgetThoseBack(): void {
    for (const proxy of this.#missing) if (this.#options.isBack(proxy)) this.#missing.delete(proxy);
  }
}
