import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Deployment, type LocalPod, type PodTemplate, type StatefulSet, TEMPLATE_HASH_LABEL } from './kinds.ts';
import { planDeployment, planStatefulSet } from './replicas.ts';

const MESHED = { 'mesh.dot-kube.io/inject': 'enabled' };

function template(version: string, labels: Record<string, string> = {}): PodTemplate {
  return {
    metadata: { labels: { app: 'reviews', ...labels } },
    spec: { containers: [{ name: 'main', command: ['node', version] }] },
  };
}

function deployment(version: string, replicas: number, strategy?: 'Recreate'): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'reviews', namespace: 'shop', uid: 'u1' },
    spec: {
      replicas,
      template: template(version),
      ...(strategy === undefined ? {} : { strategy: { type: strategy } }),
    },
  };
}

function statefulSet(version: string, replicas: number): StatefulSet {
  return { ...deployment(version, replicas), kind: 'StatefulSet', spec: { replicas, template: template(version) } };
}

const ready = (pod: LocalPod): LocalPod => ({
  ...pod,
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
});
const terminating = (pod: LocalPod): LocalPod => ({
  ...pod,
  metadata: { ...pod.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
});
const names = (pods: readonly LocalPod[]): string[] => pods.map((pod) => pod.metadata.name);

function plan(workload: Deployment, pods: readonly LocalPod[], namespace: Record<string, string> = MESHED) {
  return planDeployment({ workload, pods, namespace });
}

test('a Deployment has its replicas, owned by it, labelled, injected and with an account', () => {
  const { create, remove } = plan(deployment('v1', 2), []);
  assert.equal(create.length, 2);
  assert.deepEqual(remove, []);
  const [first] = create;
  const hash = first?.metadata.labels?.[TEMPLATE_HASH_LABEL] ?? '';
  assert.deepEqual(names(create), [`reviews-${hash}-0`, `reviews-${hash}-1`]);
  assert.deepEqual(first?.metadata.labels, {
    app: 'reviews',
    [TEMPLATE_HASH_LABEL]: hash,
    'mesh.dot-kube.io/status': 'injected',
  });
  assert.equal(first?.metadata.namespace, 'shop');
  assert.equal(first?.metadata.ownerReferences?.[0]?.uid, 'u1');
  assert.equal(first?.spec?.serviceAccountName, 'default');
  assert.deepEqual(plan(deployment('v1', 2), create), { create: [], remove: [] });
});

test('a pod is meshed as its own label says, and otherwise as its namespace does', () => {
  const status = (labels: Record<string, string>, namespace: Record<string, string>) => {
    const workload = { ...deployment('v1', 1), spec: { template: template('v1', labels) } };
    return plan(workload, [], namespace).create[0]?.metadata.labels?.['mesh.dot-kube.io/status'];
  };
  assert.equal(status({}, MESHED), 'injected');
  assert.equal(status({}, {}), undefined);
  assert.equal(status({ 'mesh.dot-kube.io/inject': 'disabled' }, MESHED), undefined);
  assert.equal(status({ 'mesh.dot-kube.io/inject': 'enabled' }, {}), 'injected');
});

test('scaling down removes the last replicas', () => {
  const pods = plan(deployment('v1', 3), []).create.map(ready);
  assert.deepEqual(names(plan(deployment('v1', 1), pods).remove), names(pods.slice(1)));
});

test('an edit starts all new pods, and an old one goes when a new one is ready', () => {
  const old = plan(deployment('v1', 2), []).create.map(ready);
  const first = plan(deployment('v2', 2), old);
  assert.equal(first.create.length, 2);
  assert.deepEqual(first.remove, []);
  const [one, two] = first.create;
  assert.ok(one && two);
  assert.deepEqual(names(plan(deployment('v2', 2), [...old, ready(one), two]).remove), names(old.slice(1)));
  assert.deepEqual(names(plan(deployment('v2', 2), [...old, ready(one), ready(two)]).remove), names(old));
});

test('an old pod that was never ready is not kept for the sake of a new one', () => {
  const old = plan(deployment('v1', 2), []).create;
  assert.deepEqual(names(plan(deployment('v2', 2), old).remove), names(old));
});

test('Recreate waits until the old pods are gone', () => {
  const old = plan(deployment('v1', 1), []).create.map(ready);
  const step = plan(deployment('v2', 1, 'Recreate'), old);
  assert.deepEqual([step.create, names(step.remove)], [[], names(old)]);
  assert.deepEqual(plan(deployment('v2', 1, 'Recreate'), old.map(terminating)).create, []);
  assert.equal(plan(deployment('v2', 1, 'Recreate'), []).create.length, 1);
});

test('a name that a terminating pod still has is not given again', () => {
  const pods = plan(deployment('v1', 1), []).create.map(ready).map(terminating);
  const { create } = plan(deployment('v1', 1), pods);
  assert.match(create[0]?.metadata.name ?? '', /-1$/);
});

test('a label that meshes the namespace replaces its pods', () => {
  const before = plan(deployment('v1', 1), [], {}).create.map(ready);
  const { create } = plan(deployment('v1', 1), before, MESHED);
  assert.equal(create[0]?.metadata.labels?.['mesh.dot-kube.io/status'], 'injected');
});

test('a StatefulSet starts its pods one after the other under fixed names', () => {
  const workload = statefulSet('v1', 2);
  const [first] = planStatefulSet({ workload, pods: [], namespace: MESHED }).create;
  assert.ok(first);
  assert.equal(first.metadata.name, 'reviews-0');
  assert.deepEqual(planStatefulSet({ workload, pods: [first], namespace: MESHED }).create, []);
  assert.deepEqual(names(planStatefulSet({ workload, pods: [ready(first)], namespace: MESHED }).create), ['reviews-1']);
});

test('a StatefulSet replaces one pod at a time, the last first', () => {
  const input = (workload: StatefulSet, pods: readonly LocalPod[]) => ({ workload, pods, namespace: MESHED });
  const [zero] = planStatefulSet(input(statefulSet('v1', 1), [])).create.map(ready);
  assert.ok(zero);
  const one = { ...zero, metadata: { ...zero.metadata, name: 'reviews-1' } };
  assert.deepEqual(names(planStatefulSet(input(statefulSet('v2', 2), [zero, one])).remove), ['reviews-1']);
  const during = planStatefulSet(input(statefulSet('v2', 2), [zero, terminating(one)]));
  assert.deepEqual(during, { create: [], remove: [] });
});
