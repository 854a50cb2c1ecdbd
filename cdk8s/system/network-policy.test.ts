import assert from 'node:assert/strict';
import { it } from 'node:test';
import { systemManifests } from '../output/manifest.ts';
import { OPERATOR_LABELS } from './names.ts';
import type { SystemOverrides } from './values/values.ts';

type Labels = Readonly<Record<string, string>>;
interface Selector {
  readonly matchLabels?: Labels;
}
interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
}
interface IngressRule {
  readonly from?: readonly Peer[];
  readonly ports: readonly { readonly protocol: string; readonly port: number }[];
}
interface Policy {
  readonly podSelector: Selector;
  readonly policyTypes: readonly string[];
  readonly ingress?: readonly IngressRule[];
  readonly egress: readonly { readonly to?: unknown; readonly ports: IngressRule['ports'] }[];
}
interface Caller {
  readonly namespace: string;
  readonly labels?: Labels;
}

const fits = ({ matchLabels = {} }: Selector, labels: Labels): boolean =>
  Object.entries(matchLabels).every(([name, value]) => labels[name] === value);

/** Whether a pod may connect to a port of the operator, by the rules of NetworkPolicies. */
function lets(policy: Policy, { namespace, labels = {} }: Caller, port: number): boolean {
  const namespaceLabels = { 'kubernetes.io/metadata.name': namespace };
  const comes = ({ podSelector, namespaceSelector }: Peer): boolean =>
    (namespaceSelector === undefined ? namespace === 'dot-kube-system' : fits(namespaceSelector, namespaceLabels)) &&
    (podSelector === undefined || fits(podSelector, labels));
  return (policy.ingress ?? []).some(
    ({ from, ports }) =>
      (from === undefined || from.some(comes)) && ports.some((each) => each.protocol === 'TCP' && each.port === port),
  );
}

function policyOf(networkPolicy?: SystemOverrides['networkPolicy']): Policy {
  const found = systemManifests({ networkPolicy, crds: { enabled: false } }).system.find(
    ({ kind }) => kind === 'NetworkPolicy',
  );
  return found?.['spec'] as Policy;
}

it('concerns the pods of the operator, both ways', () => {
  const policy = policyOf();
  assert.ok(fits(policy.podSelector, OPERATOR_LABELS) && !fits(policy.podSelector, { app: 'x' }));
  assert.deepEqual(policy.policyTypes, ['Ingress', 'Egress']);
});

it('lets proxies of all namespaces connect, and nobody but the monitoring see metrics', () => {
  const policy = policyOf();
  assert.equal(lets(policy, { namespace: 'bookstore' }, 15_010), true);
  assert.equal(lets(policy, { namespace: 'bookstore' }, 8081), false);
  assert.equal(lets(policy, { namespace: 'dot-kube-system' }, 8081), false);
  assert.equal(lets(policy, { namespace: 'monitoring' }, 8081), true);
  assert.equal(lets(policy, { namespace: 'bookstore' }, 22), false);
});

it('lets in whom the values say', () => {
  const proxies = [
    {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } },
      podSelector: { matchLabels: { mesh: 'on' } },
    },
  ];
  const policy = policyOf({ proxies, metrics: [] });
  assert.equal(lets(policy, { namespace: 'shop', labels: { mesh: 'on' } }, 15_010), true);
  assert.equal(lets(policy, { namespace: 'shop' }, 15_010), false);
  assert.equal(lets(policy, { namespace: 'monitoring' }, 8081), false);
});

it('lets the API server call the webhook where there is one, which is no pod', () => {
  const { system } = systemManifests({ injection: { by: 'Webhook' }, crds: { enabled: false } });
  const policy = system.find(({ kind }) => kind === 'NetworkPolicy')?.['spec'] as Policy;
  const rules = (policy.ingress ?? []).filter(({ ports }) => ports.some(({ port }) => port === 15_017));
  assert.deepEqual(rules, [
    {
      from: [{ ipBlock: { cidr: '0.0.0.0/0' } }, { ipBlock: { cidr: '::/0' } }],
      ports: [{ protocol: 'TCP', port: 15_017 }],
    },
  ]);
  assert.doesNotMatch(JSON.stringify(policyOf()), /15017/);
});

it('lets in nobody where there are no peers, rather than everybody', () => {
  const policy = policyOf({ proxies: [], metrics: [] });
  assert.equal(lets(policy, { namespace: 'bookstore' }, 15_010), false);
  assert.equal(policy.ingress?.length, 1);
});

it('lets replicas connect to each other, and nobody else to their port', () => {
  const policy = policyOf({ proxies: [{ namespaceSelector: {} }] });
  const labels = OPERATOR_LABELS;
  assert.equal(lets(policy, { namespace: 'dot-kube-system', labels }, 15_012), true);
  assert.equal(lets(policy, { namespace: 'dot-kube-system' }, 15_012), false);
  assert.equal(lets(policy, { namespace: 'bookstore', labels }, 15_012), false);
});

it('lets the operator connect to the API server, wherever it is, to other replicas, and to nobody else', () => {
  const { egress } = policyOf({ apiServerPorts: [6443] });
  assert.deepEqual(egress, [
    { ports: [{ port: 6443, protocol: 'TCP' }] },
    { to: [{ podSelector: { matchLabels: OPERATOR_LABELS } }], ports: [{ port: 15_012, protocol: 'TCP' }] },
  ]);
});
