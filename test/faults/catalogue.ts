import { V2 } from './attacks/v02-configuration-of-others.ts';
import { V3 } from './attacks/v03-tokens-of-others.ts';
import { V4 } from './attacks/v04-keys-fail.ts';
import { V1 } from './attacks/v01-crafted-messages.ts';
import { V6 } from './attacks/v06-regular-expressions.ts';
import { V7 } from './attacks/v07-path-normalisation.ts';
import { V8 } from './attacks/v08-headers-and-names.ts';
import { V13 } from './attacks/v13-policy-gaps.ts';
import { V15 } from './attacks/v15-prototype-pollution.ts';
import type { Fault } from './fault.ts';
import { F1 } from './faults/f01-control-plane-killed.ts';
import { F2 } from './faults/f02-crash-loop.ts';
import { F3 } from './faults/f03-proxy-restarts-meanwhile.ts';
import { F5 } from './faults/f05-watch-faults.ts';
import { F6 } from './faults/f06-empty-lists.ts';
import { F7 } from './faults/f07-poisoned-objects.ts';
import { F8 } from './faults/f08-refusal-storm.ts';
import { F11 } from './faults/f11-certificates-rotate.ts';
import { F12 } from './faults/f12-nobody-signs.ts';
import { F16 } from './faults/f16-stuck-proxies.ts';
import { F17 } from './faults/f17-churn-storm.ts';
import { F22 } from './faults/f22-swaps.ts';
import { R7 } from './faults/r07-taken-by-envoy.ts';
import { R15 } from './faults/r15-any-order.ts';

/** All faults and attacks, in the order in which they run. */
export const CATALOGUE: readonly Fault[] = [
  F1,
  F2,
  F3,
  F5,
  F6,
  F7,
  F8,
  F11,
  F12,
  F16,
  F17,
  F22,
  R7,
  R15,
  V2,
  V3,
  V4,
  V1,
  V6,
  V7,
  V8,
  V13,
  V15,
];
