import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Namespace, NetworkPolicy, Pod } from '../../../operator/api/index.ts';
import { networkCase, networkRules } from './network-rules.ts';

const pod = (name: string, podIP: string, more: object = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', labels: { app: name } },
  spec: {},
  status: { phase: 'Running', podIP },
  ...more,
});
const namespace: Namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { team: 'a' } } };
const policy = (spec: object): NetworkPolicy =>
  ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'a', namespace: 'shop' },
    spec,
  }) as NetworkPolicy;
const PODS = [pod('web', '10.0.0.1'), pod('db', '10.0.0.2')];
const state = { pods: PODS, namespaces: [namespace], policies: [], outside: ['192.0.2.1'] };

test('verdicts are asked for where a policy may change them, of pods that have an address and of whoever else there is', () => {
  const spec = { podSelector: {}, ingress: [{ ports: [{ protocol: 'TCP', port: 80, endPort: 90 }] }] };
  const pods = [
    ...PODS,
    pod('done', '10.0.0.3', { status: { phase: 'Succeeded', podIP: '10.0.0.3' } }),
    pod('on-node', '192.0.2.1', { spec: { hostNetwork: true } }),
    pod('starting', '', { status: { phase: 'Pending' } }),
  ];
  const asked = networkCase({ ...state, pods, policies: [policy(spec)] });
  assert.deepEqual(
    asked.to.map(({ ip }) => ip),
    ['10.0.0.1', '10.0.0.2'],
  );
  assert.deepEqual(asked.to[0]?.namespaceLabels, { team: 'a' });
  assert.deepEqual(asked.from, [...asked.to, { ip: '192.0.2.1' }]);
  const ports = asked.ports.map(({ number, protocol }) => `${protocol} ${number}`);
  assert.deepEqual(ports, ['TCP 0', 'TCP 80', 'TCP 91', 'UDP 0', 'UDP 80', 'UDP 91']);
});

test('what policies say of outgoing connections is left out', () => {
  const both = policy({ podSelector: {}, policyTypes: ['Ingress', 'Egress'], egress: [] });
  const egress = policy({ podSelector: {}, policyTypes: ['Egress'], egress: [] });
  const { policies } = networkCase({ ...state, policies: [both, egress] });
  assert.deepEqual(
    policies.map(({ spec }) => spec),
    [{ podSelector: {}, policyTypes: ['Ingress'], ingress: [] }],
  );
});

test('a port by name is refused rather than left open', () => {
  const spec = { podSelector: {}, ingress: [{ ports: [{ protocol: 'TCP', port: 'web' }] }] };
  assert.throws(() => networkCase({ ...state, policies: [policy(spec)] }), /names the port web/);
});

test('a pod to which something is not let in takes what is, from end to end of each range, and itself', () => {
  const spec = { podSelector: {}, ingress: [{ ports: [{ protocol: 'TCP', port: 80 }] }] };
  const asked = networkCase({ ...state, policies: [policy(spec)] });
  // db (1) is reached by web (0) at 80 (the second range of TCP), and by nobody else; web by all.
  const rules = networkRules(asked, (from, to, port) => to === 0 || (from === 0 && port === 1));
  assert.match(rules, /set isolated \{\n.*\n {4}elements = \{ 10\.0\.0\.2 \}/);
  const allowed = /flags interval\n {4}elements = \{ (.*) \}/.exec(rules)?.[1]?.split(', ');
  const itself = ['tcp . 0-79', 'tcp . 80-80', 'tcp . 81-65535', 'udp . 0-79', 'udp . 80-80', 'udp . 81-65535'];
  assert.deepEqual(allowed, [
    '10.0.0.1 . 10.0.0.2 . tcp . 80-80',
    ...itself.map((range) => `10.0.0.2 . 10.0.0.2 . ${range}`),
  ]);
});

test('where everything is let in nothing is isolated', () => {
  const rules = networkRules(networkCase(state), () => true);
  assert.doesNotMatch(rules, /elements/);
});
