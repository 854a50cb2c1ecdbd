import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubernetesObject } from '../../framework/api/object.ts';
import { type Found } from '../install/leftovers.ts';
import { kindOf } from '../install/system-kinds.ts';
import { uninstallPlan } from './plan.ts';
import type { Remains } from './remains.ts';

function object(
  apiVersion: string,
  kind: string,
  name: string,
  namespace?: string,
  metadata: object = {},
): KubernetesObject {
  return { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }), ...metadata } };
}

function found(...all: readonly KubernetesObject[]): readonly Found[] {
  return all.map((each) => ({ kind: kindOf(each), object: each }));
}

const OURS = { labels: { 'app.kubernetes.io/part-of': 'dot-kube' } };
const ALL: Remains = {
  system: found(
    object('v1', 'Service', 'dot-kube-xds', 'dot-kube-system'),
    object('apps/v1', 'Deployment', 'dot-kube-operator', 'dot-kube-system'),
    object('admissionregistration.k8s.io/v1', 'MutatingAdmissionPolicy', 'dot-kube-injection'),
  ),
  generated: found(object('v1', 'ConfigMap', 'dot-kube-proxy', 'shop')),
  namespace: object('v1', 'Namespace', 'dot-kube-system', undefined, OURS),
  definitions: [object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'meshpolicies.mesh.dot-kube.io')],
  injected: [],
  policies: [object('mesh.dot-kube.io/v1alpha1', 'MeshPolicy', 'fast', 'shop')],
};
const NOTHING: Remains = {
  system: [],
  generated: [],
  namespace: undefined,
  definitions: [],
  injected: [],
  policies: [],
};

const pod = (name: string, namespace: string) => object('v1', 'Pod', name, namespace);

test('what decides on others goes first, then who would make things again, and the kinds stay', () => {
  const { kept, objections, stages } = uninstallPlan(ALL, { crds: false });
  assert.deepEqual(
    stages.map(({ objects }) => objects.map(({ kind }) => kind.kind)),
    [['MutatingAdmissionPolicy'], ['Deployment'], ['ConfigMap'], ['Service'], ['Namespace']],
  );
  assert.deepEqual(objections, []);
  assert.deepEqual(kept, ['the kinds and 1 policy; --crds deletes both']);
  assert.deepEqual(
    uninstallPlan(ALL, { crds: true })
      .stages.at(-1)
      ?.objects.map(({ kind }) => kind.kind),
    ['CustomResourceDefinition'],
  );
});

test('the agents of the CNI plugin are gone before what they need, and their namespace goes too', () => {
  const cni = found(
    object('rbac.authorization.k8s.io/v1', 'ClusterRole', 'dot-kube-cni'),
    object('apps/v1', 'DaemonSet', 'dot-kube-cni', 'dot-kube-cni'),
    object('v1', 'ServiceAccount', 'dot-kube-cni', 'dot-kube-cni'),
    object('v1', 'Namespace', 'dot-kube-cni', undefined, OURS),
  );
  const { stages } = uninstallPlan({ ...ALL, system: [...ALL.system, ...cni] }, { crds: false });
  assert.deepEqual(
    stages.map(({ objects, title }) => [
      title,
      objects.map(({ object: each }) => `${each.kind} ${each.metadata.name}`),
    ]),
    [
      ['injection', ['MutatingAdmissionPolicy dot-kube-injection']],
      ['CNI plugin', ['DaemonSet dot-kube-cni']],
      ['operator', ['Deployment dot-kube-operator']],
      ['what the operator has made', ['ConfigMap dot-kube-proxy']],
      ['system', ['Service dot-kube-xds', 'ClusterRole dot-kube-cni', 'ServiceAccount dot-kube-cni']],
      ['namespace', ['Namespace dot-kube-cni', 'Namespace dot-kube-system']],
    ],
  );
});

test('where there is nothing, there is nothing to do', () => {
  assert.deepEqual(uninstallPlan(NOTHING, { crds: true }), { stages: [], objections: [], kept: [] });
});

test('pods with proxies speak against it, by namespace, with what to do', () => {
  const injected = [...Array.from({ length: 7 }, (_, index) => pod(`web-${index}`, 'shop')), pod('a', 'bank')];
  const text = uninstallPlan({ ...ALL, injected }, { crds: false }).objections.join('\n');
  assert.match(text, /^8 pods still have proxies/);
  assert.match(text, /\n {2}bank: a\n {2}shop: web-0, web-1, web-2, web-3, web-4, and 2 more\n/);
  assert.match(text, /kubectl label namespace bank mesh\.dot-kube\.io\/inject- && kubectl -n bank rollout restart/);
});

test('policies that would be lost with the namespace speak against it, unless all are to go', () => {
  const policies = [...ALL.policies, object('mesh.dot-kube.io/v1alpha1', 'MeshPolicy', 'strict', 'dot-kube-system')];
  assert.match(
    uninstallPlan({ ...ALL, policies }, { crds: false }).objections.join('\n'),
    /save them first: MeshPolicy dot-kube-system\/strict$/,
  );
  assert.deepEqual(uninstallPlan({ ...ALL, policies }, { crds: true }).objections, []);
});

test('a namespace that somebody else has made stays', () => {
  const namespace = object('v1', 'Namespace', 'dot-kube-system');
  const policies = [object('mesh.dot-kube.io/v1alpha1', 'MeshPolicy', 'strict', 'dot-kube-system')];
  const { kept, objections, stages } = uninstallPlan({ ...ALL, namespace, policies }, { crds: false });
  assert.ok(stages.every(({ title }) => title !== 'namespace'));
  assert.deepEqual([kept[0], objections], ['namespace dot-kube-system: dot-kube has not made it', []]);
});

test('who else keeps it is named', () => {
  const kept = object('apps/v1', 'Deployment', 'o', 'dot-kube-system', {
    labels: { 'argocd.argoproj.io/instance': 'mesh' },
  });
  assert.match(uninstallPlan({ ...ALL, system: found(kept) }, { crds: false }).objections.join(), /Argo CD keeps/);
});
