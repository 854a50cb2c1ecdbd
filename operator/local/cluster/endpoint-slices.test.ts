import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod, Service, ServicePort } from '../../api/core.ts';
import { endpointSlicesFor } from './endpoint-slices.ts';

function pod(name: string, ip: string | undefined, more: Partial<Pod['metadata']> = {}, port = 8080): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', uid: `uid-${name}`, labels: { app: 'cart' }, ...more },
    spec: { nodeName: 'local', containers: [{ name: 'main', ports: [{ name: 'web', containerPort: port }] }] },
    status: {
      ...(ip === undefined ? {} : { podIP: ip }),
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  };
}

function service(ports: readonly ServicePort[], more: Service['spec'] = {}): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'cart', namespace: 'shop', uid: 'uid-svc' },
    spec: { selector: { app: 'cart' }, ports, ...more },
  };
}

const notReady = (one: Pod): Pod => ({ ...one, status: { ...one.status, conditions: [] } });

test('the ready pods that a selector selects are the endpoints, in the order of their names', () => {
  const pods = [
    pod('b', '127.8.8.1'),
    pod('a', '127.8.4.1'),
    pod('other', '127.8.12.1', { labels: { app: 'other' } }),
    pod('elsewhere', '127.8.16.1', { namespace: 'blog' }),
    pod('unborn', undefined),
  ];
  const [slice, ...rest] = endpointSlicesFor(service([{ name: 'http', port: 80, targetPort: 8080 }]), pods);
  assert.deepEqual(rest, []);
  assert.equal(slice?.metadata.labels?.['kubernetes.io/service-name'], 'cart');
  assert.deepEqual(slice?.ports, [{ name: 'http', port: 8080, protocol: 'TCP' }]);
  assert.deepEqual(
    slice?.endpoints?.map(({ addresses, targetRef }) => [addresses, targetRef?.name]),
    [
      [['127.8.4.1'], 'a'],
      [['127.8.8.1'], 'b'],
    ],
  );
});

test('a pod that terminates still serves, and one that is not ready does not', () => {
  const gone = pod('a', '127.8.4.1', { deletionTimestamp: '2026-01-01T00:00:00Z' });
  const [slice] = endpointSlicesFor(service([{ port: 80 }]), [gone, notReady(pod('b', '127.8.8.1'))]);
  assert.deepEqual(
    slice?.endpoints?.map(({ conditions }) => conditions),
    [
      { ready: false, serving: true, terminating: true },
      { ready: false, serving: false, terminating: false },
    ],
  );
});

test('not-ready addresses are published where the Service asks for it', () => {
  const [slice] = endpointSlicesFor(service([{ port: 80 }], { publishNotReadyAddresses: true }), [
    notReady(pod('a', '127.8.4.1')),
  ]);
  assert.equal(slice?.endpoints?.[0]?.conditions?.ready, true);
});

test('a named target port makes a slice for each number that it has', () => {
  const pods = [pod('a', '127.8.4.1', {}, 8080), pod('b', '127.8.8.1', {}, 9090)];
  const slices = endpointSlicesFor(service([{ port: 80, targetPort: 'web' }]), pods);
  assert.deepEqual(
    slices.map(({ metadata, ports }) => [metadata.name, ports?.[0]?.port]),
    [
      ['cart-local-0', 8080],
      ['cart-local-1', 9090],
    ],
  );
  assert.deepEqual(endpointSlicesFor(service([{ port: 80, targetPort: 'grpc' }]), pods), []);
});

test('the zone of an endpoint is that of its pod, and a headless Service is marked', () => {
  const zoned = pod('a', '127.8.4.1', { labels: { app: 'cart', 'topology.kubernetes.io/zone': 'east-1' } });
  const [slice] = endpointSlicesFor(service([{ port: 80 }], { clusterIP: 'None' }), [zoned]);
  assert.equal(slice?.endpoints?.[0]?.zone, 'east-1');
  assert.equal(slice?.metadata.labels?.['service.kubernetes.io/headless'], '');
});

test('a Service without a selector has no slices of ours', () => {
  assert.deepEqual(endpointSlicesFor(service([{ port: 80 }], { selector: {} }), [pod('a', '127.8.4.1')]), []);
});
