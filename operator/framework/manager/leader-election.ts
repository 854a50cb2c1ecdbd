import type { Api } from '../api/api.ts';
import { jsonEqual } from '../api/json.ts';
import type { ObjectRef } from '../api/object.ts';
import { spread } from '../backoff.ts';
import { type Clock, sleep, systemClock } from '../clock.ts';
import { type Logger, silentLogger } from '../log.ts';
import { gauge, createMetricsRegistry, type MetricsRegistry } from '../metrics.ts';
import { claimLease, type Lease, readLease, releaseLease } from './lease.ts';
import { Leadership } from './leadership.ts';

/** What a {@link LeaderElection} can be told; times are in milliseconds. */
export interface LeaderElectionOptions {
  readonly api: Api;
  readonly lease: ObjectRef;
  /** Unique among the candidates, such as the pod's name and a random part. */
  readonly identity: string;
  /** How long after the last renewal nobody else may lead. Whole seconds. Default: 15,000. */
  readonly leaseDuration?: number;
  /** How long after it was last renewed the leader stops; less than `leaseDuration` by more than clocks drift. Default: 10,000. */
  readonly renewDeadline?: number;
  /** Between two tries. Default: 2,000. */
  readonly retryPeriod?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly metrics?: MetricsRegistry;
  readonly random?: () => number;
}

/** So long the stop may take for the sake of the next leader, in milliseconds. */
const UNHEARD_MS = 1000;

/** Takes part in the election of one leader by a Lease, as client-go's leaderelection does, but with a right that ends by itself. */
export class LeaderElection {
  readonly #options: LeaderElectionOptions;
  readonly #leaseDuration: number;
  readonly #renewDeadline: number;
  readonly #retryPeriod: number;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #isLeader: { set(value: number): void };
  #lease: Lease | undefined;
  /** When the lease was last seen to change, on the monotonic clock: other clocks are not trusted. */
  #changedAt = 0;
  #leadership: Leadership | undefined;

  constructor(options: LeaderElectionOptions) {
    this.#options = options;
    this.#leaseDuration = options.leaseDuration ?? 15_000;
    this.#renewDeadline = options.renewDeadline ?? 10_000;
    this.#retryPeriod = options.retryPeriod ?? 2_000;
    if (this.#renewDeadline >= this.#leaseDuration || this.#retryPeriod >= this.#renewDeadline) {
      throw new RangeError('leader election needs retryPeriod < renewDeadline < leaseDuration');
    }
    this.#clock = options.clock ?? systemClock;
    this.#logger = (options.logger ?? silentLogger).child({ lease: options.lease.name, identity: options.identity });
    const name = options.lease.name;
    const isLeader = gauge(options.metrics ?? createMetricsRegistry(), {
      name: 'leader_election_master_status',
      help: 'Whether this replica leads: 1 or 0.',
      labelNames: ['name'],
    });
    isLeader.set({ name }, 0);
    this.#isLeader = isLeader.labels({ name });
  }

  /** The right to write that this replica has, if it leads. */
  get leadership(): Leadership | undefined {
    return this.#leadership?.isValid === true ? this.#leadership : undefined;
  }

  /** Who holds the lease, as last seen. */
  get holder(): string | undefined {
    const holder = this.#lease?.spec?.holderIdentity;
    return holder === '' ? undefined : holder;
  }

  /** Waits until this replica leads; `undefined` when the signal aborts first. */
  async acquire(signal: AbortSignal): Promise<Leadership | undefined> {
    await this.#look(signal);
    while (!signal.aborted) {
      const leadership = await this.#tryAcquire(signal);
      if (leadership !== undefined) return leadership;
      await sleep(this.#clock, spread(1, 1.2, this.#options.random) * this.#retryPeriod, signal);
    }
    return undefined;
  }

  /** Keeps the lease until it is lost or the signal aborts; does not give it back. */
  async renew(leadership: Leadership, signal: AbortSignal): Promise<void> {
    const either = AbortSignal.any([signal, leadership.signal]);
    for (;;) {
      await sleep(this.#clock, this.#retryPeriod, either);
      if (signal.aborted || !leadership.isValid) break;
      const before = this.#clock.monotonic();
      try {
        const result = await claimLease(this.#options.api, this.#claim(leadership.signal), this.#lease);
        this.#see(result.lease);
        if (result.kind === 'held') leadership.extend(before + this.#renewDeadline);
        else if (this.holder !== this.#options.identity) leadership.end();
      } catch (thrown) {
        this.#logger.warn('the lease could not be renewed', { error: thrown });
      }
    }
    if (!leadership.isValid) {
      this.#isLeader.set(0);
      this.#logger.warn('the lease was lost');
    }
  }

  /** Gives the right up and the lease back. Call it when everything that writes has ended. */
  async release(): Promise<void> {
    const held = this.leadership === undefined ? undefined : this.#lease;
    this.#leadership?.end();
    this.#leadership = undefined;
    this.#isLeader.set(0);
    if (held === undefined) return;
    try {
      await releaseLease(this.#options.api, held, this.#clock.now());
    } catch (thrown) {
      this.#logger.warn('the lease could not be given back and will run out', { error: thrown });
    }
  }

  async #tryAcquire(signal: AbortSignal): Promise<Leadership | undefined> {
    if (!this.#isFree) await this.#look(signal);
    if (!this.#isFree || signal.aborted) return undefined;
    const before = this.#clock.monotonic();
    try {
      const result = await claimLease(this.#options.api, this.#claim(signal), this.#lease);
      this.#see(result.lease);
      if (result.kind !== 'held') return undefined;
    } catch (thrown) {
      if (signal.aborted) await this.#giveBackUnheard();
      else this.#logger.warn('the lease could not be taken', { error: thrown });
      await this.#look(signal);
      return undefined;
    }
    this.#leadership = new Leadership(this.#clock, before + this.#renewDeadline);
    this.#isLeader.set(1);
    this.#logger.info('this replica leads');
    return this.#leadership;
  }

  /** Whether the lease may be taken. An own claim of an earlier life counts as another's: that life may still be writing. */
  get #isFree(): boolean {
    if (this.holder === undefined) return true;
    return this.#clock.monotonic() - this.#changedAt >= this.#durationOf(this.#lease);
  }

  /** The server may have taken a claim whose answer we did not wait for; nobody else could lead until it ran out. */
  async #giveBackUnheard(): Promise<void> {
    const { api, lease, identity } = this.#options;
    const signal = AbortSignal.timeout(UNHEARD_MS);
    try {
      const found = await readLease(api, lease, signal);
      if (found?.spec?.holderIdentity === identity) await releaseLease(api, found, this.#clock.now(), signal);
    } catch (thrown) {
      this.#logger.debug('whether the lease was taken is unknown', { error: thrown });
    }
  }

  async #look(signal: AbortSignal): Promise<void> {
    try {
      this.#see(await readLease(this.#options.api, this.#options.lease, signal));
    } catch (thrown) {
      if (!signal.aborted) this.#logger.warn('the lease could not be read', { error: thrown });
    }
  }

  #see(lease: Lease | undefined): void {
    const isSame = lease !== undefined && jsonEqual(lease.spec, this.#lease?.spec);
    if (!isSame) this.#changedAt = this.#clock.monotonic();
    this.#lease = lease;
  }

  #durationOf(lease: Lease | undefined): number {
    const seconds = lease?.spec?.leaseDurationSeconds;
    return seconds === undefined ? this.#leaseDuration : seconds * 1000;
  }

  #claim(signal: AbortSignal) {
    const { lease, identity } = this.#options;
    return {
      ref: lease,
      identity,
      durationSeconds: Math.ceil(this.#leaseDuration / 1000),
      now: this.#clock.now(),
      signal,
    };
  }
}
