const FIRST_MS = 250;
const LONGEST_MS = 10_000;
/** A process that ran for so long was well, and its next end is its first. */
const HEALTHY_MS = 10_000;

/** How often a process ended early in a row, and how long to wait before it is started again (milliseconds). */
export interface Restart {
  readonly failures: number;
  readonly delayMs: number;
}

/** What to do about the end of a process that ran for `ranMs`: at once at first, then ever later. */
export function nextRestart(failures: number, ranMs: number): Restart {
  const now = ranMs >= HEALTHY_MS ? 1 : failures + 1;
  return { failures: now, delayMs: Math.min(FIRST_MS * 2 ** (now - 1), LONGEST_MS) };
}
