import { definitionOf, type Finding, findingText } from '../../findings/index.ts';
import {
  type Condition,
  type ConditionInput,
  type EventInput,
  findCondition,
  setCondition,
} from '../../framework/index.ts';

/** Our condition among those that a Service may have. */
export const SERVICE_CONDITION = 'mesh.dot-kube.io/Accepted';

/** The API server takes no longer messages. */
const MESSAGE_LIMIT = 32_768;

/** What is said of a Service whose findings these are, sorted; nothing where there are none. Pure. */
export function serviceCondition(findings: readonly Finding[]): ConditionInput | undefined {
  const worst = findings.find(({ level }) => level === 'error') ?? findings[0];
  if (worst === undefined) return undefined;
  return {
    type: SERVICE_CONDITION,
    status: worst.level === 'error' ? 'False' : 'True',
    reason: definitionOf(worst.code).title,
    message: findings.map(findingText).join('; ').slice(0, MESSAGE_LIMIT),
  };
}

/** What has to be written of it, and what has to be told; undefined when the Service says so already. Pure. */
export function serviceChange(
  current: readonly Condition[] | undefined,
  findings: readonly Finding[],
  now: number,
): { readonly conditions: readonly Condition[]; readonly event?: EventInput } | undefined {
  const before = findCondition(current, SERVICE_CONDITION);
  const wanted = serviceCondition(findings);
  if (wanted === undefined) return before === undefined ? undefined : { conditions: [] };
  const { status, reason, message = '' } = wanted;
  if (before?.status === status && before.reason === reason && before.message === message) return undefined;
  return {
    conditions: setCondition(before === undefined ? [] : [before], wanted, { generation: undefined, now }),
    event: { type: 'Warning', reason, note: message },
  };
}
