import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod, Service } from '../../api/index.ts';
import {
  authorizationPolicy,
  created,
  labels,
  meshPolicy,
  pod,
  podSpec,
  service,
  targets,
  trafficSplit,
  unmeshed,
} from '../../build/testing/objects.ts';
import type { KubernetesObject } from '../../framework/api/object.ts';
import { describePod } from './describe-pod.ts';
import { describeService } from './describe-service.ts';
import { descriptionText } from './description-text.ts';
import { mayCall } from './inbound.ts';
import { graphOf } from './mesh-graph.ts';

const SETTINGS = { trustDomain: 'example.org', clusterDomain: 'cluster.local', serviceCidrs: [] };
const WEB = pod(
  'web-1',
  podSpec({ serviceAccountName: 'web', containers: [{ name: 'web', ports: [{ containerPort: 8080 }] }] }),
);

function podIn(objects: readonly KubernetesObject[], which: Pod = WEB) {
  return describePod(graphOf([which, ...objects], SETTINGS), which);
}

function serviceIn(objects: readonly KubernetesObject[], which: Service = service('web')) {
  return describeService(graphOf([which, ...objects], SETTINGS), which);
}

const mtls = (description: ReturnType<typeof podIn>) =>
  description.inbound.map(({ fields, port }) => {
    const [mode] = fields.filter(({ field }) => field === 'mtls.mode');
    return [port, mode?.value, mode?.layer, mode?.source];
  });

test('without policies a pod is told of with the defaults', () => {
  const { identity, inbound, meshed, policies } = podIn([]);
  assert.deepEqual([identity, meshed, policies], ['spiffe://example.org/ns/shop/sa/web', true, []]);
  assert.deepEqual(
    inbound.map(({ fields, mayCall: who, port }) => [port, who, fields]),
    [
      [8080, 'anybody', [{ field: 'mtls.mode', value: 'permissive', layer: 'default' }]],
      ['other', 'anybody', [{ field: 'mtls.mode', value: 'permissive', layer: 'default' }]],
    ],
  );
});

test('each field is told of with the object and the layer that it is from', () => {
  const mesh = meshPolicy('dot-kube-system/strict', { mtls: { mode: 'Strict' } });
  const own = meshPolicy('loose', { mtls: { mode: 'Permissive', ports: [{ port: 8080, mode: 'Disabled' }] } });
  const byLabels = meshPolicy('picked', { selector: { matchLabels: { app: 'web' } }, mtls: { mode: 'Strict' } });
  assert.deepEqual(mtls(podIn([mesh])), [
    [8080, 'strict', 'mesh', 'MeshPolicy dot-kube-system/strict'],
    ['other', 'strict', 'mesh', 'MeshPolicy dot-kube-system/strict'],
  ]);
  assert.deepEqual(mtls(podIn([mesh, own])), [
    [8080, 'disabled', 'namespace', 'MeshPolicy shop/loose'],
    ['other', 'permissive', 'namespace', 'MeshPolicy shop/loose'],
  ]);
  const all = podIn([mesh, own, byLabels]);
  assert.deepEqual(mtls(all).at(-1), ['other', 'strict', 'pods, by labels', 'MeshPolicy shop/picked']);
  // Those that are overruled apply too, the least specific first.
  assert.deepEqual(
    all.policies.map(({ layer, object }) => [object, layer]),
    [
      ['MeshPolicy dot-kube-system/strict', 'mesh'],
      ['MeshPolicy shop/loose', 'namespace'],
      ['MeshPolicy shop/picked', 'pods, by labels'],
    ],
  );
});

test('policies of other pods and other namespaces are no part of it', () => {
  const others = [
    meshPolicy('bank/strict', { mtls: { mode: 'Strict' } }),
    meshPolicy('picked', { selector: { matchLabels: { app: 'other' } }, mtls: { mode: 'Strict' } }),
    // Only one of two labels fits.
    meshPolicy('picky', { selector: { matchLabels: { app: 'web', tier: 'front' } }, mtls: { mode: 'Strict' } }),
    authorizationPolicy('closed', { action: 'Allow', selector: { matchLabels: { app: 'other' } } }),
  ];
  const { inbound, policies } = podIn(others);
  assert.deepEqual(policies, []);
  assert.ok(inbound.every(({ mayCall: who }) => who === 'anybody'));
});

test('who may call is told in words, port by port, with the policy and the rule', () => {
  const allow = authorizationPolicy('callers', {
    action: 'Allow',
    rules: [
      {
        name: 'front',
        from: [{ serviceAccounts: ['front', 'bank/teller'] }],
        to: [{ methods: ['GET'], paths: ['/books/*'], ports: [8080] }],
      },
      { from: [{ namespaces: ['ops'] }] },
    ],
  });
  const deny = authorizationPolicy('dry', {
    action: 'Deny',
    mode: 'DryRun',
    rules: [{ from: [{ notNamespaces: ['shop'] }] }],
  });
  const text = descriptionText(podIn([allow, deny]), 'none');
  const lines = text.split('\n').map((line) => line.replaceAll(/ {2,}/g, '  ').trimEnd());
  const port = lines.slice(lines.findIndex((line) => line.startsWith('Inbound port 8080')));
  assert.deepEqual(port.slice(0, 7), [
    'Inbound port 8080, sniff: the rules below say who may call',
    '  mtls.mode  permissive  default',
    '  allow  AuthorizationPolicy shop/callers (namespace)',
    '  front: shop/front or bank/teller → GET /books/*',
    '  rules[1]: namespace ops → anything',
    '  deny (dry run)  AuthorizationPolicy shop/dry (namespace)',
    '  rules[0]: not namespace shop → anything',
  ]);
  // The first rule is about a port that is not among the others.
  const other = podIn([allow]).inbound.find((each) => each.port === 'other');
  assert.deepEqual(
    other?.authorization.flatMap(({ rules }) => rules.map(({ name }) => name)),
    ['rules[1]'],
  );
});

test('who may call follows from the policies that are enforced', () => {
  const source = { kind: 'AuthorizationPolicy', namespace: 'shop', name: 'a' };
  const rules = [{ name: 'r', from: [], to: [] }];
  const policy = (
    action: 'allow' | 'deny' | 'audit',
    some: typeof rules = rules,
    mode: 'enforce' | 'dry-run' = 'enforce',
  ) => ({ source, action, mode, rules: some });
  assert.equal(mayCall([]), 'anybody');
  assert.equal(mayCall([policy('audit'), policy('allow', [], 'dry-run')]), 'anybody');
  assert.equal(mayCall([policy('deny')]), 'by-rules');
  assert.equal(mayCall([policy('allow', [])]), 'nobody');
  assert.equal(mayCall([policy('allow', []), policy('allow')]), 'by-rules');
});

test('a pod without a proxy is told of as one', () => {
  const bare = unmeshed(WEB);
  const description = podIn([meshPolicy('dot-kube-system/strict', { mtls: { mode: 'Strict' } })], bare);
  assert.deepEqual([description.meshed, description.inbound], [false, []]);
  assert.match(descriptionText(description, 'none'), /Proxy +no: /);
});

test('callers of a Service are told of with its split, its policies, and the layer of each', () => {
  const policies = [
    meshPolicy('dot-kube-system/base', { timeouts: { request: '10s' }, retries: { attempts: 1 } }),
    meshPolicy('fast', { targetRefs: targets('web'), timeouts: { request: '1s' } }),
    meshPolicy('port', { targetRefs: targets('web/http'), timeouts: { idle: '5s' } }),
  ];
  const split = trafficSplit('canary', {
    service: 'web',
    backends: [
      { name: 'v1', labels: { version: 'v1' }, weight: 90 },
      { name: 'v2', labels: { version: 'v2' }, weight: 10 },
    ],
  });
  const { policies: applied, ports, workloads } = serviceIn([...policies, split, WEB]);
  const [first] = ports;
  assert.deepEqual(first?.fields.map(({ field, layer, source, value }) => [field, value, source, layer]).sort(), [
    ['retries.attempts', 1, 'MeshPolicy dot-kube-system/base', 'mesh'],
    ['timeouts.idle', '5s', 'MeshPolicy shop/port', 'port of a Service'],
    ['timeouts.request', '1s', 'MeshPolicy shop/fast', 'Service'],
  ]);
  assert.equal(first?.split, 'TrafficSplit shop/canary');
  assert.deepEqual(first?.backends, [
    { to: 'shop/web:80|version=v1', weight: 90 },
    { to: 'shop/web:80|version=v2', weight: 10 },
  ]);
  assert.deepEqual(
    applied.map(({ object }) => object),
    ['MeshPolicy dot-kube-system/base', 'MeshPolicy shop/fast', 'TrafficSplit shop/canary', 'MeshPolicy shop/port'],
  );
  assert.deepEqual(
    workloads.map(({ identity, meshed, pods }) => [identity, meshed, pods]),
    [['spiffe://example.org/ns/shop/sa/web', true, ['web-1']]],
  );
});

test('of two policies of one layer the older is in force, and the younger is told of with why not', () => {
  const older = meshPolicy('b-older', { timeouts: { request: '1s' } }, created(1));
  const younger = meshPolicy('a-younger', { timeouts: { request: '2s' } }, created(2));
  const { policies, ports } = serviceIn([older, younger]);
  assert.equal(ports[0]?.fields[0]?.source, 'MeshPolicy shop/b-older');
  const told = policies.find(({ object }) => object === 'MeshPolicy shop/a-younger');
  assert.match(told?.findings.join() ?? '', /^DK\d+ .*timeouts\.request.*b-older/);
});

test('a Service without policies, and pods of several kinds behind it', () => {
  const other = pod('web-2', labels({ version: 'v2' }), podSpec({ serviceAccountName: 'web2' }));
  const description = serviceIn([WEB, unmeshed(other)]);
  const meshed = Object.fromEntries(description.workloads.map((each) => [each.pods.join(), each.meshed]));
  assert.deepEqual(meshed, { 'web-1': true, 'web-2': false });
  const text = descriptionText(description, 'none');
  assert.match(text, /^Service {2}shop\/web \(ClusterIP\)\n/);
  assert.match(text, /Callers of port 80 \(http\), http\n {2}no policy: the defaults/);
  assert.match(text, /Pods web-2: spiffe:\/\/example\.org\/ns\/shop\/sa\/web2, without a proxy/);
  assert.match(text, /no policy applies\n$/);
});
