import type { ProxyAnswers } from './ask-replicas.ts';

/** What is not known of proxies, and why. */
export function notesOn({ answered, silent }: Pick<ProxyAnswers, 'answered' | 'silent'>): readonly string[] {
  if (answered.length === 0 && silent.length === 0)
    return ['no replica of the operator runs in dot-kube-system, so nothing is known of proxies: see dotkube check'];
  return silent.map(({ pod, why }) => `${pod} has not answered, so its proxies are told of as not connected: ${why}`);
}
