import type { Fault } from './fault.ts';

/** All faults and attacks, in the order in which they run. */
export const CATALOGUE: readonly Fault[] = [];
