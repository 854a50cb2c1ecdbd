import { type Clock, systemClock } from '../clock.ts';
import { type Logger, silentLogger } from '../log.ts';
import type { LeaderElection } from './leader-election.ts';
import type { Runnable, Stage } from './runnable.ts';
import { aborted, StageGroup } from './stage-group.ts';

/** What a {@link Manager} can be told. */
export interface ManagerOptions {
  /** Without one this replica always leads. */
  readonly election?: LeaderElection;
  /** Milliseconds that each stage has for its stop. Default: 20,000. */
  readonly stopTimeout?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** Runs what an operator is made of: in the order of the stages, the last one only while this replica leads. */
export class Manager {
  readonly #options: ManagerOptions;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #runnables: Runnable[] = [];
  readonly #stop = new AbortController();
  #failure: Error | undefined;
  #isReady = false;
  #isLeading = false;
  #hasRun = false;

  constructor(options: ManagerOptions = {}) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#logger = options.logger ?? silentLogger;
  }

  /** Adds what is to be run; before `run`. */
  add(...runnables: readonly Runnable[]): this {
    if (this.#hasRun) throw new Error('runnables must be added before the manager runs');
    this.#runnables.push(...runnables);
    return this;
  }

  /** Whether the servers answer, the caches are in sync and the workers run. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Whether the stage `leader` runs here. */
  get isLeading(): boolean {
    return this.#isLeading;
  }

  /**
   * Runs everything until the signal aborts, then stops it in the reverse order. Rejects with the failure of what ended by
   * itself, after the stop, or when something does not stop in time.
   */
  async run(signal: AbortSignal): Promise<void> {
    if (this.#hasRun) throw new Error('a manager runs once');
    this.#hasRun = true;
    const stop = (): void => this.#stop.abort();
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    const groups: StageGroup[] = [];
    try {
      for (const stage of ['server', 'cache', 'worker'] as const) {
        if (this.#stop.signal.aborted) break;
        const group = this.#newGroup();
        groups.unshift(group);
        await group.start(this.#ofStage(stage), this.#stop.signal);
      }
      this.#isReady = !this.#stop.signal.aborted;
      if (this.#isReady) await this.#lead();
    } finally {
      signal.removeEventListener('abort', stop);
      this.#isReady = false;
      for (const group of groups) await this.#stopGroup(group);
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Leads whenever it may, until the stop. */
  async #lead(): Promise<void> {
    const { election } = this.#options;
    const { signal } = this.#stop;
    if (election === undefined) return this.#leadUntil(signal);
    while (!signal.aborted) {
      const leadership = await election.acquire(signal);
      if (leadership === undefined) return;
      const renewal = new AbortController();
      const renewing = election.renew(leadership, renewal.signal);
      await this.#leadUntil(AbortSignal.any([signal, leadership.signal]));
      // Renewed until nothing writes any more: only then may another replica begin.
      renewal.abort();
      await renewing;
      await election.release();
    }
  }

  async #leadUntil(signal: AbortSignal): Promise<void> {
    const group = this.#newGroup();
    this.#isLeading = true;
    await group.start(this.#ofStage('leader'), signal);
    await aborted(signal);
    this.#isLeading = false;
    await this.#stopGroup(group);
  }

  #newGroup(): StageGroup {
    return new StageGroup(this.#logger, (error) => this.#fail(error));
  }

  async #stopGroup(group: StageGroup): Promise<void> {
    const late = await group.stop(this.#clock, this.#options.stopTimeout ?? 20_000);
    if (late.length > 0) this.#fail(new Error(`did not stop in time: ${late.join(', ')}`));
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#logger.error('the manager stops because of a failure', { error });
    this.#stop.abort();
  }

  #ofStage(stage: Stage): Runnable[] {
    return this.#runnables.filter((runnable) => runnable.stage === stage);
  }
}
