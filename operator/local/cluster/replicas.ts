import type { KubernetesObject } from '../../framework/api/object.ts';
import type { NamespaceLabels } from './injection.ts';
import { type Deployment, type LocalPod, type StatefulSet, TEMPLATE_HASH_LABEL } from './kinds.ts';
import { isReady, isTerminating } from './pod-state.ts';
import { podOf, templateHash } from './pod-template.ts';

/** What leads from the pods that a workload has towards those that it should have. */
export interface ReplicaPlan {
  readonly create: readonly LocalPod[];
  readonly remove: readonly LocalPod[];
}

/** What a plan is made from: `pods` are all that the workload owns, those that terminate included. */
export interface ReplicaInput<T extends KubernetesObject> {
  readonly workload: T;
  readonly pods: readonly LocalPod[];
  readonly namespace: NamespaceLabels;
}

/**
 * The next step of a Deployment: all new pods at once, and an old one goes when a new one is ready. With the strategy
 * `Recreate` the old ones go first.
 */
export function planDeployment({ workload, pods, namespace }: ReplicaInput<Deployment>): ReplicaPlan {
  const template = workload.spec?.template;
  const wanted = workload.kind === 'DaemonSet' ? 1 : (workload.spec?.replicas ?? 1);
  const hash = templateHash(template, namespace);
  const alive = pods.filter((pod) => !isTerminating(pod)).sort(byOrdinal);
  const current = alive.filter((pod) => hashOf(pod) === hash);
  const old = alive.filter((pod) => hashOf(pod) !== hash);
  if (workload.spec?.strategy?.type === 'Recreate' && pods.some((pod) => hashOf(pod) !== hash))
    return { create: [], remove: old };
  const names = new Set(pods.map((pod) => pod.metadata.name));
  const create: LocalPod[] = [];
  for (let ordinal = 0; current.length + create.length < wanted; ordinal += 1) {
    const name = `${workload.metadata.name}-${hash}-${ordinal}`;
    if (!names.has(name)) create.push(podOf({ name, owner: workload, template, namespace, hash }));
  }
  const ready = current.filter(isReady).length;
  const kept = old.filter(isReady).slice(0, Math.max(0, wanted - ready));
  return { create, remove: [...current.slice(wanted), ...old.filter((pod) => !kept.includes(pod))] };
}

/** The next step of a StatefulSet: pods have fixed names, start in their order, and are replaced one by one from the last. */
export function planStatefulSet({ workload, pods, namespace }: ReplicaInput<StatefulSet>): ReplicaPlan {
  const { template, replicas: wanted = 1, podManagementPolicy } = workload.spec ?? {};
  const hash = templateHash(template, namespace);
  const byName = new Map(pods.map((pod) => [pod.metadata.name, pod]));
  const names = Array.from({ length: wanted }, (_, ordinal) => `${workload.metadata.name}-${ordinal}`);
  const surplus = pods.filter((pod) => !isTerminating(pod) && !names.includes(pod.metadata.name));
  const create: LocalPod[] = [];
  for (const name of names) {
    const pod = byName.get(name);
    if (pod === undefined) create.push(podOf({ name, owner: workload, template, namespace, hash }));
    // One that has not started yet may hold back the next only in order.
    if (podManagementPolicy !== 'Parallel' && (pod === undefined || !isReady(pod))) break;
  }
  const outdated = names.flatMap((name) => {
    const pod = byName.get(name);
    return pod !== undefined && !isTerminating(pod) && hashOf(pod) !== hash ? [pod] : [];
  });
  const broken = outdated.filter((pod) => !isReady(pod));
  const settled = names.every((name) => {
    const pod = byName.get(name);
    return pod !== undefined && isReady(pod) && !isTerminating(pod);
  });
  return { create, remove: [...surplus, ...(broken.length > 0 ? broken : settled ? outdated.slice(-1) : [])] };
}

function hashOf(pod: LocalPod): string | undefined {
  return pod.metadata.labels?.[TEMPLATE_HASH_LABEL];
}

function byOrdinal(a: LocalPod, b: LocalPod): number {
  const [left, right] = [ordinalOf(a), ordinalOf(b)];
  return left === right ? (a.metadata.name < b.metadata.name ? -1 : 1) : left - right;
}

function ordinalOf(pod: LocalPod): number {
  return Number(pod.metadata.name.slice(pod.metadata.name.lastIndexOf('-') + 1));
}
