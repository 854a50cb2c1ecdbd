/** Lifetimes in epoch milliseconds. */
export interface Lifetime {
  readonly issuedAt: number;
  readonly notAfter: number;
}

/**
 * When to renew: at half of what is left at issue, moved by up to ±10 % of that half, so that certificates
 * that were issued together are not renewed together. `random` is in [0, 1).
 */
export function renewalTime(lifetime: Lifetime, random: number): number {
  const half = (lifetime.notAfter - lifetime.issuedAt) / 2;
  return Math.round(lifetime.issuedAt + half * (0.9 + 0.2 * random));
}

/** Delay before attempt `failures + 1`: doubles from 1 s to 60 s, of which a random half is taken off. */
export function retryDelay(failures: number, random: number): number {
  const ceiling = Math.min(1000 * 2 ** Math.max(failures - 1, 0), 60_000);
  return Math.round(ceiling * (0.5 + 0.5 * random));
}
