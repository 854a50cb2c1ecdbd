/** The middle of some numbers, and the outermost of them. */
export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/** The smallest value that is not below this share (0 to 1) of all. Throws when there are none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const found = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (found === undefined) throw new Error('there is nothing to take a quantile of');
  return found;
}

/** The middle one, or the mean of the two in the middle. Throws when there are none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]];
  if (low === undefined || high === undefined) throw new Error('there is nothing to take a median of');
  return (low + high) / 2;
}

/** Throws when there are none. */
export function spread(values: readonly number[]): Spread {
  return { median: median(values), lowest: Math.min(...values), highest: Math.max(...values) };
}

/**
 * How many times as much as of `base` there is of `of`: the ratio of the medians, and the lowest and highest of the ratios of
 * neighbours, which were measured one right after the other.
 */
export function ratio(of: readonly number[], base: readonly number[]): Spread {
  const pairs = of.slice(0, base.length).map((value, index) => value / (base[index] ?? Number.NaN));
  return { ...spread(pairs), median: median(of) / median(base) };
}
