import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import type { KubernetesObject, ManagedFieldsEntry } from '../../framework/api/object.ts';
import { resourceKind } from '../../framework/api/resource-kind.ts';
import { type Charts, injectionValues, render } from './charts.ts';
import { keeperOf } from './delivery.ts';
import { changeText, fieldChanges } from './difference.ts';
import { moveOf } from './installed-version.ts';
import { leftovers } from './leftovers.ts';
import { installSteps } from './order.ts';
import { podTroubles, waitsFor } from './standing.ts';
import { mergedValues, setValue, valuesOf } from './values.ts';
import { compareVersions } from './version-order.ts';

function object(kind: string, name: string, more: object = {}): KubernetesObject {
  return { apiVersion: 'v1', kind, metadata: { name, namespace: 'dot-kube-system' }, ...more };
}

test('versions are compared number by number, and a pre-release is older than its release', () => {
  const sorted = ['0.9.0', '0.10.0-rc.1', '0.10.0', '1.0.0', '1.36', 'v1.36.1+vendor.3'];
  for (const [index, version] of sorted.entries()) {
    assert.equal(compareVersions(version, version), 0);
    for (const later of sorted.slice(index + 1)) {
      assert.ok(compareVersions(version, later) < 0, `${version} ${later}`);
      assert.ok(compareVersions(later, version) > 0, `${later} ${version}`);
    }
  }
  assert.ok(compareVersions('master', '0.0.1') < 0);
});

test('what it is to go from one version to another', () => {
  assert.deepEqual(
    [undefined, '0.1.0', '0.0.9', '0.2.0', 'what'].map((from) => moveOf(from, '0.1.0')),
    ['install', 'same', 'upgrade', 'roll-back', 'upgrade'],
  );
});

test('a value is set by its path, and read as YAML', () => {
  assert.deepEqual(setValue('image.registry=registry.example', parse), { image: { registry: 'registry.example' } });
  assert.deepEqual(setValue('replicas=3', parse), { replicas: 3 });
  assert.deepEqual(setValue('serviceCidrs=[10.96.0.0/12, "fd00::/108"]', parse), {
    serviceCidrs: ['10.96.0.0/12', 'fd00::/108'],
  });
  assert.deepEqual(setValue(String.raw`podLabels.example\.org/team=a=b`, parse), {
    podLabels: { 'example.org/team': 'a=b' },
  });
  assert.throws(() => setValue('replicas', parse), /--set is path=value/);
  assert.throws(() => setValue('=3', parse), /--set is path=value/);
});

test('of values the last one wins, field by field, and lists as a whole', () => {
  const all = [
    { image: { tag: 'a', registry: 'r' }, list: [1, 2] },
    { image: { tag: 'b' }, list: [3] },
  ];
  assert.deepEqual(mergedValues(all), { image: { tag: 'b', registry: 'r' }, list: [3] });
  assert.throws(() => valuesOf(['a'], 'values.yaml'), /values\.yaml has no values/);
  assert.deepEqual(valuesOf(null, 'values.yaml'), {});
});

test('no value reaches a prototype', () => {
  const merged = mergedValues([{}, setValue('__proto__.polluted=1', parse), setValue('constructor.a=1', parse)]);
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  assert.deepEqual(Object.keys(merged).sort(), ['__proto__', 'constructor']);
});

test('a difference is told field by field, without what the API server counts', () => {
  const before = object('Deployment', 'a', {
    metadata: { name: 'a', resourceVersion: '1', generation: 1, labels: { x: '1' } },
    spec: { replicas: 2, containers: [{ image: 'a' }] },
    status: { replicas: 1 },
  });
  const after = object('Deployment', 'a', {
    metadata: { name: 'a', resourceVersion: '2', generation: 2, labels: { x: '1', y: '2' } },
    spec: { containers: [{ image: 'b' }] },
    status: {},
  });
  assert.deepEqual(fieldChanges(before, after).map(changeText), [
    'metadata.labels.y: (nothing) → "2"',
    'spec.containers[0].image: "a" → "b"',
    'spec.replicas: 2 → (nothing)',
  ]);
  assert.deepEqual(fieldChanges(before, { ...before, metadata: { ...before.metadata, resourceVersion: '9' } }), []);
});

test('a Deployment is waited for until its new replicas are ready and the old ones gone', () => {
  const deployment = (status: object): KubernetesObject =>
    object('Deployment', 'a', { metadata: { name: 'a', generation: 2 }, spec: { replicas: 2 }, status });
  const done = { observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 2 };
  assert.equal(waitsFor(deployment(done)), undefined);
  assert.match(waitsFor(deployment({ ...done, observedGeneration: 1 })) ?? '', /not yet looked at/);
  assert.match(waitsFor(deployment({ ...done, updatedReplicas: 1 })) ?? '', /1 of 2 replicas are of the new version/);
  assert.match(waitsFor(deployment({ ...done, availableReplicas: 0 })) ?? '', /0 of 2 replicas are ready/);
  assert.match(waitsFor(deployment({ ...done, replicas: 3 })) ?? '', /1 replicas of the old version/);
  assert.match(waitsFor(object('CustomResourceDefinition', 'a')) ?? '', /not established/);
  assert.match(waitsFor(object('Namespace', 'a', { status: { phase: 'Terminating' } })) ?? '', /being deleted/);
  const nodes = { observedGeneration: 1, desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 1 };
  assert.equal(waitsFor(object('DaemonSet', 'a', { status: nodes })), '1 of 2 nodes are ready');
});

test('why pods do not run is told in the words of those who tried', () => {
  const waiting = (reason: string, message?: string) => ({
    containerStatuses: [{ state: { waiting: { reason, message } } }],
  });
  assert.deepEqual(
    podTroubles([
      object('Pod', 'a', { status: waiting('ImagePullBackOff', 'no such image') }),
      object('Pod', 'b', { status: waiting('ContainerCreating') }),
      object('Pod', 'c', {
        status: {
          conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no nodes' }],
        },
      }),
    ]),
    ['a: ImagePullBackOff: no such image', 'c: Unschedulable: no nodes'],
  );
});

test('only what we applied, and have no more, is left over', () => {
  const kind = resourceKind('v1', 'Service');
  const by = (manager: string, operation: ManagedFieldsEntry['operation']) => ({
    managedFields: [{ manager, operation, apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: {} }] as const,
  });
  const service = (name: string, managed: object) => ({
    kind,
    object: object('Service', name, { metadata: { name, namespace: 'dot-kube-system', ...managed } }),
  });
  const found = [
    service('old', by('dotkube-install', 'Apply')),
    service('still-there', by('dotkube-install', 'Apply')),
    service('updated', by('dotkube-install', 'Update')),
    service('of-somebody', by('kubectl', 'Apply')),
    service('of-nobody', {}),
  ];
  const left = leftovers(found, [object('Service', 'still-there')]);
  assert.deepEqual(
    left.map((each) => each.object.metadata.name),
    ['old'],
  );
});

test('what decides on the pods of others comes last', () => {
  const policy = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingAdmissionPolicy',
    metadata: { name: 'p' },
  };
  const system = [policy, object('Service', 's'), { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } }];
  const crds = [object('CustomResourceDefinition', 'c')];
  assert.deepEqual(
    installSteps({ crds, system }).map(({ objects, title }) => [title, objects.map(({ metadata }) => metadata.name)]),
    [
      ['kinds', ['c']],
      ['namespace', ['n']],
      ['system', ['s']],
      ['injection', ['p']],
    ],
  );
});

test('who else keeps an object is told by their marks', () => {
  const marked = (metadata: object) => keeperOf(object('Deployment', 'a', { metadata: { name: 'a', ...metadata } }));
  assert.equal(marked({ annotations: { 'argocd.argoproj.io/tracking-id': 'x' } }), 'Argo CD');
  assert.equal(marked({ labels: { 'kustomize.toolkit.fluxcd.io/name': 'x' } }), 'Flux');
  assert.equal(marked({ annotations: { 'meta.helm.sh/release-name': 'x' } }), 'Helm');
  assert.equal(marked({ labels: { app: 'a' } }), undefined);
});

const SCHEMA = {
  type: 'object',
  additionalProperties: false,
  properties: {
    replicas: { type: 'integer', minimum: 0 },
    injection: { type: 'object', properties: { by: { type: 'string' } } },
  },
};
const charts: Charts = {
  systemManifests: () => ({ crds: [], system: [] }),
  manifestYaml: () => '',
  valuesSchema: () => SCHEMA,
};

test('injection is by webhook where policies are not served and nobody said how', () => {
  assert.deepEqual(injectionValues(charts, {}, true), {});
  assert.deepEqual(injectionValues(charts, {}, false), { injection: { by: 'Webhook' } });
  assert.deepEqual(injectionValues(charts, { injection: { by: 'None' } }, false), {});
});

test('every value that is wrong is named', async () => {
  await assert.rejects(render(charts, { replicass: 1, replicas: -1 }), {
    name: 'UsageError',
    message: 'the values are not right: there is no value replicass; replicas must be >= 0',
  });
});
