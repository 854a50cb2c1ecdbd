import assert from 'node:assert/strict';

/** How rarely a right proxy may fail a test, on either side. */
const ALPHA = 1e-6;

/** The least and the most successes that `n` draws with probability `p` give, with at most {@link ALPHA} beyond either. */
export function binomialBounds(n: number, p: number, alpha = ALPHA): { readonly least: number; readonly most: number } {
  if (p <= 0) return { least: 0, most: 0 };
  if (p >= 1) return { least: n, most: n };
  const probability = (k: number) =>
    Math.exp(logFactorial(n) - logFactorial(k) - logFactorial(n - k) + k * Math.log(p) + (n - k) * Math.log1p(-p));
  let least = 0;
  for (let below = probability(0); below <= alpha && least < n; below += probability(least)) least += 1;
  let most = n;
  for (let above = probability(n); above <= alpha && most > 0; above += probability(most)) most -= 1;
  return { least, most };
}

/** Asserts that so many successes of `n` are what probability `p` gives. */
export function assertShare(successes: number, n: number, p: number, what: string): void {
  const { least, most } = binomialBounds(n, p);
  assert.ok(
    successes >= least && successes <= most,
    `${what}: ${successes} of ${n}, where a share of ${p} gives ${least} to ${most}`,
  );
}

const logs: number[] = [0];

function logFactorial(n: number): number {
  for (let k = logs.length; k <= n; k++) logs[k] = (logs[k - 1] ?? 0) + Math.log(k);
  return logs[n] ?? 0;
}
