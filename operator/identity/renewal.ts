/** How far NotBefore lies in the past, for machines whose clock is behind, milliseconds. No part of a certificate's life. */
export const BACKDATE_MS = 5 * 60_000;

/** Lifetimes in epoch milliseconds. */
export interface Lifetime {
  readonly issuedAt: number;
  readonly notAfter: number;
}

/** What is waited at least between two attempts, milliseconds. */
const SHORTEST_RETRY_MS = 250;

/**
 * When to renew: between 40 and 50 % of the life that a certificate has at issue (it is backdated, which is no part of that), so
 * that those that were issued together are not renewed together, and who cannot renew knows it with half of the life left.
 * `random` is in [0, 1).
 */
export function renewalTime(lifetime: Lifetime, random: number): number {
  const half = (lifetime.notAfter - lifetime.issuedAt) / 2;
  return Math.round(lifetime.issuedAt + half * (0.8 + 0.2 * random));
}

/**
 * Delay before attempt `failures + 1`: doubles from 1 s to 60 s, of which a random half is taken off; never more than a quarter of
 * the `leftMs` that the present certificate has to live, so that one is made before its end however short its life is.
 */
export function retryDelay(failures: number, random: number, leftMs = Number.POSITIVE_INFINITY): number {
  const ceiling = Math.min(1000 * 2 ** Math.max(failures - 1, 0), 60_000);
  const soon = leftMs > 0 ? leftMs / 4 : Number.POSITIVE_INFINITY;
  return Math.round(Math.max(Math.min(ceiling * (0.5 + 0.5 * random), soon), SHORTEST_RETRY_MS));
}
