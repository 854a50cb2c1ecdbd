import type { ConditionInput } from './conditions.ts';

/** Where the reconciling of an object stands, for `kubectl wait`, Flux and Argo CD. */
export type Progress =
  | { readonly kind: 'ready'; readonly reason: string; readonly message?: string }
  /** It is being worked on, and nobody has to do anything. */
  | { readonly kind: 'reconciling'; readonly reason: string; readonly message?: string }
  /** It cannot go on before somebody changes something. */
  | { readonly kind: 'stalled'; readonly reason: string; readonly message?: string };

/**
 * The three conditions that kstatus reads (cli-utils/pkg/kstatus), all of them always present: without `Ready` an object
 * counts as current, and with `Ready=False` alone it counts as in progress for ever.
 */
export function kstatusConditions(progress: Progress): readonly ConditionInput[] {
  const { reason, message = '' } = progress;
  const is = (type: string, holds: boolean, otherwise: string): ConditionInput =>
    holds ? { type, status: 'True', reason, message } : { type, status: 'False', reason: otherwise, message: '' };
  const ready: ConditionInput =
    progress.kind === 'ready'
      ? { type: 'Ready', status: 'True', reason, message }
      : { type: 'Ready', status: 'False', reason, message };
  return [
    ready,
    is('Reconciling', progress.kind === 'reconciling', progress.kind === 'ready' ? 'Reconciled' : 'Stalled'),
    is('Stalled', progress.kind === 'stalled', 'NotStalled'),
  ];
}
