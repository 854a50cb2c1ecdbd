import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  assertShare,
  callMany,
  clusterName,
  countBy,
  endpoint,
  startMesh,
  startServer,
  type TestMesh,
  type TestProxy,
  type TestServer,
} from './harness/index.ts';

describe('traffic that is split', () => {
  let mesh: TestMesh;
  let client: TestProxy;
  let [v1, v2, shadow]: TestServer[] = [];

  before(async () => {
    [v1, v2, shadow] = await Promise.all(['v1', 'v2', 'shadow'].map((name) => startServer({ name })));
    mesh = await startMesh();
    const endpoints = { '': [endpoint(v1!)], v2: [endpoint(v2!)], shadow: [endpoint(shadow!)] };
    const backends = (weight: number) => [
      { cluster: clusterName('split'), weight: 100 - weight, name: 'stable' },
      { cluster: clusterName('split', 'v2'), weight, name: 'canary' },
    ];
    await mesh.service({ name: 'split', endpoints, rules: [{ backends: backends(10) }] });
    client = await mesh.proxy({ name: 'client', calls: ['split'] });
  });
  after(async () => {
    await mesh[Symbol.asyncDispose]();
    await Promise.all([v1, v2, shadow].map((server) => server![Symbol.asyncDispose]()));
  });

  test('90/10 is 90/10 over 2,000 requests', async () => {
    const answers = await callMany(2000, 16, () => client.call('split'));
    const counts = countBy(answers, ({ server }) => server);
    assert.deepEqual([...counts.keys()].sort(), ['v1', 'v2']);
    assertShare(counts.get('v2') ?? 0, 2000, 0.1, 'the canary');
  });
});
