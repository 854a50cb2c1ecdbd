import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LoopbackPlan, OutOfAddressesError, PODS_PER_SLOT, SERVICES_PER_POD, SLOTS } from './loopback-plan.ts';

test('a replica keeps its addresses, and no other has them', () => {
  const plan = new LoopbackPlan(1);
  const first = plan.addressesOf('a');
  assert.deepEqual(first, { pod: '127.8.4.1', application: '127.8.4.2', admin: '127.8.4.3' });
  assert.deepEqual(plan.addressesOf('b'), { pod: '127.8.8.1', application: '127.8.8.2', admin: '127.8.8.3' });
  assert.deepEqual(plan.addressesOf('a'), first);
});

test('a Service has the same place in the block of every replica', () => {
  const plan = new LoopbackPlan(2);
  assert.equal(plan.serviceAddress('a', 'shop/details'), '127.16.4.16');
  assert.equal(plan.serviceAddress('a', 'shop/reviews'), '127.16.4.17');
  assert.equal(plan.serviceAddress('b', 'shop/reviews'), '127.16.8.17');
  assert.equal(plan.serviceAddress('b', 'shop/details'), '127.16.8.16');
});

test('a released block is taken again only after all others', () => {
  const plan = new LoopbackPlan(1);
  const gone = plan.addressesOf('gone').pod;
  plan.release('gone');
  const seen = Array.from({ length: PODS_PER_SLOT }, (_, index) => plan.addressesOf(`pod-${index}`).pod);
  assert.equal(seen.at(-1), gone);
  assert.equal(new Set(seen).size, PODS_PER_SLOT);
});

test('all addresses of all slots are distinct loopback addresses', () => {
  const seen = new Set<string>();
  for (let slot = 1; slot <= SLOTS; slot += 1) {
    const plan = new LoopbackPlan(slot);
    for (const pod of ['first', ...Array.from({ length: PODS_PER_SLOT - 2 }, (_, index) => `${index}`), 'last'])
      plan.addressesOf(pod);
    for (const pod of ['first', 'last'])
      for (let service = 0; service < SERVICES_PER_POD; service += 1) seen.add(plan.serviceAddress(pod, `s${service}`));
  }
  assert.equal(seen.size, SLOTS * 2 * SERVICES_PER_POD);
  for (const address of seen) {
    const parts = address.split('.').map(Number);
    assert.equal(parts[0], 127);
    assert.ok(parts.length === 4 && parts.every((part) => part >= 0 && part <= 255), address);
  }
  assert.ok(!seen.has('127.255.255.255') && !seen.has('127.0.0.1'));
});

test('says so when there are more replicas or Services than addresses', () => {
  const plan = new LoopbackPlan(1);
  for (let index = 0; index < SERVICES_PER_POD; index += 1) plan.serviceAddress('a', `s${index}`);
  assert.throws(() => plan.serviceAddress('a', 'one more'), OutOfAddressesError);
  for (let index = 1; index < PODS_PER_SLOT; index += 1) plan.addressesOf(`p${index}`);
  assert.throws(() => plan.addressesOf('one more'), OutOfAddressesError);
});

test('a port that only a privileged process may bind is moved, others stay', () => {
  const plan = new LoopbackPlan(1, 1024);
  assert.deepEqual(
    [80, 443, 1023, 1024, 8080].map((port) => plan.servicePort(port)),
    [20_080, 20_443, 21_023, 1024, 8080],
  );
  assert.deepEqual(
    [80, 8080].map((port) => plan.isPrivileged(port)),
    [true, false],
  );
  assert.equal(new LoopbackPlan(1).servicePort(80), 80);
});
