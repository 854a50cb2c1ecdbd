import { randomUUID } from 'node:crypto';
import { keyOf, refFromKey } from '../api/object.ts';
import type { BackoffOptions } from '../backoff.ts';
import { type Clock, systemClock } from '../clock.ts';
import { type Logger, silentLogger } from '../log.ts';
import type { Runnable, Stage } from '../manager/runnable.ts';
import { createMetricsRegistry, type MetricsRegistry } from '../metrics.ts';
import { WorkQueue } from '../queue/work-queue.ts';
import { ControllerMetrics } from './controller-metrics.ts';
import { isPanic, type Reconciler, type Request, TerminalError } from './reconcile.ts';
import type { Source } from './source.ts';

/** What a {@link Controller} is made of. */
export interface ControllerOptions {
  /** The name in logs and metrics; unique. */
  readonly name: string;
  readonly reconcile: Reconciler;
  /** Where requests come from; see `watches`. */
  readonly sources: readonly Source[];
  /** How many requests are worked on at the same time. Default: 1. */
  readonly concurrency?: number;
  /** `leader`: only on the replica that leads. `worker`: on every one. Default: `leader`. */
  readonly stage?: Extract<Stage, 'worker' | 'leader'>;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly metrics?: MetricsRegistry;
  readonly backoff?: BackoffOptions;
}

/** Calls a reconciler for every object that its sources tell of, again after failures, and never twice at once for one object. */
export class Controller implements Runnable {
  readonly name: string;
  readonly stage: Stage;
  readonly #options: ControllerOptions;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #registry: MetricsRegistry;
  readonly #metrics: ControllerMetrics;
  #queue: WorkQueue | undefined;

  constructor(options: ControllerOptions) {
    this.name = options.name;
    this.stage = options.stage ?? 'leader';
    this.#options = options;
    this.#registry = options.metrics ?? createMetricsRegistry();
    this.#clock = options.clock ?? systemClock;
    this.#logger = (options.logger ?? silentLogger).child({ controller: this.name });
    this.#metrics = new ControllerMetrics(this.name, this.#registry, this.#concurrency);
  }

  /** Asks for a request from outside of the sources; does nothing while the controller does not run. */
  enqueue(request: Request, after = 0): void {
    this.#queue?.addAfter(keyOf(request), after);
  }

  async run(signal: AbortSignal): Promise<void> {
    const queue = this.#newQueue();
    this.#queue = queue;
    const ends = this.#options.sources.map((source) => {
      return source((request, after = 0) => queue.addAfter(keyOf(request), after));
    });
    const stop = (): void => queue.shutDown();
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    try {
      await Promise.all(Array.from({ length: this.#concurrency }, () => this.#work(queue, signal)));
    } finally {
      signal.removeEventListener('abort', stop);
      for (const end of ends) end();
      this.#queue = undefined;
    }
  }

  get #concurrency(): number {
    return this.#options.concurrency ?? 1;
  }

  #newQueue(): WorkQueue {
    const { backoff } = this.#options;
    return new WorkQueue({
      name: this.name,
      clock: this.#clock,
      metrics: this.#registry,
      ...(backoff === undefined ? {} : { backoff }),
    });
  }

  async #work(queue: WorkQueue, signal: AbortSignal): Promise<void> {
    for (let key = await queue.take(); key !== undefined; key = await queue.take()) {
      await this.#reconcile(key, queue, signal);
      queue.done(key);
    }
  }

  async #reconcile(key: string, queue: WorkQueue, signal: AbortSignal): Promise<void> {
    const request = refFromKey(key);
    const logger = this.#logger.child({ ...request, reconcileID: randomUUID() });
    const began = this.#clock.monotonic();
    this.#metrics.began();
    try {
      const result = await this.#options.reconcile(request, { logger, clock: this.#clock, signal });
      queue.forget(key);
      if (result.kind === 'requeue') queue.addAfter(key, result.after);
      this.#metrics.ended(result.kind === 'requeue' ? 'requeue_after' : 'success', this.#secondsSince(began));
      logger.debug('reconciled', { result: result.kind });
    } catch (thrown) {
      this.#metrics.ended('error', this.#secondsSince(began));
      this.#failed(thrown, key, queue, logger, signal);
    }
  }

  #failed(thrown: unknown, key: string, queue: WorkQueue, logger: Logger, signal: AbortSignal): void {
    if (signal.aborted) return logger.debug('the reconcile was cut short by the stop', { error: thrown });
    if (thrown instanceof TerminalError) {
      this.#metrics.terminalErrors.inc();
      queue.forget(key);
      return logger.error('the reconcile failed for good', { error: thrown });
    }
    if (isPanic(thrown)) this.#metrics.panics.inc();
    const failures = queue.failuresOf(key) + 1;
    queue.addRateLimited(key);
    logger.error('the reconcile failed and will be tried again', { error: thrown, failures });
  }

  #secondsSince(began: number): number {
    return (this.#clock.monotonic() - began) / 1000;
  }
}
