/** How closely pushes may follow each other. All in milliseconds. */
export interface PushPacing {
  /** Between two pushes, at least. */
  readonly least: number;
  /** Between two pushes of a burst that goes on, at most. Default: `least`. */
  readonly most?: number;
  /** A burst is over, and its last push is due, when nothing has come for so long. Default: `least`. */
  readonly quiet?: number;
}

/** How much longer each push of a burst may wait than the one before. */
const GROWTH = 4;

/**
 * When the next push is due. The first change after a pause is pushed at once; changes that come within the pause are a burst, whose
 * pushes wait longer and longer while changes keep coming, as each costs a message to every proxy, and no longer once they have
 * stopped. Times are monotonic milliseconds.
 */
export class PushPace {
  readonly #least: number;
  readonly #most: number;
  readonly #quiet: number;
  #window: number;
  #hasChanges = false;
  #isBurst = false;
  #changedAt = Number.NEGATIVE_INFINITY;
  #pushedAt = Number.NEGATIVE_INFINITY;

  constructor({ least, most = least, quiet = least }: PushPacing) {
    this.#least = least;
    this.#most = most;
    this.#quiet = quiet;
    this.#window = least;
  }

  /** Something is to be pushed. */
  changed(now: number): void {
    this.#changedAt = now;
    if (this.#hasChanges) return;
    this.#hasChanges = true;
    this.#isBurst = now < this.#pushedAt + this.#window;
    if (!this.#isBurst) this.#window = this.#least;
  }

  /** How long the push should still wait; 0: it is due. */
  wait(now: number): number {
    if (!this.#isBurst) return 0;
    const silent = Math.max(this.#pushedAt + this.#least, this.#changedAt + this.#quiet);
    return Math.max(0, Math.min(this.#pushedAt + this.#window, silent) - now);
  }

  /** It has been pushed. */
  pushed(now: number): void {
    if (this.#isBurst) this.#window = Math.min(this.#window * GROWTH, this.#most);
    this.#hasChanges = false;
    this.#pushedAt = now;
  }
}
