import { type BackoffOptions, backoffAfter } from '../backoff.ts';
import { type CancelTimer, type Clock, systemClock } from '../clock.ts';
import { createMetricsRegistry, type MetricsRegistry } from '../metrics.ts';
import { QueueMetrics } from './queue-metrics.ts';

/** What a {@link WorkQueue} can be told. */
export interface WorkQueueOptions {
  /** The name in the metrics. */
  readonly name: string;
  readonly clock?: Clock;
  readonly metrics?: MetricsRegistry;
  /** The wait before a retry, by the failures of that item in a row. Default: 5 ms doubling up to 5 minutes. */
  readonly backoff?: BackoffOptions;
}

interface Delayed {
  readonly due: number;
  readonly cancel: CancelTimer;
}

const DEFAULT_BACKOFF: BackoffOptions = { base: 5, max: 300_000, jitter: 0.2 };

/**
 * The queue between events and workers, as client-go has it: an item waits at most once, is never worked on twice at the
 * same time, and comes again after `done` when it was added meanwhile. Items are keys.
 */
export class WorkQueue {
  readonly #clock: Clock;
  readonly #backoff: BackoffOptions;
  readonly #metrics: QueueMetrics;
  /** Waiting items in their order, with the time they were added. */
  readonly #waiting = new Map<string, number>();
  /** Items being worked on, with the time that began. */
  readonly #active = new Map<string, number>();
  readonly #againWhenDone = new Map<string, number>();
  readonly #delayed = new Map<string, Delayed>();
  readonly #failures = new Map<string, number>();
  readonly #takers: ((item: string | undefined) => void)[] = [];
  #isShutDown = false;

  constructor(options: WorkQueueOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#backoff = options.backoff ?? DEFAULT_BACKOFF;
    this.#metrics = new QueueMetrics(options.name, options.metrics ?? createMetricsRegistry(), () => ({
      depth: this.#waiting.size,
      active: [...this.#active.values()].map((since) => (this.#clock.monotonic() - since) / 1000),
    }));
  }

  /** How many items wait to be worked on; delayed ones do not count. */
  get depth(): number {
    return this.#waiting.size;
  }

  /** Puts an item in, unless it waits already. */
  add(item: string): void {
    if (this.#isShutDown || this.#waiting.has(item) || this.#againWhenDone.has(item)) return;
    this.#metrics.added();
    const now = this.#clock.monotonic();
    if (this.#active.has(item)) return void this.#againWhenDone.set(item, now);
    this.#put(item, now);
  }

  /** Puts an item in after so many milliseconds; of two delays the earlier one counts. */
  addAfter(item: string, milliseconds: number): void {
    if (this.#isShutDown) return;
    if (milliseconds <= 0) return this.add(item);
    const due = this.#clock.monotonic() + milliseconds;
    const known = this.#delayed.get(item);
    if (known !== undefined && known.due <= due) return;
    known?.cancel();
    const cancel = this.#clock.setTimeout(() => {
      this.#delayed.delete(item);
      this.add(item);
    }, milliseconds);
    this.#delayed.set(item, { due, cancel });
  }

  /** Puts an item in after its back-off, which grows until it is forgotten. */
  addRateLimited(item: string): void {
    const failures = this.#failures.get(item) ?? 0;
    this.#failures.set(item, failures + 1);
    this.#metrics.retried();
    this.addAfter(item, backoffAfter(failures, this.#backoff));
  }

  /** Ends the back-off of an item: its next failure is its first. */
  forget(item: string): void {
    this.#failures.delete(item);
  }

  /** How often an item failed in a row. */
  failuresOf(item: string): number {
    return this.#failures.get(item) ?? 0;
  }

  /** The next item, when there is one; `undefined` once the queue is shut down. Call `done` with it afterwards. */
  take(): Promise<string | undefined> {
    if (this.#isShutDown) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#takers.push(resolve);
      this.#dispatch();
    });
  }

  /** Says that the work on an item has ended, well or not. */
  done(item: string): void {
    const began = this.#active.get(item);
    if (began === undefined) return;
    this.#active.delete(item);
    this.#metrics.worked((this.#clock.monotonic() - began) / 1000);
    const again = this.#againWhenDone.get(item);
    this.#againWhenDone.delete(item);
    if (again !== undefined && !this.#isShutDown) this.#put(item, again);
  }

  /** Takes nothing in any more, drops what waits, and sends all takers home. */
  shutDown(): void {
    this.#isShutDown = true;
    this.#waiting.clear();
    for (const { cancel } of this.#delayed.values()) cancel();
    this.#delayed.clear();
    for (const taker of this.#takers.splice(0)) taker(undefined);
  }

  #put(item: string, since: number): void {
    this.#waiting.set(item, since);
    // Not at once: an item that is added twice in one go is to be worked on once.
    queueMicrotask(() => this.#dispatch());
  }

  #dispatch(): void {
    for (const [item, since] of this.#waiting) {
      const taker = this.#takers.shift();
      if (taker === undefined) return;
      this.#waiting.delete(item);
      const now = this.#clock.monotonic();
      this.#active.set(item, now);
      this.#metrics.taken((now - since) / 1000);
      taker(item);
    }
  }
}
