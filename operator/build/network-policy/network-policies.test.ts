import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AuthorizationPolicySpec, NetworkPolicyRule } from '../../api/index.ts';
import type { KubernetesObject } from '../../framework/api/object.ts';
import { compile } from '../testing/compile.ts';
import { authorizationPolicy, labels, meshPolicy, pod, podIps, service, targets } from '../testing/objects.ts';
import { addressesOf, blocksOf, EVERYWHERE, networkOf, without } from './address-set.ts';

const MARKS = { 'mesh.dot-kube.io/status': 'injected' };
const ACCOUNT = 'mesh.dot-kube.io/service-account';
const OPEN = [{ protocol: 'TCP', port: 15_020, endPort: 15_021 }, { protocol: 'SCTP' }, { protocol: 'UDP' }];

/** A pod as injection leaves it. */
const injected = (name: string) => pod(name, labels({ ...MARKS, [ACCOUNT]: name }));
const generate = meshPolicy('generate', { networkPolicy: 'Generate' });
const allow = (name: string, rules: AuthorizationPolicySpec['rules'], more: Partial<AuthorizationPolicySpec> = {}) =>
  authorizationPolicy(name, { action: 'Allow', ...(rules && { rules }), ...more });

const policiesIn = (...objects: readonly KubernetesObject[]) => compile(objects).networkPolicies.get('shop') ?? [];
/** The rules of the one NetworkPolicy, without the ports that are always open. */
function rulesOf(...objects: readonly KubernetesObject[]): readonly NetworkPolicyRule[] {
  const [policy, ...others] = policiesIn(generate, injected('a'), ...objects);
  assert.deepEqual([others, policy?.spec.ingress?.[0]], [[], { ports: OPEN }]);
  return policy?.spec.ingress?.slice(1) ?? [];
}

const inNamespaces = (...values: readonly string[]) => ({
  matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values }],
});
const inNamespace = (name: string) => ({ matchLabels: { 'kubernetes.io/metadata.name': name } });

describe('generated NetworkPolicies', () => {
  test('are made where a policy asks for them, and only for what is closed', () => {
    const strict = meshPolicy('strict', { mtls: { mode: 'Strict' } });
    assert.deepEqual(policiesIn(injected('a'), strict), []);
    assert.deepEqual(policiesIn(injected('a'), generate), []);
    const [policy] = policiesIn(injected('a'), strict, generate);
    assert.deepEqual(policy?.spec.podSelector, { matchLabels: MARKS });
    assert.deepEqual(
      policy?.causes.map(({ name }) => name),
      ['generate', 'strict'],
    );
  });

  test('let in every meshed pod of a Strict mesh', () => {
    const rules = rulesOf(meshPolicy('strict', { mtls: { mode: 'Strict' } }));
    const from = [{ namespaceSelector: {}, podSelector: { matchLabels: MARKS } }];
    assert.deepEqual(rules, [{ from, ports: [{ protocol: 'TCP' }] }]);
  });

  test('know accounts by the label of injection, and those with a long name by its absence', () => {
    const long = 'x'.repeat(64);
    const rules = rulesOf(allow('p', [{ from: [{ serviceAccounts: ['web', `web/${long}`, 'bank/web'] }] }]));
    const expressions = (operator: string, values?: readonly string[]) => ({
      matchLabels: MARKS,
      matchExpressions: [{ key: ACCOUNT, operator, ...(values && { values }) }],
    });
    assert.deepEqual(rules[0]?.from, [
      { namespaceSelector: inNamespaces('bank', 'shop'), podSelector: expressions('In', ['web']) },
      { namespaceSelector: inNamespace('web'), podSelector: expressions('DoesNotExist') },
    ]);
  });

  test('open the namespace of a meshed pod whose labels do not tell its account, as long as it is there', () => {
    const rules = [{ from: [{ serviceAccounts: ['bank/teller'] }] }];
    const bare = rulesOf(allow('p', rules), pod('bank/teller'));
    assert.deepEqual(bare[0]?.from?.at(-1), { namespaceSelector: inNamespace('bank') });
    assert.equal(rulesOf(allow('p', rules), pod('bank/stranger'))[0]?.from?.length, 1);
  });

  test('close the ports of a target alone, and leave the others to everybody', () => {
    const rule = { targetRefs: targets('a') };
    const [policy] = policiesIn(generate, injected('a'), service('a'), allow('p', [], rule));
    assert.deepEqual(policy?.spec.podSelector, { matchLabels: { app: 'a', ...MARKS } });
    assert.deepEqual(policy?.spec.ingress, [
      {
        ports: [
          { protocol: 'TCP', port: 1, endPort: 8079 },
          { protocol: 'TCP', port: 8081, endPort: 65_535 },
          ...OPEN.slice(1),
        ],
      },
    ]);
  });

  test('select pods of which no other policy says something else', () => {
    const selector = (app: string) => ({ selector: { matchLabels: { app } } });
    const policies = policiesIn(
      generate,
      injected('a'),
      injected('b'),
      allow('p', [], selector('a')),
      allow('q', [{ from: [{ namespaces: ['x'] }] }]),
    );
    assert.deepEqual(
      policies.map(({ spec }) => spec.podSelector).sort((one) => (one.matchExpressions === undefined ? -1 : 1)),
      [
        { matchLabels: { app: 'a', ...MARKS } },
        { matchLabels: MARKS, matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['a'] }] },
      ],
    );
  });

  test('let in addresses of both families, and all pods where pods may have them', () => {
    const outside = rulesOf(
      allow('p', [{ from: [{ ipBlocks: ['203.0.113.9/24', '2001:DB8::/32'], notIpBlocks: ['203.0.113.7'] }] }]),
    );
    assert.deepEqual(outside[0]?.from, [
      { ipBlock: { cidr: '2001:db8::/32' } },
      { ipBlock: { cidr: '203.0.113.0/24', except: ['203.0.113.7/32'] } },
    ]);
    const inside = rulesOf(
      pod('b', labels({ ...MARKS, [ACCOUNT]: 'b' }), podIps('fd00::7')),
      allow('p', [{ from: [{ ipBlocks: ['fd00::/16'] }] }]),
    );
    assert.deepEqual(inside[0]?.from, [{ ipBlock: { cidr: 'fd00::/16' } }, { namespaceSelector: {} }]);
  });

  test('leave ports open that are left out of the capture', () => {
    const base = injected('a');
    const annotations = { 'mesh.dot-kube.io/exclude-inbound-ports': '22, 9000-9010' };
    const excluding = { ...base, metadata: { ...base.metadata, annotations } };
    const [policy] = policiesIn(generate, excluding, allow('p', []));
    assert.deepEqual(policy?.spec.ingress?.[0]?.ports?.slice(0, 2), [
      { protocol: 'TCP', port: 22 },
      { protocol: 'TCP', port: 9000, endPort: 9010 },
    ]);
  });
});

describe('sets of addresses', () => {
  test('are written in few blocks', () => {
    const blocks = (...texts: readonly string[]) => blocksOf(addressesOf(texts));
    assert.deepEqual(blocks('10.0.0.128/25', '10.0.0.0/25', '10.0.0.7'), [{ cidr: '10.0.0.0/24' }]);
    assert.deepEqual(blocks('nonsense', '::ffff:1.2.3.4'), []);
    const all = blocksOf(without(EVERYWHERE, addressesOf(['192.0.2.1', 'fd00::/8'])));
    assert.deepEqual(all[0], { cidr: '0.0.0.0/0', except: ['192.0.2.1/32'] });
    assert.deepEqual(all[1], { cidr: '::/0', except: ['fd00::/8'] });
    assert.deepEqual(
      [networkOf('10.1.2.3'), networkOf('fd00::1:2:3'), networkOf('x')],
      ['10.1.2.0/24', 'fd00::/64', undefined],
    );
  });
});
