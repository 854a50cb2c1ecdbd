import type { CancelTimer, Clock } from '../../framework/index.ts';

/** Where lines go: a stream to somebody who follows. */
export interface LineSink {
  /** Answers whether more may follow; if not, {@link FeedPace.resume} is to be called when it may. */
  write(line: string): boolean;
}

/** What a feed does when its time has come. */
export interface FeedTurns {
  /** Says what is new, if anything is. */
  readonly flush: () => void;
  /** Says something, as nothing has been said for a while. */
  readonly beat: () => void;
}

/** The first change is told at once, further ones after so long, milliseconds. */
const GAP_MS = 50;

/** A follower hears something at least so often, milliseconds: it takes a silence of a few of these for the end. */
export const BEAT_MS = 500;

/**
 * When a feed speaks: at the first change at once, then in turns, and when it has been silent for a while. Nothing while
 * the other side does not read, and nothing is queued for it.
 */
export class FeedPace {
  readonly #sink: LineSink;
  readonly #clock: Clock;
  readonly #turns: FeedTurns;
  #isBlocked = false;
  #isClosed = false;
  #lastWrite: number;
  #cancelBeat: CancelTimer = () => {};
  #cancelFlush: CancelTimer | undefined;

  constructor(sink: LineSink, clock: Clock, turns: FeedTurns) {
    this.#sink = sink;
    this.#clock = clock;
    this.#turns = turns;
    this.#lastWrite = clock.monotonic() - GAP_MS;
  }

  /** Something is new. */
  changed(): void {
    this.#flushIn(this.#lastWrite + GAP_MS - this.#clock.monotonic());
  }

  /** There is more to say, after whatever else waits for its turn. */
  next(): void {
    this.#flushIn(0);
  }

  /** The other side reads again. */
  resume(): void {
    this.#isBlocked = false;
    this.next();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelBeat();
    this.#cancelFlush?.();
  }

  write(line: string): void {
    this.#isBlocked = !this.#sink.write(line) || this.#isBlocked;
    this.#lastWrite = this.#clock.monotonic();
    this.#cancelBeat();
    this.#cancelBeat = this.#clock.setTimeout(() => {
      if (!this.#isClosed && !this.#isBlocked) this.#turns.beat();
    }, BEAT_MS);
  }

  #flushIn(milliseconds: number): void {
    if (this.#isClosed || this.#isBlocked || this.#cancelFlush !== undefined) return;
    this.#cancelFlush = this.#clock.setTimeout(
      () => {
        this.#cancelFlush = undefined;
        this.#turns.flush();
      },
      Math.max(0, milliseconds),
    );
  }
}
