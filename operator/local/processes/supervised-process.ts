import { type Clock, sleep } from '../../framework/clock.ts';
import { type Child, type ChildExit, type ChildOptions, startChild } from './child-process.ts';
import type { ProcessJournal } from './process-journal.ts';
import { nextRestart } from './restart-delay.ts';
import type { Watchdog } from './watchdog.ts';

/** What all processes of a run share. */
export interface Supervision {
  readonly clock: Clock;
  readonly watchdog: Pick<Watchdog, 'add' | 'remove'>;
  readonly journal: Pick<ProcessJournal, 'add' | 'remove'>;
}

/** What is told of a process. */
export type ProcessEvent =
  | { readonly kind: 'started'; readonly pid: number; readonly restarts: number }
  | { readonly kind: 'ended'; readonly exit: ChildExit; readonly restartInMs: number }
  /** The command could not be run at all. */
  | { readonly kind: 'failed'; readonly message: string; readonly restartInMs: number };

/** A process that is started again whenever it ends, until it is stopped. */
export class SupervisedProcess {
  readonly #options: ChildOptions;
  readonly #supervision: Supervision;
  readonly #onEvent: (event: ProcessEvent) => void;
  readonly #abort = new AbortController();
  readonly #done: Promise<void>;
  #child: Child | undefined;
  #graceMs = 0;

  /** Starts at once. `onEvent` must not throw. */
  constructor(options: ChildOptions, supervision: Supervision, onEvent: (event: ProcessEvent) => void) {
    this.#options = options;
    this.#supervision = supervision;
    this.#onEvent = onEvent;
    this.#done = this.#run();
  }

  /** The id of the process while one runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Ends the process: SIGTERM, and SIGKILL after so many milliseconds. Nothing starts again. */
  async stop(graceMs: number): Promise<void> {
    this.#graceMs = graceMs;
    this.#abort.abort();
    await this.#child?.stop(graceMs);
    await this.#done;
  }

  async #run(): Promise<void> {
    const { clock } = this.#supervision;
    const { signal } = this.#abort;
    let failures = 0;
    for (let restarts = 0; !signal.aborted; restarts += 1) {
      const started = clock.monotonic();
      const outcome = await this.#once(restarts);
      const restart = nextRestart(failures, clock.monotonic() - started);
      failures = restart.failures;
      if (signal.aborted) return;
      this.#onEvent({ ...outcome, restartInMs: restart.delayMs });
      await sleep(clock, restart.delayMs, signal);
    }
  }

  async #once(restarts: number): Promise<{ kind: 'ended'; exit: ChildExit } | { kind: 'failed'; message: string }> {
    const { watchdog, journal } = this.#supervision;
    let child: Child;
    try {
      child = await startChild(this.#options);
    } catch (error) {
      return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
    }
    watchdog.add(child.pid);
    this.#child = child;
    await journal.add(child.pid);
    // It was stopped while it started.
    if (this.#abort.signal.aborted) void child.stop(this.#graceMs);
    else this.#onEvent({ kind: 'started', pid: child.pid, restarts });
    const exit = await child.exited;
    this.#child = undefined;
    watchdog.remove(child.pid);
    journal.remove(child.pid);
    return { kind: 'ended', exit };
  }
}

/** How a process ended, in words. */
export function describeExit({ exitCode, signal }: ChildExit): string {
  return signal === null ? `exit code ${exitCode ?? '?'}` : `signal ${signal}`;
}
