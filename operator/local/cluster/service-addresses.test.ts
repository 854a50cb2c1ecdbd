import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Service } from '../../api/core.ts';
import { allocateAddresses } from './service-addresses.ts';

function service(name: string, spec: Service['spec'] = {}): Service {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'shop' }, spec };
}

test('a Service has the same address in every run, whatever else there is', () => {
  const alone = allocateAddresses([service('cart')]).get('shop/cart');
  assert.match(alone ?? '', /^10\.96\.\d+\.\d+$/);
  assert.equal(allocateAddresses([service('web'), service('cart')]).get('shop/cart'), alone);
});

test('an address that is taken is not given to another', () => {
  const wish = allocateAddresses([service('cart')]).get('shop/cart') ?? '';
  const addresses = allocateAddresses([service('taken', { clusterIP: wish }), service('cart')]);
  assert.equal(addresses.has('shop/taken'), false);
  assert.notEqual(addresses.get('shop/cart'), wish);
});

test('a thousand Services have a thousand addresses', () => {
  const services = Array.from({ length: 1000 }, (_, index) => service(`s${index}`));
  assert.equal(new Set(allocateAddresses(services).values()).size, 1000);
});

test('headless Services and names of other hosts have none', () => {
  const services = [service('headless', { clusterIP: 'None' }), service('dns', { type: 'ExternalName' })];
  assert.equal(allocateAddresses(services).size, 0);
});
