import { backoffAfter, type CancelTimer, type Clock, type Logger, sleep } from '../../framework/index.ts';
import type { ReplicaView } from '../status/standing.ts';
import { type PeerNews, PeerState } from './peer-state.ts';
import { parseMessage, type ReportedRefusal } from './report.ts';

/** Lines of one stream to a replica; it ends when the stream does, and throws what broke it. */
export type FollowReplica = (address: string, signal: AbortSignal) => AsyncIterable<string>;

/** What following works with. */
export interface PeersOptions {
  /** Name of this replica: it may be among the addresses. */
  readonly instance: string;
  readonly follow: FollowReplica;
  /** One that was not heard of for so long does not count any more. Milliseconds. */
  readonly lapseMs: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** These objects stand differently on another replica. */
  readonly moved: (objects: Iterable<string>) => void;
  /** What proxies of others refuse has changed. */
  readonly refused: () => void;
  /** A replica counts no more, or again: anything may stand differently. */
  readonly changed: () => void;
  /** Default: `Math.random`. */
  readonly random?: () => number;
}

/** How one address is followed, for metrics. */
export interface PeerHealth {
  readonly address: string;
  /** `live`: it reports; `silent`: it does not; `self`: it is this replica. */
  readonly state: 'live' | 'silent' | 'self';
  /** Milliseconds since it was heard of; undefined when it never was. */
  readonly ageMs: number | undefined;
}

interface Link {
  readonly address: string;
  readonly stop: AbortController;
  state: PeerHealth['state'];
  heardAt: number | undefined;
}

const RETRY = { base: 100, max: 1000, jitter: 0.5 };

/** Follows the other replicas: one stream to each, opened again when it ends. */
export class Peers {
  readonly #options: PeersOptions;
  readonly #links = new Map<string, Link>();
  readonly #running = new Set<Promise<void>>();
  /** What counts. Of one whose stream has ended, until the timer fires. */
  readonly #counted = new Map<PeerState, CancelTimer | undefined>();

  constructor(options: PeersOptions) {
    this.#options = options;
  }

  /** The other replicas that count. */
  views(): readonly ReplicaView[] {
    return [...this.#counted.keys()];
  }

  /** What proxies of replicas that count refuse. */
  refusals(): readonly ReportedRefusal[] {
    return [...this.#counted.keys()].flatMap(({ refusals }) => refusals);
  }

  /** How each address is doing. */
  health(): readonly PeerHealth[] {
    const now = this.#options.clock.monotonic();
    return [...this.#links.values()].map(({ address, state, heardAt }) => ({
      address,
      state,
      ageMs: heardAt === undefined ? undefined : now - heardAt,
    }));
  }

  /** How many replicas that have fallen silent count still. */
  get lapsing(): number {
    return [...this.#counted.keys()].filter(({ isLive }) => !isLive).length;
  }

  /** Follows these addresses, and no others. One that is no longer named lapses as one that fell silent does. */
  follow(addresses: readonly string[]): void {
    const wanted = new Set(addresses);
    for (const [address, link] of this.#links) {
      if (wanted.has(address)) continue;
      this.#links.delete(address);
      link.stop.abort();
    }
    for (const address of wanted) {
      if (this.#links.has(address)) continue;
      const link: Link = { address, stop: new AbortController(), state: 'silent', heardAt: undefined };
      this.#links.set(address, link);
      const run = this.#keep(link).finally(() => this.#running.delete(run));
      this.#running.add(run);
    }
  }

  /** Follows nobody any more, and forgets everything; resolves when the streams have ended. */
  async close(): Promise<void> {
    this.follow([]);
    await Promise.all(this.#running);
    for (const cancel of this.#counted.values()) cancel?.();
    this.#counted.clear();
  }

  async #keep(link: Link): Promise<void> {
    const { clock, log, random = Math.random } = this.#options;
    const { address, stop } = link;
    let failures = 0;
    while (!stop.signal.aborted) {
      const { reason, wasLive } = await this.#stream(link);
      // It will not be another one for as long as it has this address.
      if (stop.signal.aborted || link.state === 'self') return;
      link.state = 'silent';
      failures = wasLive ? 0 : failures + 1;
      // Said once: one that is gone is tried for as long as it is named.
      if (wasLive) log.warn('another replica of the control plane fell silent', { address, reason });
      else if (failures === 1)
        log.info('another replica of the control plane does not report yet', { address, reason });
      await sleep(clock, backoffAfter(failures, { ...RETRY, random }), stop.signal);
    }
  }

  /** One stream, until it ends. */
  async #stream(link: Link): Promise<{ readonly reason: string; readonly wasLive: boolean }> {
    const { clock, follow, instance, lapseMs, log } = this.#options;
    const silence = new AbortController();
    const silentMs = (lapseMs * 2) / 3;
    const expect = (): CancelTimer =>
      clock.setTimeout(() => silence.abort(new Error(`nothing was heard for ${silentMs} ms`)), silentMs);
    let cancelSilence = expect();
    const state = new PeerState();
    let reason = 'the stream ended';
    try {
      for await (const line of follow(link.address, AbortSignal.any([link.stop.signal, silence.signal]))) {
        cancelSilence();
        cancelSilence = expect();
        link.heardAt = clock.monotonic();
        const news = state.take(parseMessage(line));
        if (state.instance === instance) link.state = 'self';
        if (link.state === 'self') break;
        if (news.complete) {
          link.state = 'live';
          log.info('another replica of the control plane reports', { address: link.address, replica: state.instance });
          this.#adopt(state);
        } else if (state.isLive) this.#tell(news);
      }
    } catch (error) {
      const cause: unknown = silence.signal.aborted ? silence.signal.reason : error;
      reason = cause instanceof Error ? cause.message : String(cause);
    } finally {
      cancelSilence();
    }
    const wasLive = state.isLive;
    if (wasLive) this.#lost(state, link.heardAt ?? clock.monotonic());
    return { reason, wasLive };
  }

  #tell({ objects, refusals }: PeerNews): void {
    if (objects.length > 0) this.#options.moved(objects);
    if (refusals) this.#options.refused();
  }

  /** Everything has been told. Another replica that had the address before lapses by itself: its proxies are still on their way. */
  #adopt(state: PeerState): void {
    for (const [known, cancel] of this.#counted) {
      if (known.instance !== state.instance) continue;
      cancel?.();
      this.#counted.delete(known);
    }
    this.#counted.set(state, undefined);
    this.#options.refused();
    this.#options.changed();
  }

  /** What it said stands for a while: it may only be the stream that broke, and otherwise its proxies go elsewhere one by one. */
  #lost(state: PeerState, heardAt: number): void {
    state.lost();
    if (!this.#counted.has(state)) return;
    const { clock, lapseMs, log } = this.#options;
    const lapse = (): void => {
      this.#counted.delete(state);
      log.info('a replica of the control plane counts no more', { replica: state.instance });
      this.#options.refused();
      this.#options.changed();
    };
    this.#counted.set(state, clock.setTimeout(lapse, Math.max(0, heardAt + lapseMs - clock.monotonic())));
    this.#options.changed();
  }
}
