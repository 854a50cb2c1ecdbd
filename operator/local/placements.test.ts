import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Service } from '../api/core.ts';
import type { LocalPod } from './cluster/kinds.ts';
import { explicitProxyOf } from './placements.ts';

const pod: LocalPod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'cart-0', namespace: 'shop', labels: { app: 'cart' } },
  spec: {
    containers: [
      {
        name: 'main',
        ports: [
          { name: 'http', containerPort: 8080 },
          { containerPort: 53, protocol: 'UDP' },
        ],
      },
      { name: 'metrics', ports: [{ containerPort: 9090 }] },
    ],
  },
};
const addresses = { pod: '127.8.4.1', application: '127.8.4.2', admin: '127.8.4.3' };

function service(name: string, spec: Service['spec'], namespace = 'shop'): Service {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: spec ?? {} };
}

function placed(services: readonly Service[], listening: { host: string; port?: number } = { host: '127.8.4.2' }) {
  return explicitProxyOf({
    pod,
    addresses,
    listening,
    services,
    serviceAddress: (key) => `address of ${key}`,
    servicePort: (port) => port + 1,
  });
}

test('a proxy takes in every TCP port of its pod at the address of the pod', () => {
  const services = [
    service('cart', { selector: { app: 'cart' }, ports: [{ port: 80, targetPort: 'http' }, { port: 7000 }] }),
    service('cart', { selector: { app: 'cart' }, ports: [{ port: 1 }] }, 'other'),
  ];
  assert.deepEqual(
    placed(services).inbound.map(({ bind, port, target }) => [
      port,
      bind.address,
      bind.port,
      target.address,
      target.port,
    ]),
    [7000, 8080, 9090].map((port) => [port, '127.8.4.1', port, '127.8.4.2', port]),
  );
});

test('an application on localhost is reached at the port that it was given', () => {
  assert.deepEqual(
    placed([], { host: '127.0.0.1', port: 4711 }).inbound.map(({ target }) => [target.address, target.port]),
    [
      ['127.0.0.1', 4711],
      ['127.0.0.1', 9090],
    ],
  );
});

test('every port of every Service has an address of its own for the application, names of other hosts have none', () => {
  const services = [
    service('b', { ports: [{ port: 80 }, { port: 81 }, { port: 53, protocol: 'UDP' }] }),
    service('a', { clusterIP: 'None', ports: [{ port: 80 }] }, 'z'),
    service('dns', { type: 'ExternalName', ports: [{ port: 80 }] }),
  ];
  assert.deepEqual(placed(services).outbound, [
    { service: 'shop/b', port: 80, bind: { address: 'address of shop/b', port: 81 } },
    { service: 'shop/b', port: 81, bind: { address: 'address of shop/b', port: 82 } },
    { service: 'z/a', port: 80, bind: { address: 'address of z/a', port: 81 } },
  ]);
});
