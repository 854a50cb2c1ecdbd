import { type Clock, sleep } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { Runnable } from './runnable.ts';

/** The runnables of one stage while they run. */
export class StageGroup {
  readonly #controller = new AbortController();
  readonly #running = new Map<Runnable, Promise<void>>();
  readonly #logger: Logger;
  readonly #fail: (error: Error) => void;

  /** `fail` is told when a runnable ends before it was stopped. */
  constructor(logger: Logger, fail: (error: Error) => void) {
    this.#logger = logger;
    this.#fail = fail;
  }

  /** Starts these runnables; resolves when those of later stages may start, or when the signal aborts. */
  async start(runnables: readonly Runnable[], signal: AbortSignal): Promise<void> {
    for (const runnable of runnables) this.#running.set(runnable, this.#run(runnable));
    const started = Promise.all(runnables.map((runnable) => runnable.started?.() ?? Promise.resolve()));
    await Promise.race([started, aborted(signal)]);
  }

  /** Stops all of them; resolves with the names of those that still run after `timeout` milliseconds. */
  async stop(clock: Clock, timeout: number): Promise<string[]> {
    this.#controller.abort(new Error('the manager stops'));
    const done = new AbortController();
    const all = Promise.all(this.#running.values()).then(() => done.abort());
    await Promise.race([all, sleep(clock, timeout, done.signal)]);
    return [...this.#running.keys()].map((runnable) => runnable.name);
  }

  async #run(runnable: Runnable): Promise<void> {
    const { name } = runnable;
    this.#logger.debug('started', { runnable: name });
    let failure: Error | undefined;
    try {
      await runnable.run(this.#controller.signal);
      if (!this.#controller.signal.aborted) failure = new Error(`${name} ended by itself`);
    } catch (cause) {
      if (!this.#controller.signal.aborted) failure = new Error(`${name} failed`, { cause });
      else this.#logger.warn('failed while it stopped', { runnable: name, error: cause });
    }
    this.#running.delete(runnable);
    if (failure === undefined) this.#logger.debug('stopped', { runnable: name });
    else this.#fail(failure);
  }
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
