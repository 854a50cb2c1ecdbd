import type { Session } from './session.ts';

/** Sessions that are flushed before the event loop is given a turn. */
const SLICE = 64;

/**
 * Flushes sessions soon: at the end of the present turn, so that what changes in one turn is one push; many of them in
 * slices, so that requests are answered in between.
 */
export class FlushQueue {
  readonly #sessions = new Set<Session>();
  #scheduled = false;
  #stopped = false;

  /** Flushes a session soon. */
  add(session: Session): void {
    this.#sessions.add(session);
    if (this.#scheduled || this.#stopped) return;
    this.#scheduled = true;
    queueMicrotask(() => this.#run());
  }

  /** Does not flush it after all. */
  remove(session: Session): void {
    this.#sessions.delete(session);
  }

  /** Flushes nothing any more. */
  stop(): void {
    this.#stopped = true;
    this.#sessions.clear();
  }

  #run(): void {
    let count = 0;
    for (const session of this.#sessions) {
      if (count++ === SLICE) {
        setImmediate(() => this.#run());
        return;
      }
      this.#sessions.delete(session);
      session.flush();
    }
    this.#scheduled = false;
  }
}
