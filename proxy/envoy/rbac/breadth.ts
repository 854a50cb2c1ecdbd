import { allOf, anyOf, not, type PrincipalInit } from './principal.ts';

/**
 * Which way a doubt goes. Applications read paths, hosts and headers in more ways than one: `wide` matches what any of them may take for
 * what the policy says, `narrow` only what all of them do. What refuses is wide, what lets in is narrow, and a negation turns it around.
 */
export type Breadth = 'wide' | 'narrow';

export function opposite(breadth: Breadth): Breadth {
  return breadth === 'wide' ? 'narrow' : 'wide';
}

/** `match`, or when in doubt; or `match`, but not when in doubt. */
export function doubted(match: PrincipalInit, doubt: PrincipalInit, breadth: Breadth): PrincipalInit {
  return breadth === 'wide' ? anyOf([match, doubt]) : allOf([match, not(doubt)]);
}
