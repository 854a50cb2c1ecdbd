import type { CancelTimer, Clock } from '../../../operator/framework/index.ts';

/**
 * A clock that goes on with the turns of the event loop: each turn, a millisecond apart at least, is so many milliseconds. The
 * time-outs of every day then take tens of milliseconds, and on a machine that is busy nothing times out that was not slow by itself.
 */
export class TurningClock implements Clock {
  readonly #step: number;
  readonly #due = new Map<number, Set<() => void>>();
  readonly #timer: NodeJS.Timeout;
  #turn = 0;

  /** `step`: milliseconds of a turn. */
  constructor(step: number) {
    this.#step = step;
    this.#timer = setInterval(() => this.#next(), 1);
  }

  now(): number {
    return Date.UTC(2026, 0, 1) + this.monotonic();
  }

  monotonic(): number {
    return this.#turn * this.#step;
  }

  setTimeout(callback: () => void, milliseconds: number): CancelTimer {
    const turn = this.#turn + Math.max(1, Math.ceil(milliseconds / this.#step));
    const due = this.#due.get(turn) ?? new Set();
    const run = (): void => callback();
    this.#due.set(turn, due.add(run));
    return () => {
      due.delete(run);
      if (due.size === 0) this.#due.delete(turn);
    };
  }

  /** It stands still from here on. */
  stop(): void {
    clearInterval(this.#timer);
  }

  #next(): void {
    this.#turn++;
    const due = this.#due.get(this.#turn) ?? [];
    this.#due.delete(this.#turn);
    for (const callback of due) callback();
  }
}
