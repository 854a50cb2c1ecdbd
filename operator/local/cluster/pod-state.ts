import type { Pod } from '../../api/core.ts';

/** Whether the pod is being deleted. */
export function isTerminating(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp !== undefined;
}

/** Whether the pod's condition `Ready` holds. */
export function isReady(pod: Pod): boolean {
  return pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

/** Whether the labels of a selector are all there. An empty selector selects nothing here, as that of a Service. */
export function selects(selector: Readonly<Record<string, string>> | undefined, pod: Pod): boolean {
  const wanted = Object.entries(selector ?? {});
  const labels = pod.metadata.labels ?? {};
  return wanted.length > 0 && wanted.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}
