/** One measured figure, beside the other control plane's and the goal. */
export interface Figure {
  readonly name: string;
  readonly ours: Measured | undefined;
  readonly istiod?: Measured | undefined;
  /** Ours with lazy clients, where that is measured. */
  readonly lazy?: Measured | undefined;
  readonly goal?: Goal | undefined;
}

/** What was measured in one run or several. */
export interface Measured {
  readonly value: number;
  /** Of several runs: the least and the most. */
  readonly range?: readonly [number, number] | undefined;
  readonly unit: Unit;
  /** The true value is this or more: some of it was not waited for. */
  readonly orMore?: boolean | undefined;
}

/** How a value is written. */
export type Unit = 'ms' | 's' | 'KiB' | 'MiB' | 'KB' | 'count' | 'exponent';

/** What is wanted. */
export type Goal =
  /** At most istiod's divided by this. */
  | { readonly kind: 'fraction'; readonly divisor: number }
  /** At most this, in the figure's own unit. */
  | { readonly kind: 'limit'; readonly most: number };

/** Whether a goal is met; undefined: there is none, or nothing to compare with. */
export function isMet({ ours, istiod, goal }: Figure): boolean | undefined {
  if (goal === undefined) return undefined;
  // What should have been measured and was not is no success.
  if (ours === undefined) return false;
  if (goal.kind === 'limit') return ours.value <= goal.most && ours.orMore !== true;
  if (istiod === undefined) return undefined;
  return ours.value * goal.divisor <= istiod.value && ours.orMore !== true;
}

/** The runs of one figure together: their median, with the range. Undefined for no run. */
export function together(
  values: readonly number[],
  unit: Unit,
  isFloor: (value: number) => boolean = () => false,
): Measured | undefined {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const value = ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
  const range: readonly [number, number] = [sorted[0] ?? 0, sorted.at(-1) ?? 0];
  return { value, unit, ...(values.length > 1 ? { range } : {}), ...(isFloor(value) ? { orMore: true } : {}) };
}
