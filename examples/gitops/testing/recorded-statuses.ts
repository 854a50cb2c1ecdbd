import type { MeshStatus } from '../../../operator/api/index.ts';
import type { Programming, Verdict } from '../../../operator/controllers/status/conditions-for.ts';
import { desiredStatus } from '../../../operator/controllers/status/desired-status.ts';
import type { Health } from './health-script.ts';
import type { Kstatus } from './kstatus.ts';

/** A state that an object can be in, and what tools should take it for. */
export interface RecordedCase {
  /** Name of its file. */
  readonly name: string;
  readonly generation: number;
  /** The status that the operator writes; undefined: none. */
  readonly status: MeshStatus | undefined;
  readonly health: Health;
  readonly kstatus: Kstatus;
}

const T0 = Date.UTC(2026, 0, 1);
const FINE: Verdict = { warnings: [] };

/** The status that the operator writes for a generation that it has found to be so. */
function written(programming: Programming, verdict: Verdict = FINE, generation = 2): MeshStatus {
  return desiredStatus({ generation, current: undefined, verdict, programming, now: T0 });
}

const PROXY_SAID =
  'DK3001 bookstore/storefront-0 refuses what comes of it: maglev: table size must be a prime number (fix: change what the proxy names; until then the last version that it took stays in force)';
const IS_INVALID = 'DK2106 spec.selector: it cannot work on a headless Service (fix: remove it, or apply it elsewhere)';
const IS_IN_CONFLICT =
  'DK2201 spec: older sets it too, and is older (fix: remove it here or there, or merge the two objects)';
const IS_MISSING =
  'DK2001 spec: the namespace bookstore has no Service reviews (fix: create the Service reviews, or correct the name; it is taken up as soon as it is there)';

const PROGRAMMED: Programming = { kind: 'programmed', total: 3 };
const NOBODY: Programming = { kind: 'programmed', total: 0 };
const REJECTED: Programming = {
  kind: 'rejected',
  total: 3,
  programmed: 2,
  rejected: 1,
  message: PROXY_SAID,
};
const INVALID: Verdict = {
  refused: { reason: 'Invalid', message: IS_INVALID },
  warnings: [],
};
const CONFLICTED: Verdict = {
  refused: { reason: 'Conflicted', message: IS_IN_CONFLICT },
  warnings: [],
};
const UNRESOLVED: Verdict = {
  unresolved: { reason: 'ServiceNotFound', message: IS_MISSING },
  warnings: [],
};

const UNSEEN = 'Waiting for the operator to see the latest change';

/** The states of every kind: the operator writes the statuses of all of them by the same code. */
export const RECORDED_CASES: readonly RecordedCase[] = [
  {
    name: 'progressing_no_status',
    generation: 1,
    status: undefined,
    health: { status: 'Progressing', message: 'Waiting for the operator' },
    // Without a status kstatus says that all is done, which is why the API server gives every object the next one.
    kstatus: 'Current',
  },
  {
    name: 'progressing_not_seen',
    generation: 1,
    status: { observedGeneration: -1 },
    health: { status: 'Progressing', message: 'Waiting for the operator' },
    kstatus: 'InProgress',
  },
  {
    name: 'progressing_pending',
    generation: 2,
    status: written({ kind: 'waiting', total: 3, waitingFor: ['bookstore/storefront-0'] }),
    health: {
      status: 'Progressing',
      message: '2 of 3 proxies have acknowledged generation 2; waiting for bookstore/storefront-0',
    },
    kstatus: 'InProgress',
  },
  {
    name: 'progressing_returning',
    generation: 2,
    status: written({ kind: 'returning', total: 0 }),
    health: {
      status: 'Progressing',
      message: 'the control plane has just started, and waits for proxies to come back',
    },
    kstatus: 'InProgress',
  },
  {
    name: 'progressing_unresolved',
    generation: 2,
    status: written(PROGRAMMED, UNRESOLVED),
    health: { status: 'Progressing', message: IS_MISSING },
    kstatus: 'InProgress',
  },
  {
    name: 'progressing_stale_healthy',
    generation: 3,
    status: written(PROGRAMMED),
    health: { status: 'Progressing', message: UNSEEN },
    kstatus: 'InProgress',
  },
  {
    name: 'progressing_stale_degraded',
    generation: 3,
    status: written(NOBODY, INVALID),
    health: { status: 'Progressing', message: UNSEEN },
    kstatus: 'InProgress',
  },
  {
    name: 'healthy_programmed',
    generation: 2,
    status: written(PROGRAMMED),
    health: { status: 'Healthy', message: 'acknowledged by every proxy concerned' },
    kstatus: 'Current',
  },
  {
    name: 'healthy_no_proxy',
    generation: 2,
    status: written(NOBODY),
    health: { status: 'Healthy', message: 'no connected proxy uses what this object configures' },
    kstatus: 'Current',
  },
  {
    name: 'degraded_invalid',
    generation: 2,
    status: written(NOBODY, INVALID),
    health: { status: 'Degraded', message: IS_INVALID },
    kstatus: 'Failed',
  },
  {
    name: 'degraded_conflicted',
    generation: 2,
    status: written(NOBODY, CONFLICTED),
    health: { status: 'Degraded', message: IS_IN_CONFLICT },
    kstatus: 'Failed',
  },
  {
    name: 'degraded_rejected',
    generation: 2,
    status: written(REJECTED),
    health: {
      status: 'Degraded',
      message: PROXY_SAID,
    },
    kstatus: 'Failed',
  },
];
