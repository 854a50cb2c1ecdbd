import assert from 'node:assert/strict';
import { test } from 'node:test';
import { typeUrls } from '@dot-kube/proxy/xds';
import { TestMesh } from './harness/mesh.ts';
import { policy, workload } from './harness/objects.ts';

const ROUTE = 'shop/reviews:80';
const objects = [...workload('web', 1), ...workload('reviews', 2, { version: 'v1' })];

function split(weight: number) {
  return policy('TrafficSplit', 'reviews', {
    service: 'reviews',
    backends: [
      { name: 'v1', labels: { version: 'v1' }, weight: 100 - weight },
      { name: 'v2', labels: { version: 'v2' }, weight },
    ],
  });
}

test('a split that no proxy uses is programmed, and says that no proxy uses it', async () => {
  await using mesh = await TestMesh.start([...objects, split(10)]);
  const status = await mesh.until(split(10), 'Programmed', 'True NoProxyUsesIt');
  assert.deepEqual(status.proxies, { total: 0, programmed: 0, rejected: 0 });
});

test('a split is programmed when every proxy that uses it has acknowledged it, and not before', async () => {
  await using mesh = await TestMesh.start([...objects, split(10)]);
  const clients = [await mesh.connect('web-1'), await mesh.connect('web-2')];
  for (const client of clients) {
    client.subscribe(typeUrls.route, [ROUTE]);
    await client.until(() => client.resources(typeUrls.route).has(ROUTE));
  }
  clients[1]?.hold(typeUrls.route);
  await mesh.apply(split(50));
  const pending = await mesh.until(split(50), 'Programmed', 'False Pending');
  assert.deepEqual(pending.proxies?.total, 2);
  // The other one's acknowledgement is in the next status.
  await mesh.untilMessage(
    split(50),
    'Programmed',
    '1 of 2 proxies have acknowledged generation 2; waiting for shop/web-2',
  );
  clients[1]?.release(typeUrls.route);
  const done = await mesh.until(split(50), 'Programmed', 'True Programmed');
  assert.deepEqual(done.proxies, { total: 2, programmed: 2, rejected: 0 });
});

test("a split that a proxy refuses carries the proxy's own words", async () => {
  await using mesh = await TestMesh.start([...objects, split(10)]);
  const client = await mesh.connect('web-1', {
    refuses: (type, { name, bytes }) =>
      type === typeUrls.route && name === ROUTE && Buffer.from(bytes).includes('version=v3')
        ? 'no such thing as v3'
        : undefined,
  });
  client.subscribe(typeUrls.route, [ROUTE]);
  await client.until(() => client.resources(typeUrls.route).has(ROUTE));
  const bad = policy('TrafficSplit', 'reviews', {
    service: 'reviews',
    backends: [{ name: 'v3', labels: { version: 'v3' }, weight: 1 }],
  });
  await mesh.apply(bad);
  const status = await mesh.until(bad, 'Programmed', 'False RejectedByProxy');
  assert.match(status.conditions?.find(({ type }) => type === 'Programmed')?.message ?? '', /no such thing as v3/);
  assert.deepEqual(status.proxies, { total: 1, programmed: 0, rejected: 1 });
  await mesh.until(bad, 'Stalled', 'True');
  await mesh.apply(split(20));
  await mesh.until(split(20), 'Programmed', 'True Programmed');
});

test('a proxy that disconnects is not waited for after five seconds', async () => {
  await using mesh = await TestMesh.start([...objects, split(10)]);
  const client = await mesh.connect('web-1');
  client.subscribe(typeUrls.route, [ROUTE]);
  await client.until(() => client.resources(typeUrls.route).has(ROUTE));
  client.hold(typeUrls.route);
  await mesh.apply(split(50));
  await mesh.until(split(50), 'Programmed', 'False Pending');
  await client.close();
  await mesh.until(split(50), 'Programmed', 'True NoProxyUsesIt', 8000);
});

test('a second look at what is in order writes nothing', async () => {
  await using mesh = await TestMesh.start([...objects, split(10)]);
  await mesh.until(split(10), 'Programmed', 'True NoProxyUsesIt');
  const before = mesh.api.resourceVersion;
  await mesh.apply(split(10));
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(mesh.api.resourceVersion, before);
});
