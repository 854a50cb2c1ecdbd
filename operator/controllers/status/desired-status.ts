import { isDeepStrictEqual } from 'node:util';
import type { MeshStatus } from '../../api/index.ts';
import { setConditions } from '../../framework/index.ts';
import { conditionsFor, type Programming, proxyCountsFor, type Verdict } from './conditions-for.ts';

/** Everything that a status is made of. `now` is in milliseconds since the epoch. */
export interface StatusInput {
  readonly generation: number;
  readonly current: MeshStatus | undefined;
  readonly verdict: Verdict;
  readonly programming: Programming;
  readonly now: number;
}

/** How a status that should be written differs from the one that is there. */
export type StatusChange = 'none' | 'counts' | 'conditions';

/** The status that an object should have. Pure. */
export function desiredStatus(input: StatusInput): MeshStatus {
  const { generation, verdict, programming, now } = input;
  return {
    observedGeneration: generation,
    conditions: setConditions(input.current?.conditions, conditionsFor({ generation, verdict, programming }), {
      generation,
      now,
    }),
    proxies: proxyCountsFor(verdict, programming),
  };
}

/** Tells a change of counts alone apart, as those need not be written at once. */
export function statusChange(current: MeshStatus | undefined, desired: MeshStatus): StatusChange {
  if (current === undefined) return 'conditions';
  const { proxies, ...rest } = current;
  const { proxies: desiredProxies, ...desiredRest } = desired;
  if (!isDeepStrictEqual(withoutCountsInMessages(rest), withoutCountsInMessages(desiredRest))) return 'conditions';
  return isDeepStrictEqual(proxies, desiredProxies) && isDeepStrictEqual(rest, desiredRest) ? 'none' : 'counts';
}

/** The message of a pending object counts proxies too: "3 of 1000 proxies …". */
function withoutCountsInMessages(status: MeshStatus): MeshStatus {
  const conditions = (status.conditions ?? []).map((condition) =>
    condition.reason === 'Pending' ? { ...condition, message: '' } : condition,
  );
  return { ...status, conditions };
}
