import { createHash } from 'node:crypto';
import type { Container, Pod } from '../api/index.ts';
import { compareText, type Labels, listOf, numberOf, objectOf, pairsOf, textOf } from './lenient.ts';

/** The label or annotation that injection leaves on a pod that has a proxy, with the value `injected`. */
export const INJECTION_STATUS = 'mesh.dot-kube.io/status';
/** The name of the proxy's container. */
export const PROXY_CONTAINER = 'dot-kube-proxy';

/** A TCP port that a container of the pod declares. */
export interface NamedPort {
  readonly name?: string;
  readonly port: number;
}

/** What all pods of a class have in common, and all that their proxies' configuration may depend on. */
export interface PodClass {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly labels: Labels;
  /** Sorted by port; without those of the proxy itself. */
  readonly ports: readonly NamedPort[];
}

/** Labels that differ between replicas or revisions of one workload, and that no selector of a policy or a Service wants. */
const IGNORED_LABELS = new Set(['pod-template-hash', 'controller-revision-hash', 'pod-template-generation']);
const IGNORED_PREFIX = 'topology.kubernetes.io/';

/** Whether a label is none that tells workloads apart: what selects by it selects nothing here. */
export function isIgnoredLabel(key: string): boolean {
  return IGNORED_LABELS.has(key) || key.startsWith(IGNORED_PREFIX);
}

/** Whether the pod has a proxy of the mesh: decided by injection, not by whether the proxy is connected. */
export function isMeshed(pod: Pod): boolean {
  if (pod.spec?.hostNetwork === true) return false;
  const { labels, annotations } = pod.metadata;
  return (
    objectOf(annotations)?.[INJECTION_STATUS] === 'injected' ||
    objectOf(labels)?.[INJECTION_STATUS] === 'injected' ||
    containersOf(pod).some(({ name }) => name === PROXY_CONTAINER)
  );
}

/** Whether the pod still has, or will have, something that runs. */
export function isAlive(pod: Pod): boolean {
  const phase = pod.status?.phase;
  return phase !== 'Succeeded' && phase !== 'Failed';
}

/** The service account that the pod runs as. */
export function serviceAccountOf(pod: Pod): string {
  return textOf(pod.spec?.serviceAccountName) ?? 'default';
}

/** The pod's class: what its {@link classKeyOf} is made from. */
export function podClassOf(pod: Pod): PodClass {
  const labels = pairsOf(pod.metadata.labels).filter(([key]) => !isIgnoredLabel(key));
  return {
    namespace: pod.metadata.namespace ?? '',
    serviceAccount: serviceAccountOf(pod),
    labels: Object.fromEntries(labels),
    ports: containerPortsOf(pod),
  };
}

const keys = new WeakMap<Pod, string>();

/**
 * The key of the class of pods that get the same configuration: `namespace/service account/hash of labels and ports`.
 * Objects are immutable, so the key is remembered with them.
 */
export function classKeyOf(pod: Pod): string {
  const known = keys.get(pod);
  if (known !== undefined) return known;
  const { namespace, serviceAccount, labels, ports } = podClassOf(pod);
  const text = JSON.stringify([pairsOf(labels), ports.map(({ name, port }) => [port, name ?? ''])]);
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
  const key = `${namespace}/${serviceAccount}/${hash}`;
  keys.set(pod, key);
  return key;
}

/** The port number behind a Service's targetPort; a name that no container has is `undefined`. */
export function resolvePort(target: number | string, ports: readonly NamedPort[]): number | undefined {
  if (typeof target === 'number') return target;
  return ports.find(({ name }) => name === target)?.port;
}

function containersOf(pod: Pod): readonly Container[] {
  return [...listOf(pod.spec?.containers), ...listOf(pod.spec?.initContainers)];
}

/** Init containers that run along as sidecars may serve too. */
function containerPortsOf(pod: Pod): readonly NamedPort[] {
  const sidecars = listOf(pod.spec?.initContainers).filter(({ restartPolicy }) => restartPolicy === 'Always');
  const found = new Map<string, NamedPort>();
  for (const container of [...listOf(pod.spec?.containers), ...sidecars]) {
    if (container.name === PROXY_CONTAINER) continue;
    for (const { name, containerPort, protocol } of listOf(container.ports)) {
      const port = numberOf(containerPort);
      if (port === undefined || (protocol ?? 'TCP') !== 'TCP') continue;
      const text = textOf(name);
      found.set(`${port} ${text ?? ''}`, text === undefined ? { port } : { name: text, port });
    }
  }
  return [...found.values()].sort((a, b) => a.port - b.port || compareText(a.name ?? '', b.name ?? ''));
}
