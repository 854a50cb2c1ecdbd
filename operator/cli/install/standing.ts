import { fieldOf } from '../../framework/api/json.ts';
import type { KubernetesObject } from '../../framework/api/object.ts';

/** Whether an object has come to what it is to be: nothing, or what it still waits for. */
export function waitsFor(object: KubernetesObject): string | undefined {
  const { generation = 0 } = object.metadata;
  const observed = numberAt(object.status, 'observedGeneration');
  switch (object.kind) {
    case 'CustomResourceDefinition':
      return hasCondition(object, 'Established') ? undefined : 'not established';
    case 'Namespace':
      return fieldOf(object.status, 'phase') === 'Terminating' ? 'still being deleted' : undefined;
    case 'Deployment':
      return observed < generation ? 'not yet looked at by its controller' : deploymentWaits(object);
    case 'DaemonSet':
      return observed < generation ? 'not yet looked at by its controller' : daemonSetWaits(object);
    default:
      return undefined;
  }
}

function deploymentWaits({ spec, status }: KubernetesObject): string | undefined {
  const wanted = numberAt(spec, 'replicas', 1);
  const [all, updated, available] = ['replicas', 'updatedReplicas', 'availableReplicas'].map((name) =>
    numberAt(status, name),
  ) as [number, number, number];
  if (updated < wanted) return `${updated} of ${wanted} replicas are of the new version`;
  if (available < wanted) return `${available} of ${wanted} replicas are ready`;
  if (all > updated) return `${all - updated} replicas of the old version are still there`;
  return undefined;
}

function daemonSetWaits({ status }: KubernetesObject): string | undefined {
  const wanted = numberAt(status, 'desiredNumberScheduled');
  const [updated, available] = [numberAt(status, 'updatedNumberScheduled'), numberAt(status, 'numberAvailable')];
  if (updated < wanted) return `${updated} of ${wanted} nodes have the new version`;
  return available < wanted ? `${available} of ${wanted} nodes are ready` : undefined;
}

function hasCondition({ status }: KubernetesObject, type: string): boolean {
  const conditions = fieldOf(status, 'conditions');
  return (
    Array.isArray(conditions) &&
    conditions.some((each) => fieldOf(each, 'type') === type && fieldOf(each, 'status') === 'True')
  );
}

/** Why pods do not run, in the words of those who tried: the first reason of each, without repetition. */
export function podTroubles(pods: readonly KubernetesObject[]): readonly string[] {
  return [
    ...new Set(pods.flatMap(({ metadata, status }) => troublesOf(status).map((why) => `${metadata.name}: ${why}`))),
  ];
}

/** Reasons of a start that is under way. */
const ON_THE_WAY = new Set(['ContainerCreating', 'PodInitializing']);

function troublesOf(status: unknown): readonly string[] {
  const unscheduled = listAt(status, 'conditions').find(
    (each) => fieldOf(each, 'type') === 'PodScheduled' && fieldOf(each, 'status') === 'False',
  );
  if (unscheduled !== undefined) return [said(unscheduled)];
  const containers = [...listAt(status, 'initContainerStatuses'), ...listAt(status, 'containerStatuses')];
  const waiting = containers.flatMap((each) => {
    const state = fieldOf(fieldOf(each, 'state'), 'waiting') ?? fieldOf(fieldOf(each, 'state'), 'terminated');
    const reason = fieldOf(state, 'reason');
    return typeof reason !== 'string' || ON_THE_WAY.has(reason) || reason === 'Completed' ? [] : [said(state)];
  });
  return waiting.slice(0, 1);
}

function said(state: unknown): string {
  const [reason, message] = [fieldOf(state, 'reason'), fieldOf(state, 'message')];
  return [reason, message].filter((text) => typeof text === 'string' && text !== '').join(': ');
}

function listAt(object: unknown, name: string): readonly unknown[] {
  const list = fieldOf(object, name);
  return Array.isArray(list) ? list : [];
}

function numberAt(object: unknown, name: string, absent = 0): number {
  const value = fieldOf(object, name);
  return typeof value === 'number' ? value : absent;
}
