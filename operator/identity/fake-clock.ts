import type { CancelTimer, Clock } from '../framework/clock.ts';

interface PendingTimer {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock for tests: time stands still until it is advanced. */
export class FakeClock implements Clock {
  #now: number;
  #set = 0;
  readonly #timers = new Set<PendingTimer>();

  constructor(now = Date.UTC(2027, 0, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now + this.#set;
  }

  monotonic(): number {
    return this.#now;
  }

  setTimeout(callback: () => void, milliseconds: number): CancelTimer {
    const timer: PendingTimer = { at: this.#now + Math.max(milliseconds, 0), callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Sets the wall clock forward or back, as an administrator does: timers keep their delays. */
  set(milliseconds: number): void {
    this.#set += milliseconds;
  }

  /** Moves the time and fires what falls due on the way, in order, each at its own time. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const due = [...this.#timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#timers.delete(due);
      this.#now = due.at;
      due.callback();
    }
    this.#now = end;
  }
}
