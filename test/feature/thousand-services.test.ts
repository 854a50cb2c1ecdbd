import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scopeName } from '@dot-kube/proxy/envoy';
import { type TypeUrl, typeUrls } from '@dot-kube/proxy/xds';
import type { AdsClient } from '@dot-kube/proxy/xds/testing';
import { TestMesh } from './harness/mesh.ts';
import { endpointSlice, pod, policy, service, workload } from './harness/objects.ts';

const COUNT = 1000;

/** `count` Services with an endpoint each, beside the callers. */
function services(count: number) {
  return Array.from({ length: count }, (_, index) => {
    const [name, high, low] = [`svc-${index}`, Math.floor(index / 250) + 1, (index % 250) + 1];
    const ip = `10.244.${high + 100}.${low}`;
    return [service(name, `10.96.${high}.${low}`), pod(name, 1, ip), endpointSlice(name, [{ index: 1, ip }])];
  }).flat();
}

/** Asks for what ten calls need: scopes are there already, so their routes, clusters and endpoints. */
async function callTen(client: AdsClient): Promise<void> {
  const names = Array.from({ length: 10 }, (_, index) => `shop/svc-${index}:80`);
  for (const type of [typeUrls.route, typeUrls.cluster, typeUrls.endpoints] as TypeUrl[]) {
    client.subscribe(type, names);
    await client.until(() => names.every((name) => client.resources(type).has(name)));
  }
}

const bytesOf = (client: AdsClient): number => client.responses.reduce((sum, { bytes }) => sum + bytes, 0);

async function startAndCall(count: number): Promise<{ readonly mesh: TestMesh; readonly client: AdsClient }> {
  const mesh = await TestMesh.start([...workload('web', 0), ...services(count)]);
  const client = await mesh.connect('web-1');
  await client.until(() => client.resources(typeUrls.scopedRoute).size >= count, 20_000);
  await callTen(client);
  return { mesh, client };
}

test('among 1,000 Services one route edit and one new Service send a proxy at most 2 KB', async () => {
  const { mesh: started, client } = await startAndCall(COUNT);
  await using mesh = started;
  const before = bytesOf(client);
  const split = policy('TrafficSplit', 'svc-3', {
    service: 'svc-3',
    backends: [{ name: 'other', service: 'svc-4', weight: 1 }],
  });
  await mesh.apply(split);
  await mesh.until(split, 'Programmed', 'True Programmed');
  const afterEdit = bytesOf(client);
  await mesh.apply(service('brand-new', '10.96.200.1'));
  await client.until(() => client.resources(typeUrls.scopedRoute).has(scopeName('10.96.200.1:80')));
  const afterService = bytesOf(client);
  assert.ok(afterEdit > before && afterEdit - before <= 2048, `the edit sent ${afterEdit - before} bytes`);
  assert.ok(afterService - afterEdit <= 2048, `the Service sent ${afterService - afterEdit} bytes`);
});

test('a proxy that calls ten of 1,000 Services is sent at most 150 KB more than in a mesh of ten', async () => {
  const bytes: number[] = [];
  for (const count of [10, COUNT]) {
    const { mesh, client } = await startAndCall(count);
    bytes.push(bytesOf(client));
    await mesh[Symbol.asyncDispose]();
  }
  const [small = 0, large = 0] = bytes;
  const more = large - small;
  assert.ok(more > 0 && more <= 150 * 1024, `${more} bytes more`);
});
