import type { Namespace, Pod } from '../../api/index.ts';
import { isAlive, isMeshed } from '../../build/pod-class.ts';
import type { KubernetesObject } from '../../framework/index.ts';
import { resourceKind } from '../../framework/index.ts';
import { decideInjection, INJECT_LABEL, type InjectionSettings, type PodShape } from '../../webhooks/index.ts';

/** `v1` ConfigMap, as far as it is used here. */
export interface ConfigMap extends KubernetesObject {
  readonly data?: Readonly<Record<string, string>>;
  readonly immutable?: boolean;
}

/** The kind ConfigMap. */
export const CONFIG_MAP = resourceKind<ConfigMap>('v1', 'ConfigMap');

const LABELS: Readonly<Record<string, string>> = {
  'app.kubernetes.io/component': 'proxy-files',
  'app.kubernetes.io/managed-by': 'dot-kube-operator',
  'app.kubernetes.io/part-of': 'dot-kube',
};

/** Whether a pod cannot start, or cannot go on, without the files in its namespace. Pure. */
export function podNeedsFiles(pod: Pod, settings: InjectionSettings): boolean {
  if (!isAlive(pod)) return false;
  if (isMeshed(pod)) return true;
  // The label of the namespace speaks for the namespace, with pods and without.
  if (pod.metadata.labels?.[INJECT_LABEL] !== 'enabled') return false;
  const place = { name: pod.metadata.namespace ?? '' };
  return decideInjection(pod as unknown as PodShape, place, settings).kind === 'inject';
}

/** Whether a namespace has the files because it says so, and not for its pods alone. Pure. */
export function isMeshedNamespace({ metadata }: Namespace, { systemNamespaces }: InjectionSettings): boolean {
  return metadata.labels?.[INJECT_LABEL] === 'enabled' && !systemNamespaces.includes(metadata.name);
}

/** The ConfigMap of a namespace. No object of the namespace could own it: it goes when the namespace needs it no more. Pure. */
export function proxyFilesOf(
  namespace: string,
  { configMap: name }: Pick<InjectionSettings, 'configMap'>,
  data: Readonly<Record<string, string>>,
): ConfigMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels: LABELS }, data };
}

/** Whether all that is wanted is there; what others have added is theirs. Pure. */
export function holdsFiles(live: ConfigMap | undefined, wanted: ConfigMap): boolean {
  const holds = (has: Readonly<Record<string, string>> = {}, parts: Readonly<Record<string, string>> = {}): boolean =>
    Object.entries(parts).every(([key, value]) => has[key] === value);
  return live !== undefined && holds(live.data, wanted.data) && holds(live.metadata.labels, wanted.metadata.labels);
}

/** Whether a ConfigMap was made here. Pure. */
export function isOurs({ metadata }: ConfigMap): boolean {
  return metadata.labels?.['app.kubernetes.io/managed-by'] === LABELS['app.kubernetes.io/managed-by'];
}
