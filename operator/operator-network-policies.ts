import type { Runnable } from './framework/index.ts';
import type { OperatorParts } from './operator-parts.ts';

/** What is generated for the network below the mesh. */
export function networkPolicyRunnables(_parts: OperatorParts): readonly Runnable[] {
  return [];
}
