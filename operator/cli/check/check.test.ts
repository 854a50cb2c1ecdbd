import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Namespace, Pod } from '../../api/index.ts';
import type { KubernetesObject } from '../../framework/api/object.ts';
import type { CheckFacts, CheckResult, Fact } from './facts.ts';
import { checkText, runChecks } from './run-checks.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const value = <T>(known: T): Fact<T> => ({ value: known });
const forbidden = { unknown: 'you may not', code: 403 };
const labels = (version = '1.2.3') => ({ 'app.kubernetes.io/version': version });

function definition(name: string, version?: string): KubernetesObject {
  const status = { conditions: [{ type: 'Established', status: 'True' }] };
  return { apiVersion: 'v1', kind: 'CustomResourceDefinition', metadata: { name, labels: labels(version) }, status };
}

function deployment(version?: string, available = 2): KubernetesObject {
  const status = { observedGeneration: 1, replicas: 2, updatedReplicas: 2, availableReplicas: available };
  const metadata = { name: 'dot-kube-operator', generation: 1, labels: labels(version) };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { replicas: 2 }, status };
}

function pod(name: string, image: string | undefined, more: Partial<Pod> = {}): Pod {
  const sidecar = image === undefined ? [] : [{ name: 'dot-kube-proxy', image }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop' },
    spec: { containers: [{ name: 'app' }], initContainers: sidecar },
    status: { phase: 'Running' },
    ...more,
  };
}

function node(name: string, ready = 'True'): KubernetesObject {
  const metadata = { name, labels: { 'kubernetes.io/os': 'linux' } };
  return { apiVersion: 'v1', kind: 'Node', metadata, status: { conditions: [{ type: 'Ready', status: ready }] } };
}

function agent(nodeName: string, ready: 'True' | 'False' = 'True'): Pod {
  const labels = { 'app.kubernetes.io/name': 'dot-kube', 'app.kubernetes.io/component': 'cni' };
  return pod(`agent-${nodeName}`, undefined, {
    metadata: { name: `agent-${nodeName}`, namespace: 'dot-kube-cni', labels },
    spec: { nodeName, containers: [{ name: 'agent' }] },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready }] },
  });
}

const captureBy = (capture: string): KubernetesObject => ({
  ...deployment(),
  spec: { replicas: 2, template: { spec: { containers: [{ args: [`--proxy-capture=${capture}`] }] } } },
});

const lease = (age: number) => ({
  apiVersion: 'v1',
  kind: 'Lease',
  metadata: { name: 'l' },
  spec: { holderIdentity: 'a', leaseDurationSeconds: 15, renewTime: new Date(NOW - age).toISOString() },
});
const SHOP: Namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
const GOOD: CheckFacts = {
  version: '1.2.3',
  server: 'https://api.example',
  kubernetes: value({ version: 'v1.36.3', date: NOW, local: NOW + 900 }),
  permissions: value([{ verb: 'create', resource: 'namespaces', allowed: true }]),
  policiesServed: value(true),
  definitions: value(
    ['authorizationpolicies', 'meshpolicies', 'trafficsplits'].map((name) => definition(`${name}.mesh.dot-kube.io`)),
  ),
  deployment: value(deployment()),
  operatorPods: value([]),
  lease: value(lease(2000)),
  root: value({ notBefore: NOW - DAY, notAfter: NOW + 3650 * DAY }),
  controlPlane: value({ notBefore: NOW - 4 * HOUR, notAfter: NOW + 20 * HOUR }),
  webhook: value([]),
  injection: value(true),
  namespaces: value([SHOP]),
  pods: value([pod('web', 'dot-kube/proxy:1.2.3')]),
  nodes: value([node('one')]),
  proxies: value({ proxies: [{ proxy: 'shop/web', connected: true, types: [] }], answered: ['o'], silent: [] }),
};

function result(id: string, more: Partial<CheckFacts>): CheckResult {
  const found = runChecks({ ...GOOD, ...more }).checks.find((each) => each.id === id);
  assert.ok(found !== undefined, `there is no check ${id}`);
  return found;
}

test('all is well', () => {
  const { checks, installed, passed } = runChecks(GOOD);
  assert.deepEqual(
    checks.filter(({ state }) => state !== 'ok').map(({ id }) => id),
    ['webhook-bundle', 'cni-agents'],
  );
  assert.ok(installed && passed);
});

test('the names of checks are stable', () => {
  assert.deepEqual(
    runChecks(GOOD).checks.map(({ id }) => id),
    [
      'api-reachable',
      'api-version',
      'clock-skew',
      'permissions',
      'injection-means',
      'installed',
      'kinds-established',
      'kinds-version',
      'operator-ready',
      'operator-version',
      'leader',
      'root-certificate',
      'control-plane-certificate',
      'webhook-bundle',
      'injection-works',
      'cni-agents',
      'pods-meshed',
      'proxies-in-sync',
      'proxy-version',
    ],
  );
});

test('where nobody answers, nothing else is asked for; where nothing is installed, nothing of dot-kube', () => {
  const gone = runChecks({ ...GOOD, kubernetes: { unknown: 'cannot reach it', code: 0 }, deployment: forbidden });
  assert.deepEqual([gone.passed, gone.checks.map(({ id }) => id)], [false, ['api-reachable']]);
  const before = runChecks({ ...GOOD, deployment: value(undefined) });
  assert.deepEqual([before.passed, before.installed, before.checks.at(-1)?.id], [true, false, 'installed']);
});

/** What goes wrong, one thing at a time: the check that says so, how, and in which words. */
const WRONG: readonly (readonly [
  id: string,
  state: CheckResult['state'],
  words: RegExp,
  facts: Partial<CheckFacts>,
])[] = [
  [
    'api-version',
    'failed',
    /v1\.33\.9 is too old/,
    { kubernetes: value({ version: 'v1.33.9', date: NOW, local: NOW }) },
  ],
  ['clock-skew', 'warning', /9 s apart/, { kubernetes: value({ version: 'v1.36.0', date: NOW, local: NOW - 9000 }) }],
  ['clock-skew', 'failed', /60 s apart/, { kubernetes: value({ version: 'v1.36.0', date: NOW, local: NOW + 61_000 }) }],
  [
    'clock-skew',
    'skipped',
    /does not tell/,
    { kubernetes: value({ version: 'v1.36.0', date: undefined, local: NOW }) },
  ],
  [
    'permissions',
    'warning',
    /lack: create crds/,
    { permissions: value([{ verb: 'create', resource: 'crds', allowed: false }]) },
  ],
  ['kinds-established', 'failed', /meshpolicies\.mesh\.dot-kube\.io not there/, { definitions: value([]) }],
  [
    'kinds-version',
    'warning',
    /of version 1\.2\.2, and this dotkube is of 1\.2\.3/,
    { definitions: value([definition('x', '1.2.2')]) },
  ],
  ['operator-ready', 'failed', /1 of 2 replicas are ready/, { deployment: value(deployment('1.2.3', 1)) }],
  ['operator-version', 'warning', /of version 1\.3\.0/, { deployment: value(deployment('1.3.0')) }],
  ['leader', 'failed', /no replica of the operator leads/, { lease: value(undefined) }],
  ['leader', 'failed', /a led, and was last heard of 60 s ago/, { lease: value(lease(60_000)) }],
  ['leader', 'warning', /clock of a is 60 s ahead/, { lease: value(lease(-60_000)) }],
  ['root-certificate', 'failed', /no root yet/, { root: value(undefined) }],
  [
    'root-certificate',
    'warning',
    /valid for 50 d/,
    { root: value({ notBefore: NOW - 50 * DAY, notAfter: NOW + 50 * DAY }) },
  ],
  [
    'root-certificate',
    'ok',
    /valid for 51 d/,
    { root: value({ notBefore: NOW - 50 * DAY, notAfter: NOW + 51 * DAY }) },
  ],
  ['root-certificate', 'failed', /has expired/, { root: value({ notBefore: NOW - DAY, notAfter: NOW }) }],
  ['root-certificate', 'failed', /is no root \(DK5003\): lost; replicas/, { root: value({ unreadable: 'lost' }) }],
  ['root-certificate', 'skipped', /you may not/, { root: forbidden }],
  [
    'control-plane-certificate',
    'warning',
    /valid for 7 h/,
    { controlPlane: value({ notBefore: NOW - 16.1 * HOUR, notAfter: NOW + 7.9 * HOUR }) },
  ],
  [
    'control-plane-certificate',
    'ok',
    /valid for 0 min/,
    { controlPlane: value({ notBefore: NOW - 310_000, notAfter: NOW + 10_000 }) },
  ],
  ['webhook-bundle', 'failed', /verify w with: no caBundle/, { webhook: value([{ name: 'w', bundle: undefined }]) }],
  [
    'webhook-bundle',
    'ok',
    /valid for 10 d/,
    { webhook: value([{ name: 'w', bundle: { notBefore: NOW, notAfter: NOW + 10 * DAY } }]) },
  ],
  ['injection-works', 'failed', /gets none/, { injection: value(false) }],
  ['injection-works', 'failed', /connection refused/, { injection: { unknown: 'connection refused', code: 500 } }],
  ['injection-works', 'skipped', /not tried/, { injection: forbidden }],
  ['cni-agents', 'skipped', /captured by containers/, { deployment: value(captureBy('nftables')) }],
  ['cni-agents', 'ok', /all 1 nodes/, { deployment: value(captureBy('cni')), pods: value([agent('one')]) }],
  ['cni-agents', 'failed', /ready on one:/, { deployment: value(captureBy('cni')), pods: value([]) }],
  [
    'cni-agents',
    'failed',
    /ready on one:/,
    {
      deployment: value(captureBy('cni')),
      nodes: value([node('one'), node('two')]),
      pods: value([agent('one', 'False'), agent('two')]),
    },
  ],
  [
    'cni-agents',
    'ok',
    /all 1 nodes/,
    {
      deployment: value(captureBy('cni')),
      nodes: value([node('one'), node('down', 'Unknown')]),
      pods: value([agent('one')]),
    },
  ],
  ['cni-agents', 'skipped', /you may not/, { deployment: value(captureBy('cni')), nodes: forbidden }],
  [
    'pods-meshed',
    'warning',
    /without one: shop\/old$/,
    { pods: value([pod('old', undefined), pod('new', 'p:1.2.3')]) },
  ],
  ['pods-meshed', 'skipped', /no namespace/, { namespaces: value([]) }],
  [
    'proxies-in-sync',
    'warning',
    /1 of 1 proxies do not: shop\/web/,
    { proxies: value({ proxies: [{ proxy: 'shop/web', connected: false, types: [] }], answered: ['o'], silent: [] }) },
  ],
  [
    'proxies-in-sync',
    'warning',
    /b cannot be asked/,
    { proxies: value({ proxies: [], answered: ['a'], silent: [{ pod: 'b', why: '' }] }) },
  ],
  [
    'proxy-version',
    'warning',
    /1 of 1 proxies are of another version than 1\.2\.3: shop\/web/,
    { pods: value([pod('web', 'proxy:1.2.2')]) },
  ],
  ['proxy-version', 'skipped', /no proxies/, { pods: value([]) }],
];

for (const [id, state, words, facts] of WRONG) {
  test(`${id} is ${state}: ${words.source}`, () => {
    const found = result(id, facts);
    assert.match(found.message, words);
    assert.equal(found.state, state);
    // What is wrong is told with what to do.
    assert.equal(found.fix === undefined, state === 'ok' || state === 'skipped');
  });
}

test('what fails where dot-kube is to be installed is only a warning where it is', () => {
  const permissions = value([{ verb: 'create', resource: 'crds', allowed: false }]);
  assert.equal(result('permissions', { permissions, deployment: value(undefined) }).state, 'failed');
});

test('pods that are to have no proxy are none that lack one', () => {
  const without = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'x', namespace: 'shop', labels: { 'mesh.dot-kube.io/inject': 'disabled' } },
  } as const;
  const host = pod('host', undefined, { spec: { hostNetwork: true } });
  const done = pod('done', undefined, { status: { phase: 'Succeeded' } });
  assert.equal(result('pods-meshed', { pods: value([without, host, done]) }).state, 'ok');
});

test('an operator that does not start is told of with why', () => {
  const status = {
    phase: 'Pending',
    containerStatuses: [{ state: { waiting: { reason: 'ImagePullBackOff' } } }],
  } as const;
  const pods = value([pod('operator-1', undefined, { status })]);
  assert.match(
    result('operator-ready', { deployment: value(deployment('1.2.3', 0)), operatorPods: pods }).message,
    /operator-1: ImagePullBackOff/,
  );
});

test('a line for each, and what to do below', () => {
  const text = checkText(runChecks({ ...GOOD, injection: value(false) }), 'none');
  assert.match(text, /^ok {7}api-reachable {14}the API server at https:\/\/api\.example answers\n/);
  assert.match(text, /\nFAILED {3}injection-works {12}a pod that asks for a proxy gets none\n {36}fix: /);
  assert.match(text, /\n\nnot passed: 16 ok, 0 warnings, 1 failed\n$/);
});
