import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finding } from '../../findings/index.ts';
import { serviceChange } from './service-condition.ts';

const object = { kind: 'Service', namespace: 'shop', name: 'web' };
const sniffed = finding('DK2302', { object, field: 'spec.ports[0]' }, { port: '80', service: 'web', wait: '300ms' });
const taken = finding('DK2202', { object, field: 'spec.clusterIP' }, { address: '10.96.0.7', other: 'Service shop/a' });
const T0 = Date.UTC(2026, 0, 1);

test('a Service is told once what is found, with the code, the field and the fix', () => {
  const change = serviceChange(undefined, [sniffed], T0);
  assert.partialDeepStrictEqual(change?.conditions[0], {
    type: 'mesh.dot-kube.io/Accepted',
    status: 'True',
    reason: 'ProtocolSniffed',
    lastTransitionTime: '2026-01-01T00:00:00Z',
  });
  assert.match(change?.conditions[0]?.message ?? '', /^DK2302 spec\.ports\[0\]: .+ \(fix: .+\)$/);
  assert.deepEqual(change?.event, { type: 'Warning', reason: 'ProtocolSniffed', note: change?.conditions[0]?.message });
  assert.equal(serviceChange(change?.conditions, [sniffed], T0 + 1000), undefined);
});

test('an error goes before a warning, and makes the condition False', () => {
  const [condition] = serviceChange(undefined, [sniffed, taken], T0)?.conditions ?? [];
  assert.partialDeepStrictEqual(condition, { status: 'False', reason: 'AddressTaken' });
  assert.match(condition?.message ?? '', /DK2302.*; DK2202/);
});

test('a Service in order has no condition of ours, and loses it when it gets in order', () => {
  assert.equal(serviceChange(undefined, [], T0), undefined);
  const change = serviceChange(undefined, [sniffed], T0);
  assert.deepEqual(serviceChange(change?.conditions, [], T0), { conditions: [] });
});

test('the conditions of others are left alone', () => {
  const other = { type: 'Other', status: 'True', reason: 'X', message: '', lastTransitionTime: 'then' } as const;
  assert.deepEqual(
    serviceChange([other], [sniffed], T0)?.conditions.map(({ type }) => type),
    ['mesh.dot-kube.io/Accepted'],
  );
});
