import type { Runnable } from './framework/index.ts';
import type { OperatorParts } from './operator-parts.ts';

/** What gives pods their proxies, and proxies what they start with. */
export function injectionRunnables(_parts: OperatorParts): readonly Runnable[] {
  return [];
}
