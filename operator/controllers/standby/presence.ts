import type { CancelTimer, Clock } from '../../framework/index.ts';
import { BEAT_MS } from '../feeds/feed-pace.ts';

/** How one replica of the control plane is heard. Times are monotonic milliseconds. */
export interface Heard {
  /** The last line; undefined: none yet. */
  readonly at: number | undefined;
  /** Whether it said then that it lets proxies in. */
  readonly serving: boolean;
  /** Whether the stream is open. */
  readonly open: boolean;
}

/** Whether the control plane is there. `nextAt`: when that is to be asked again, although nothing is heard. */
export interface Presence {
  readonly kind: 'answers' | 'away';
  /** Away, and it answers again since then. */
  readonly answersSince: number | undefined;
  readonly nextAt: number | undefined;
}

/** A silence of so long is the end, milliseconds. */
export const SILENCE_MS = 3 * BEAT_MS;

/** A stream that has ended is one that may be opened again at once, milliseconds. */
export const ENDED_MS = BEAT_MS;

/** Who was away has to answer for so long before proxies are sent there, milliseconds; longer for one that keeps going. */
export const RETURN_MS = 1000;
export const LONGEST_RETURN_MS = 30_000;

/** Until when a replica counts as one that answers; undefined: it does not. */
function answersUntil({ at, open, serving }: Heard): number | undefined {
  return at === undefined || !serving ? undefined : at + (open ? SILENCE_MS : ENDED_MS);
}

/** What follows from what was heard. Pure. */
export function decidePresence(before: Presence, heard: Iterable<Heard>, now: number, returnMs: number): Presence {
  const until = Math.max(-1, ...[...heard].map((each) => answersUntil(each) ?? -1));
  const answers = until > now;
  if (before.kind === 'answers') {
    return answers
      ? { kind: 'answers', answersSince: undefined, nextAt: until }
      : { kind: 'away', answersSince: undefined, nextAt: undefined };
  }
  if (!answers) return { kind: 'away', answersSince: undefined, nextAt: undefined };
  const since = before.answersSince ?? now;
  if (now - since >= returnMs) return { kind: 'answers', answersSince: undefined, nextAt: until };
  return { kind: 'away', answersSince: since, nextAt: Math.min(until, since + returnMs) };
}

/** What hears of a change. */
export interface PresenceEvents {
  readonly away: () => void;
  readonly answers: () => void;
}

/** Over which returns are counted, milliseconds. */
const FLAPPING_MS = 60_000;

/** Keeps whether the control plane is there, and tells when that changes. At first it is taken to be. */
export class PresenceKeeper {
  readonly #clock: Clock;
  readonly #heard: () => Iterable<Heard>;
  readonly #events: PresenceEvents;
  #presence: Presence = { kind: 'answers', answersSince: undefined, nextAt: undefined };
  #returns: readonly number[] = [];
  #hasAnswered = false;
  #cancel: CancelTimer | undefined;

  constructor(clock: Clock, heard: () => Iterable<Heard>, events: PresenceEvents) {
    this.#clock = clock;
    this.#heard = heard;
    this.#events = events;
  }

  get kind(): Presence['kind'] {
    return this.#presence.kind;
  }

  /** To be called when something was heard, or a stream ended. */
  update(): void {
    const now = this.#clock.monotonic();
    this.#returns = this.#returns.filter((at) => now - at < FLAPPING_MS);
    const returnMs = Math.min(RETURN_MS * 2 ** this.#returns.length, LONGEST_RETURN_MS);
    const before = this.#presence;
    this.#presence = decidePresence(before, this.#heard(), now, returnMs);
    this.#cancel?.();
    const { kind, nextAt } = this.#presence;
    this.#cancel = nextAt === undefined ? undefined : this.#clock.setTimeout(() => this.update(), nextAt - now);
    // The first time is no return.
    if (kind === 'answers' && before.kind === 'away' && this.#hasAnswered) this.#returns = [...this.#returns, now];
    this.#hasAnswered ||= kind === 'answers';
    if (kind === before.kind) return;
    this.#events[kind]();
  }

  close(): void {
    this.#cancel?.();
  }
}
