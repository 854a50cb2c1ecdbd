import { isDeepStrictEqual } from 'node:util';
import type { MeshStatus } from '../../api/index.ts';
import { findCondition, setConditions } from '../../framework/index.ts';
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
  const { generation, verdict, now } = input;
  const programming = standing(input);
  return {
    observedGeneration: generation,
    conditions: setConditions(input.current?.conditions, conditionsFor({ generation, verdict, programming }), {
      generation,
      now,
    }),
    proxies: proxyCountsFor(verdict, programming),
  };
}

/**
 * What was found out of this generation stands until there is something better to say: a proxy that joins later never turns
 * it False, and one that is not back after a restart of ours says nothing.
 */
function standing({ generation, current, programming }: StatusInput): Programming {
  const found = findCondition(current?.conditions, 'Programmed');
  const { total = 0, programmed = 0, rejected = 0 } = current?.proxies ?? {};
  const isReturning = programming.kind === 'returning';
  // Those that were there are still expected.
  if (found?.observedGeneration !== generation)
    return isReturning ? { ...programming, total: Math.max(programming.total, total) } : programming;
  if (found.status === 'True' && (isReturning || programming.kind === 'waiting')) return { kind: 'programmed', total };
  if (found.reason === 'RejectedByProxy' && isReturning)
    return { kind: 'rejected', total, programmed, rejected, message: found.message };
  return programming;
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
