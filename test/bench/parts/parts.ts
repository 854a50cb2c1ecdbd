import type { Bench } from '../rig/bench.ts';
import type { BenchFlags, PartName } from '../rig/options.ts';
import type { PartResult } from '../rig/part.ts';
import { dataPlane } from '../data-plane/part.ts';
import { growth } from './growth.ts';
import { profile } from './profile.ts';
import { memory } from './memory.ts';
import { restart } from './restart.ts';
import { sideBySide, STANDARD_SIZES } from './side-by-side.ts';
import { stalls } from './stalls.ts';
import { start } from './start.ts';

/** How each part is run. */
export const PART_RUNNERS: Readonly<Record<PartName, (bench: Bench, flags: BenchFlags) => Promise<PartResult>>> = {
  'control-plane': (bench, { sizes }) => sideBySide(bench, sizes ?? STANDARD_SIZES),
  growth,
  start,
  restart,
  memory,
  stalls,
  'data-plane': dataPlane,
  profile,
};
