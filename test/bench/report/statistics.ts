/** The median; the mean of the two in the middle when there are as many below as above. Throws for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[middle - 1], sorted[middle]];
  if (high === undefined) throw new Error('there is no median of nothing');
  return sorted.length % 2 === 1 || low === undefined ? high : (low + high) / 2;
}

/** The value that `share` (0 to 1) of all values do not exceed. Throws for none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error('there is no percentile of nothing');
  return value;
}

/** A straight line by least squares. */
export interface Line {
  readonly slope: number;
  readonly intercept: number;
  /** How much of the variation the line explains, 0 to 1; 1 when there is none. */
  readonly r2: number;
}

/** The line through points. Throws for fewer than two different x. */
export function fitLine(points: readonly { readonly x: number; readonly y: number }[]): Line {
  const n = points.length;
  const mean = (of: (point: { readonly x: number; readonly y: number }) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / n;
  const [mx, my] = [mean(({ x }) => x), mean(({ y }) => y)];
  const sxx = points.reduce((sum, { x }) => sum + (x - mx) ** 2, 0);
  const sxy = points.reduce((sum, { x, y }) => sum + (x - mx) * (y - my), 0);
  const syy = points.reduce((sum, { y }) => sum + (y - my) ** 2, 0);
  if (!(sxx > 0)) throw new Error('a line needs two different x');
  const slope = sxy / sxx;
  return { slope, intercept: my - slope * mx, r2: syy === 0 ? 1 : (slope * sxy) / syy };
}

/** The exponent with which y grows with x: the slope in logarithms. Throws where something is not above 0. */
export function growthExponent(points: readonly { readonly x: number; readonly y: number }[]): Line {
  if (points.some(({ x, y }) => !(x > 0) || !(y > 0))) throw new Error('a growth exponent is of what is above 0');
  return fitLine(points.map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) })));
}
