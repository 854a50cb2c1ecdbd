import { V7 } from './attacks/v07-path-normalisation.ts';
import type { Fault } from './fault.ts';
import { F1 } from './faults/f01-control-plane-killed.ts';

/** All faults and attacks, in the order in which they run. */
export const CATALOGUE: readonly Fault[] = [
  F1,
  V7,
];
