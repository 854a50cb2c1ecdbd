import type { Runnable } from './framework/index.ts';
import type { OperatorParts } from './operator-parts.ts';

/** What replicas tell each other. */
export function replicaRunnables(_parts: OperatorParts): readonly Runnable[] {
  return [];
}
