import type { Arrivals } from './protocol.ts';

/** When each change was written: milliseconds since 1970, by its marker. */
export type Written = ReadonlyMap<number, number>;

/**
 * How long each change was unknown to each client, in milliseconds, sorted: one that was overtaken counts until the one that overtook
 * it came. The changes of a Service are every so many markers (`step`).
 */
export function stalenessOf(
  arrivals: readonly Arrivals[],
  written: Written,
  step: number,
  from = -Infinity,
): Float64Array {
  const delays: number[] = [];
  for (const { seen } of arrivals) {
    for (let at = 0; at + 3 < seen.length; at += 4) {
      const [before = 0, marker = 0, time = 0] = seen.slice(at + 1, at + 4);
      for (let missed = marker; missed > before; missed -= step) {
        const since = written.get(missed);
        if (since !== undefined && since >= from) delays.push(time - since);
      }
    }
  }
  return Float64Array.from(delays).sort();
}

/** The value below which such a share of sorted values is; 0 of none. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** The slope of values at equal distances, by least squares. */
export function slopeOf(values: readonly number[]): number {
  const mean = (numbers: readonly number[]): number => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  const times = values.map((_, index) => index);
  const [middle, average] = [mean(times), mean(values)];
  const products = values.reduce((sum, value, index) => sum + (value - average) * (index - middle), 0);
  return products / times.reduce((sum, time) => sum + (time - middle) ** 2, 0);
}
