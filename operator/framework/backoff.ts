/** How waits grow: `base · factorⁿ` up to `max` milliseconds, less up to `jitter` of it at random. */
export interface BackoffOptions {
  readonly base: number;
  readonly max: number;
  /** Default: 2. */
  readonly factor?: number;
  /** Default: 0; 0.5 means between half of the wait and all of it. */
  readonly jitter?: number;
  /** A number in [0, 1). Default: `Math.random`. */
  readonly random?: () => number;
}

/** The wait in milliseconds after `failures` failures in a row (the first has 0 before it). */
export function backoffAfter(failures: number, options: BackoffOptions): number {
  const { base, max, factor = 2, jitter = 0, random = Math.random } = options;
  const full = Math.min(max, base * factor ** failures);
  return full * (1 - jitter * random());
}

/** A time spread evenly over [from, to), so that many that began together do not go on together. */
export function spread(from: number, to: number, random: () => number = Math.random): number {
  return from + (to - from) * random();
}
