import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Service } from '../../api/core.ts';
import type { DataObject, LocalContainer, LocalPod } from '../cluster/kinds.ts';
import { commandOf, environmentFor } from './pod-environment.ts';

const pod: LocalPod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web-0', namespace: 'shop', uid: 'u', labels: { app: 'web', __proto: 'x' } },
  spec: { serviceAccountName: 'web', nodeName: 'local.east' },
};

function service(name: string, namespace: string, ports: readonly { name?: string; port: number }[]): Service {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: { ports } };
}

const portOf = (port: number): number => port + 20_000;

function environment(container: Partial<LocalContainer>, objects: readonly DataObject[] = []) {
  return environmentFor({
    pod,
    container: { name: 'main', ...container },
    host: '127.8.4.2',
    podIp: '127.8.4.1',
    services: [
      {
        service: service('my-cart', 'shop', [{ name: 'http', port: 80 }, { port: 81 }]),
        address: '127.8.4.16',
        portOf,
      },
      { service: service('mail', 'office', [{ port: 25 }]), address: '127.8.4.17', portOf },
    ],
    dataOf: (kind, name) => objects.find((one) => one.kind === kind && one.metadata.name === name),
  });
}

test('Services of the namespace have the names that Kubernetes gives them, others their namespace too', () => {
  const { variables } = environment({});
  assert.equal(variables['MY_CART_SERVICE_HOST'], '127.8.4.16');
  assert.equal(variables['MY_CART_SERVICE_PORT'], '20080');
  assert.equal(variables['MY_CART_SERVICE_PORT_HTTP'], '20080');
  assert.equal(variables['MY_CART_SHOP_SERVICE_HOST'], '127.8.4.16');
  assert.equal(variables['MAIL_OFFICE_SERVICE_HOST'], '127.8.4.17');
  assert.equal(variables['MAIL_SERVICE_HOST'], undefined);
});

test('the application is told where to listen', () => {
  const ports = [{ containerPort: 8080 }, { name: 'metrics', containerPort: 9090 }];
  const { variables } = environment({ ports });
  assert.deepEqual([variables['HOST'], variables['PORT'], variables['PORT_METRICS']], ['127.8.4.2', '8080', '9090']);
});

test('what the container declares comes last and may use what came before', () => {
  const { variables, missing } = environment({
    ports: [{ containerPort: 8080 }],
    env: [
      { name: 'PORT', value: '1' },
      { name: 'CART', value: 'http://$(MY_CART_SERVICE_HOST):$(MY_CART_SERVICE_PORT)$(UNKNOWN)$$(PORT)' },
      { name: 'NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
      { name: 'APP', valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } },
      { name: 'NONE', valueFrom: { fieldRef: { fieldPath: "metadata.labels['constructor']" } } },
      { name: 'ODD', valueFrom: { fieldRef: { fieldPath: 'spec.odd' } } },
    ],
  });
  assert.equal(variables['PORT'], '1');
  assert.equal(variables['CART'], 'http://127.8.4.16:20080$(UNKNOWN)$(PORT)');
  assert.deepEqual([variables['NAME'], variables['IP'], variables['APP']], ['web-0', '127.8.4.1', 'web']);
  assert.equal(variables['NONE'], '');
  assert.deepEqual(missing, ['ODD (field spec.odd)']);
});

test('ConfigMaps and Secrets are read, and what is missing is said', () => {
  const objects: DataObject[] = [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { COLOUR: 'red' } },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'keys' },
      data: { KEY: 'c2VzYW1l' },
      stringData: { TEXT: 'plain' },
    },
  ];
  const { variables, missing } = environment(
    {
      envFrom: [
        { prefix: 'MY_', configMapRef: { name: 'settings' } },
        { secretRef: { name: 'keys' } },
        { configMapRef: { name: 'none', optional: true } },
        { configMapRef: { name: 'lost' } },
      ],
      env: [
        { name: 'A', valueFrom: { secretKeyRef: { name: 'keys', key: 'KEY' } } },
        { name: 'B', valueFrom: { configMapKeyRef: { name: 'settings', key: 'SIZE' } } },
        { name: 'C', valueFrom: { configMapKeyRef: { name: 'settings', key: 'SIZE', optional: true } } },
      ],
    },
    objects,
  );
  assert.deepEqual([variables['MY_COLOUR'], variables['KEY'], variables['TEXT']], ['red', 'sesame', 'plain']);
  assert.deepEqual([variables['A'], variables['B'], variables['C']], ['sesame', undefined, '']);
  assert.deepEqual(missing, ['the ConfigMap lost', 'B (key SIZE of the ConfigMap settings)']);
});

test('a command line may use variables', () => {
  const container = { name: 'main', command: ['node', 'app.ts'], args: ['--port=$(PORT)', '$(hasOwnProperty)'] };
  assert.deepEqual(commandOf(container, { PORT: '8080' }), ['node', 'app.ts', '--port=8080', '$(hasOwnProperty)']);
});
