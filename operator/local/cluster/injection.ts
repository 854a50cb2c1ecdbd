/** The labels of a namespace. */
export type NamespaceLabels = Readonly<Record<string, string>>;

/** On a namespace, `enabled` meshes its pods; on a pod, `disabled` leaves it out. */
export const INJECT_LABEL = 'mesh.dot-kube.io/inject';
/** On a pod, `injected` says that it has a proxy. */
export const STATUS_LABEL = 'mesh.dot-kube.io/status';

/** What injection adds to a pod. */
export interface Injection {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const NONE: Injection = { labels: {}, annotations: {} };

/** What injection adds to a pod with these labels in this namespace. */
export function injectionOf(
  labels: Readonly<Record<string, string>> | undefined,
  namespace: NamespaceLabels,
): Injection {
  const own = labels?.[INJECT_LABEL];
  const meshed = own === undefined ? namespace[INJECT_LABEL] === 'enabled' : own === 'enabled';
  return meshed ? { labels: { [STATUS_LABEL]: 'injected' }, annotations: {} } : NONE;
}
