import { ApiError } from '../api/api-error.ts';
import type { Clock } from '../clock.ts';

/** The reason of the ApiError with which a silent watch is aborted. */
export const STALLED = 'Stalled';

/** One watch: aborts when the watcher stops, and when nothing was heard for too long. */
export class WatchAttempt {
  readonly #clock: Clock;
  readonly #inactivity: number;
  readonly #outer: AbortSignal;
  readonly #controller = new AbortController();
  #cancel: () => void;

  readonly #cancelDeadline: () => void;

  /** `inactivity` and `deadline` are in milliseconds: how long it may be silent, and how long it may take. */
  constructor(clock: Clock, inactivity: number, deadline: number, outer: AbortSignal) {
    this.#clock = clock;
    this.#inactivity = inactivity;
    this.#outer = outer;
    this.#cancel = this.#arm();
    this.#cancelDeadline = clock.setTimeout(() => this.#stalled('the server did not end the watch in time'), deadline);
    // Not AbortSignal.any: the outer signal lives as long as the process and would keep every attempt.
    outer.addEventListener('abort', this.#abort);
    if (outer.aborted) this.#abort();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Something came. */
  heard(): void {
    this.#cancel();
    this.#cancel = this.#arm();
  }

  /** Closes what is left of the watch. */
  end(): void {
    this.#cancel();
    this.#cancelDeadline();
    this.#outer.removeEventListener('abort', this.#abort);
    this.#controller.abort();
  }

  #arm(): () => void {
    const message = `the watch said nothing for ${this.#inactivity} ms`;
    return this.#clock.setTimeout(() => this.#stalled(message), this.#inactivity);
  }

  #stalled(message: string): void {
    this.#controller.abort(new ApiError({ code: 0, reason: STALLED, message }));
  }

  readonly #abort = (): void => this.#controller.abort(this.#outer.reason);
}
