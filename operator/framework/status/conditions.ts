import { rfc3339 } from '../clock.ts';

/** A condition of an object's status (`metav1.Condition`). */
export interface Condition {
  readonly type: string;
  readonly status: ConditionStatus;
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration?: number;
  readonly lastTransitionTime: string;
}

/** Whether the condition holds. */
export type ConditionStatus = 'True' | 'False' | 'Unknown';

/** What a reconciler says of a condition; the rest is stamped by {@link setCondition}. */
export interface ConditionInput {
  readonly type: string;
  readonly status: ConditionStatus;
  /** CamelCase, not empty. */
  readonly reason: string;
  /** Default: empty. */
  readonly message?: string;
}

/** What is stamped on a condition: the generation that was looked at, and the time (milliseconds since the epoch). */
export interface Stamp {
  readonly generation: number | undefined;
  readonly now: number;
}

/** The conditions with this one set; `lastTransitionTime` moves only when `status` changes. Sorted by type. */
export function setCondition(
  conditions: readonly Condition[] | undefined,
  input: ConditionInput,
  stamp: Stamp,
): readonly Condition[] {
  return setConditions(conditions, [input], stamp);
}

/** The conditions with all of these set; others stay. Sorted by type. */
export function setConditions(
  conditions: readonly Condition[] | undefined,
  inputs: readonly ConditionInput[],
  stamp: Stamp,
): readonly Condition[] {
  const byType = new Map((conditions ?? []).map((condition) => [condition.type, condition]));
  for (const input of inputs) {
    const old = byType.get(input.type);
    byType.set(input.type, {
      type: input.type,
      status: input.status,
      reason: input.reason,
      message: input.message ?? '',
      ...(stamp.generation === undefined ? {} : { observedGeneration: stamp.generation }),
      lastTransitionTime:
        old !== undefined && old.status === input.status ? old.lastTransitionTime : rfc3339(stamp.now),
    });
  }
  return [...byType.values()].sort((a, b) => (a.type < b.type ? -1 : 1));
}

/** The condition of a type. */
export function findCondition(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** Whether the condition of a type is there and `True`. */
export function isConditionTrue(conditions: readonly Condition[] | undefined, type: string): boolean {
  return findCondition(conditions, type)?.status === 'True';
}
