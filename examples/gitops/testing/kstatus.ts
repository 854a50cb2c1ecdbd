/** What Flux and other users of kstatus take an object for. */
export type Kstatus = 'Current' | 'InProgress' | 'Failed' | 'Terminating';

interface Judged {
  readonly metadata?: { readonly generation?: number | undefined; readonly deletionTimestamp?: string | undefined };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/**
 * The rules of kstatus for custom kinds (https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md), in the order in which
 * they are looked at: being deleted, a generation that was not observed, then the conditions as they stand in the list.
 */
export function kstatusOf({ metadata = {}, status = {} }: Judged): Kstatus {
  if (metadata.deletionTimestamp !== undefined) return 'Terminating';
  const { observedGeneration, conditions = [] } = status;
  if (metadata.generation !== undefined && observedGeneration !== undefined)
    if (observedGeneration !== metadata.generation) return 'InProgress';
  for (const { type, status: value } of conditions) {
    if (value !== 'True') continue;
    if (type === 'Reconciling') return 'InProgress';
    if (type === 'Stalled') return 'Failed';
  }
  const ready = conditions.find(({ type }) => type === 'Ready');
  // Nothing said is taken for done.
  return ready === undefined || ready.status === 'True' ? 'Current' : 'InProgress';
}
