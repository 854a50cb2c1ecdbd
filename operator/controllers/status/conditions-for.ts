import type { ConditionInput, Progress } from '../../framework/index.ts';
import { kstatusConditions } from '../../framework/index.ts';

/** What the compiler says of an object. Messages carry their stable code. */
export interface Verdict {
  /** Absent: accepted. An object that is not accepted has no effect. */
  readonly refused?: { readonly reason: 'Invalid' | 'Conflicted'; readonly message: string };
  /** Absent: everything that it names is there. */
  readonly unresolved?: { readonly reason: string; readonly message: string };
  /** Notes that stop nothing. */
  readonly warnings: readonly string[];
}

/** What the proxies say of an object's generation. */
export type Programming =
  /** The control plane has just started, and proxies that should be there are not back yet. */
  | { readonly kind: 'returning'; readonly total: number }
  | {
      readonly kind: 'waiting';
      readonly total: number;
      readonly waitingFor: readonly string[];
      /** Replicas of the control plane that have not told their proxies of it yet. */
      readonly replicas?: readonly string[];
    }
  | { readonly kind: 'programmed'; readonly total: number }
  | {
      readonly kind: 'rejected';
      readonly total: number;
      readonly programmed: number;
      readonly rejected: number;
      readonly message: string;
    };

/** What conditions are made of. */
export interface ConditionsInput {
  readonly generation: number;
  readonly verdict: Verdict;
  readonly programming: Programming;
}

const RETURNING = 'the control plane has just started, and waits for proxies to come back';

/** How many names a message lists before it only counts. */
const NAMES_IN_MESSAGE = 3;

/**
 * The conditions of an object of ours: `Accepted`, `ResolvedRefs`, `Programmed`, and the three of kstatus. Pure.
 *
 * A missing reference counts as being worked on and not as stalled: the object that it names may be in the same commit,
 * and a GitOps tool should wait for it.
 */
export function conditionsFor(input: ConditionsInput): readonly ConditionInput[] {
  const { verdict } = input;
  return [accepted(verdict), resolvedRefs(verdict), programmed(input), ...kstatusConditions(progressOf(input))];
}

function accepted({ refused, warnings }: Verdict): ConditionInput {
  if (refused !== undefined)
    return { type: 'Accepted', status: 'False', reason: refused.reason, message: refused.message };
  return { type: 'Accepted', status: 'True', reason: 'Accepted', message: warnings.join('; ') };
}

function resolvedRefs({ unresolved }: Verdict): ConditionInput {
  if (unresolved === undefined) return { type: 'ResolvedRefs', status: 'True', reason: 'ResolvedRefs' };
  return { type: 'ResolvedRefs', status: 'False', reason: unresolved.reason, message: unresolved.message };
}

function programmed({ verdict, programming, generation }: ConditionsInput): ConditionInput {
  const type = 'Programmed';
  if (verdict.refused !== undefined)
    return { type, status: 'False', reason: 'NotAccepted', message: verdict.refused.message };
  switch (programming.kind) {
    case 'rejected':
      return { type, status: 'False', reason: 'RejectedByProxy', message: programming.message };
    case 'waiting':
      return { type, status: 'False', reason: 'Pending', message: waitingMessage(programming, generation) };
    case 'returning':
      return { type, status: 'False', reason: 'Pending', message: RETURNING };
    case 'programmed':
      return programming.total === 0
        ? {
            type,
            status: 'True',
            reason: 'NoProxyUsesIt',
            message: 'no connected proxy uses what this object configures',
          }
        : { type, status: 'True', reason: 'Programmed', message: 'acknowledged by every proxy concerned' };
  }
}

function waitingMessage(waiting: Extract<Programming, { kind: 'waiting' }>, generation: number): string {
  const { total, waitingFor, replicas = [] } = waiting;
  if (waitingFor.length === 0 && replicas.length === 0)
    return `acknowledged by ${total} proxies; connections of the previous generation are being closed`;
  const named = waitingFor.slice(0, NAMES_IN_MESSAGE).join(', ');
  const more = waitingFor.length > NAMES_IN_MESSAGE ? ` and ${waitingFor.length - NAMES_IN_MESSAGE} more` : '';
  const behind = replicas.length === 0 ? [] : [`the control plane's ${replicas.join(', ')} to tell its proxies`];
  const whom = [...(waitingFor.length === 0 ? [] : [`${named}${more}`]), ...behind].join(', and for ');
  return `${total - waitingFor.length} of ${total} proxies have acknowledged generation ${generation}; waiting for ${whom}`;
}

function progressOf(input: ConditionsInput): Progress {
  const { verdict, programming } = input;
  if (verdict.refused !== undefined) return { kind: 'stalled', ...verdict.refused };
  if (programming.kind === 'rejected')
    return { kind: 'stalled', reason: 'RejectedByProxy', message: programming.message };
  if (verdict.unresolved !== undefined) return { kind: 'reconciling', ...verdict.unresolved };
  const { reason, message = '' } = programmed(input);
  const isPending = programming.kind === 'waiting' || programming.kind === 'returning';
  return { kind: isPending ? 'reconciling' : 'ready', reason, message };
}

/** `status.proxies`. */
export interface ProxyCounts {
  readonly total: number;
  readonly programmed: number;
  readonly rejected: number;
}

/** The counts that belong to the conditions. */
export function proxyCountsFor(verdict: Verdict, programming: Programming): ProxyCounts {
  if (verdict.refused !== undefined) return { total: 0, programmed: 0, rejected: 0 };
  const { total } = programming;
  switch (programming.kind) {
    case 'returning':
      return { total, programmed: 0, rejected: 0 };
    case 'waiting':
      return { total, programmed: total - programming.waitingFor.length, rejected: 0 };
    case 'programmed':
      return { total, programmed: total, rejected: 0 };
    case 'rejected':
      return { total, programmed: programming.programmed, rejected: programming.rejected };
  }
}
