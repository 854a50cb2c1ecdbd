/** The least and the most successes that chance allows: beyond either end there is less than this probability. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** Where the number of successes of `trials` is, but for a probability of `tail` on each side. Exact; for a few thousand trials. */
export function binomialBounds(trials: number, probability: number, tail = 5e-7): Bounds {
  const mass = Array.from({ length: trials + 1 }, (_, count) => Math.exp(logMass(trials, count, probability)));
  return { least: firstBeyond(mass, tail), most: trials - firstBeyond(mass.toReversed(), tail) };
}

/** How many of the first outcomes have less than `tail` together. */
function firstBeyond(mass: readonly number[], tail: number): number {
  let sum = 0;
  for (const [count, share] of mass.entries()) {
    sum += share;
    if (sum >= tail) return count;
  }
  return mass.length - 1;
}

function logMass(trials: number, count: number, probability: number): number {
  if (probability <= 0) return count === 0 ? 0 : Number.NEGATIVE_INFINITY;
  if (probability >= 1) return count === trials ? 0 : Number.NEGATIVE_INFINITY;
  const ways = logFactorial(trials) - logFactorial(count) - logFactorial(trials - count);
  return ways + count * Math.log(probability) + (trials - count) * Math.log1p(-probability);
}

const logFactorials: number[] = [0];

function logFactorial(n: number): number {
  for (let next = logFactorials.length; next <= n; next += 1)
    logFactorials.push((logFactorials[next - 1] ?? 0) + Math.log(next));
  return logFactorials[n] ?? 0;
}
