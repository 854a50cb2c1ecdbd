import { ApiError, isNotFound } from '../api/api-error.ts';
import type { Api, SelectOptions } from '../api/api.ts';
import type { KubernetesObject } from '../api/object.ts';
import { type ResourceKind, resourceNameOf } from '../api/resource-kind.ts';
import { type BackoffOptions, backoffAfter, spread } from '../backoff.ts';
import { type Clock, sleep, systemClock } from '../clock.ts';
import { type Logger, silentLogger } from '../log.ts';
import { createMetricsRegistry, type MetricsRegistry } from '../metrics.ts';
import type { WatcherOutput, WatcherState } from './state.ts';
import {
  afterError,
  afterEvent,
  afterPage,
  type Belief,
  isVersionTooLarge,
  type KnownObjects,
  type Step,
} from './transitions.ts';
import { STALLED, WatchAttempt } from './watch-attempt.ts';
import { WatchMetrics } from './watch-metrics.ts';

/** When a watcher does what; all in milliseconds but the page size. */
export interface WatchTimings {
  /** Objects in a page. Default: 500. */
  readonly pageSize: number;
  /** The server ends a watch after a time between these. Default: 300,000 to 600,000. */
  readonly watchTimeout: readonly [number, number];
  /** A watch that says nothing for so long, not even a bookmark (one a minute), is taken for dead. Default: 180,000. */
  readonly inactivity: number;
  /** All is listed again after a time between these, whatever the watches say. Default: 2 to 4 hours. */
  readonly resync: readonly [number, number];
  /** After so long without a failure the next one counts as the first. Default: 60,000. */
  readonly healthyAfter: number;
  /** How long to wait before a kind that the server does not know is asked for again. Default: 60,000. */
  readonly absentRetry: number;
  /**
   * A list without (nearly) all that is known, as of a fresh etcd or a wrong server, is believed when it has stayed so for so long.
   * What is deleted while it is watched goes at once. Default: 60,000.
   */
  readonly doubt: number;
  /** Default: 500 ms doubling up to 30 s, half of it at random. */
  readonly backoff: BackoffOptions;
}

/** The timings for a real API server. */
export const DEFAULT_WATCH_TIMINGS: WatchTimings = {
  pageSize: 500,
  watchTimeout: [300_000, 600_000],
  inactivity: 180_000,
  resync: [7_200_000, 14_400_000],
  healthyAfter: 60_000,
  absentRetry: 60_000,
  doubt: 60_000,
  backoff: { base: 500, max: 30_000, jitter: 0.5 },
};

/** So much later than it was asked to, in milliseconds, the server may end a watch. */
const DEADLINE_GRACE = 30_000;

/** What a {@link Watcher} is made of. */
export interface WatcherOptions<T extends KubernetesObject> {
  readonly api: Api;
  readonly kind: ResourceKind<T>;
  readonly select?: Omit<SelectOptions, 'signal'>;
  readonly known: KnownObjects;
  /** Is told what to do to the store, in batches. */
  readonly emit: (outputs: readonly WatcherOutput<T>[]) => void;
  /** Whether there are always objects of the kind: see {@link Belief}. Default: false. */
  readonly neverEmpty?: boolean;
  /** Is told that the server does not know the kind (404). */
  readonly onAbsent?: () => void;
  readonly timings?: Partial<WatchTimings>;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly metrics?: MetricsRegistry;
  /** A number in [0, 1). Default: `Math.random`. */
  readonly random?: () => number;
}

/** Lists and watches one kind for ever, and tells a store of it. The transitions are in `transitions.ts`; this does the I/O. */
export class Watcher<T extends KubernetesObject> {
  readonly #options: WatcherOptions<T>;
  readonly #timings: WatchTimings;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #logger: Logger;
  readonly #metrics: WatchMetrics;
  #state: WatcherState<T> = { kind: 'empty', reason: 'initial' };
  readonly #known: KnownObjects;
  #pending: WatcherOutput<T>[] = [];
  #flushing: NodeJS.Immediate | undefined;
  #failures = 0;
  /** Watches in a row that said nothing until they were taken for dead. */
  #stalls = 0;
  /** Since when nothing has failed; `undefined` until something succeeds after a failure. */
  #healthySince: number | undefined;
  #resyncAt = Number.POSITIVE_INFINITY;
  /** The last version that was seen; lists must not go back behind it. */
  #floor: string | undefined;
  /** Whether the pages of the last list expired before all were read: the next one is asked for in one piece. */
  #isWhole = false;

  constructor(options: WatcherOptions<T>) {
    this.#options = options;
    this.#timings = { ...DEFAULT_WATCH_TIMINGS, ...options.timings };
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    const kind = resourceNameOf(options.kind);
    this.#logger = (options.logger ?? silentLogger).child({ kind });
    this.#metrics = new WatchMetrics(kind, options.metrics ?? createMetricsRegistry(), this.#clock);
    this.#known = {
      size: () => options.known.size(),
      versionOf: (key) => {
        // What was read but not told yet counts too.
        this.#flush();
        return options.known.versionOf(key);
      },
    };
  }

  /** What the watcher is doing. */
  get state(): WatcherState<T> {
    return this.#state;
  }

  /** Lists and watches until the signal aborts. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const before = this.#state;
      try {
        this.#state = before.kind === 'watching' ? await this.#watch(before, signal) : await this.#list(before, signal);
      } catch (thrown) {
        if (signal.aborted) break;
        await this.#failed(ApiError.from(thrown), signal);
      }
    }
    this.#flush();
  }

  async #list(state: Exclude<WatcherState<T>, { kind: 'watching' }>, signal: AbortSignal): Promise<WatcherState<T>> {
    const { api, kind, select } = this.#options;
    if (state.kind === 'doubt') await this.#pause(state.doubt.lists, signal);
    if (state.kind === 'empty' && state.reason !== 'initial') this.#metrics.relisted(state.reason);
    const isFirstPage = state.kind !== 'init-page';
    const floor =
      isFirstPage && this.#floor !== undefined
        ? { resourceVersion: this.#floor, resourceVersionMatch: 'NotOlderThan' as const }
        : {};
    const page = await api.list(kind, {
      ...select,
      ...(this.#isWhole ? {} : { limit: this.#timings.pageSize }),
      signal,
      ...(isFirstPage ? {} : { continue: state.continue }),
      ...floor,
    });
    this.#heard();
    const step = afterPage(state, page, this.#known, this.#belief());
    this.#tellDoubt(state, step, page.items.length);
    if (step.state.kind === 'watching') {
      this.#isWhole = false;
      // Nothing at the start is believed, as most kinds may well be empty, but it is looked at once more.
      const isFirst = state.reason === 'initial' && this.#known.size() === 0 && page.items.length === 0;
      const wait = isFirst ? this.#timings.doubt : spread(...this.#timings.resync, this.#random);
      this.#resyncAt = this.#clock.monotonic() + wait;
    }
    return this.#take(step);
  }

  #belief(): Belief {
    const { neverEmpty = false } = this.#options;
    return { now: this.#clock.monotonic(), hold: this.#timings.doubt, neverEmpty };
  }

  /** Says once when a list is doubted, and once what became of it. */
  #tellDoubt(before: WatcherState<T>, { state, output }: Step<T>, listed: number): void {
    const wasDoubted = before.kind === 'doubt' || (before.kind === 'init-page' && before.doubt !== undefined);
    if (state.kind === 'doubt') {
      this.#metrics.doubted(true);
      if (state.doubt.lists > 1) return;
      const holdSeconds = this.#timings.doubt / 1000;
      this.#logger.warn('a list came without what was there; what was there is kept until the list has stayed so', {
        code: 'ListDoubted',
        stored: this.#known.size(),
        listed,
        holdSeconds,
      });
    } else if (output?.kind === 'replace') {
      this.#metrics.doubted(false);
      if (!wasDoubted) return;
      const objects = { stored: this.#known.size(), listed: output.objects.length };
      if (output.objects.length * 2 < objects.stored)
        this.#logger.warn('the list has stayed so and is believed', { code: 'ListBelieved', ...objects });
      else this.#logger.info('what was missing is listed again', { code: 'ListRecovered', ...objects });
    }
  }

  async #watch(state: Extract<WatcherState<T>, { kind: 'watching' }>, signal: AbortSignal): Promise<WatcherState<T>> {
    const { api, kind, select } = this.#options;
    const began = this.#clock.monotonic();
    const timeout = Math.min(spread(...this.#timings.watchTimeout, this.#random), this.#resyncAt - began);
    if (timeout <= 0) return { kind: 'empty', reason: 'resync' };
    const attempt = new WatchAttempt(this.#clock, this.#timings.inactivity, timeout + DEADLINE_GRACE, signal);
    let current: WatcherState<T> = state;
    try {
      const events = api.watch(kind, {
        ...select,
        resourceVersion: state.resourceVersion,
        allowWatchBookmarks: true,
        timeoutSeconds: Math.ceil(timeout / 1000),
        signal: attempt.signal,
      });
      for await (const event of events) {
        attempt.heard();
        this.#heard(event.type);
        current = this.#take(afterEvent(current, event, this.#known));
        this.#state = current;
        if (current.kind !== 'watching') break;
      }
    } finally {
      attempt.end();
    }
    if (current.kind !== 'watching') {
      // One fault is worth one list at once; a server whose every watch ends so is asked less and less often.
      const failures = this.#countFailure();
      if (failures > 1) await this.#pause(failures - 1, signal);
      return current;
    }
    // A server that ends every watch at once must not be asked in a tight loop.
    if (this.#clock.monotonic() - began < 1000) await this.#pause(this.#countFailure(), signal);
    return current;
  }

  #take(step: Step<T>): WatcherState<T> {
    if (step.state.kind === 'watching') this.#floor = step.state.resourceVersion;
    if (step.output !== undefined) this.#pending.push(step.output);
    if (step.output?.kind === 'replace') this.#flush();
    // Events that came together are told together: this runs once all of them have been read.
    else if (step.output !== undefined) this.#flushing ??= setImmediate(() => this.#flush());
    return step.state;
  }

  #flush(): void {
    clearImmediate(this.#flushing);
    this.#flushing = undefined;
    const outputs = this.#pending;
    if (outputs.length === 0) return;
    this.#pending = [];
    try {
      this.#options.emit(outputs);
    } catch (thrown) {
      // The store is whole; a listener's bug must neither end the watch nor the process.
      this.#logger.error('a listener of the store failed', { error: thrown });
    }
  }

  async #failed(error: ApiError, signal: AbortSignal): Promise<void> {
    const isListing = this.#state.kind !== 'watching';
    const isAbsent = isListing && isNotFound(error) && this.#options.onAbsent !== undefined;
    this.#metrics.failed(error.reason);
    if (error.reason === STALLED) return this.#stalled(error);
    if (this.#state.kind === 'init-page' && error.code === 410) this.#isWhole = true;
    this.#state = afterError(this.#state, error);
    // The floor cannot be reached any more: what the server has now is all that there is.
    if (isListing && (error.code === 410 || isVersionTooLarge(error))) this.#floor = undefined;
    const failures = this.#countFailure();
    const { reason, code } = error;
    if (isAbsent) {
      this.#options.onAbsent?.();
      this.#logger.debug('the server does not know the kind', { error });
      return sleep(this.#clock, spread(1, 1.5, this.#random) * this.#timings.absentRetry, signal);
    }
    if (isListing && isNotFound(error)) {
      // Somebody is about to install it: asked for often.
      this.#logger.warn('the server does not know the kind: its CustomResourceDefinition has to be installed');
      return this.#pause(Math.min(failures, 2), signal, error.retryAfter);
    }
    this.#logger.warn('the watch failed and will be tried again', { reason, code, failures, error: error.message });
    await this.#pause(failures, signal, error.retryAfter);
  }

  /**
   * A first silence may be that of a quiet cluster, in which even bookmarks have nothing to say. A second one may also be
   * that of a server which has gone back behind our version and would be silent for long: that shows when it lists.
   */
  #stalled(error: ApiError): void {
    this.#stalls++;
    this.#logger.debug('the watch was silent and is opened again', { stalls: this.#stalls, error: error.message });
    if (this.#stalls % 2 === 0) this.#state = { kind: 'empty', reason: 'silence' };
  }

  #heard(type?: string): void {
    if (type !== undefined) this.#stalls = 0;
    this.#healthySince ??= this.#clock.monotonic();
    this.#metrics.heard(type);
  }

  #countFailure(): number {
    const healthyFor = this.#clock.monotonic() - (this.#healthySince ?? Number.POSITIVE_INFINITY);
    if (healthyFor >= this.#timings.healthyAfter) this.#failures = 0;
    this.#healthySince = undefined;
    this.#failures++;
    return this.#failures;
  }

  #pause(failures: number, signal: AbortSignal, atLeast = 0): Promise<void> {
    const wait = backoffAfter(failures - 1, { ...this.#timings.backoff, random: this.#random });
    return sleep(this.#clock, Math.max(wait, atLeast), signal);
  }
}
