import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { CircuitBreaker, OutlierDetection } from '@dot-kube/proxy/model';
import {
  callMany,
  countBy,
  endpoint,
  type ServiceSpec,
  settled,
  startMesh,
  startServers,
  type TestMesh,
  type TestProxy,
  type TestServer,
} from './harness/index.ts';

describe('limits', () => {
  const scope = new AsyncDisposableStack();
  let mesh: TestMesh;
  let client: TestProxy;
  let servers: readonly TestServer[] = [];

  const limited = (name: string, circuitBreaker: CircuitBreaker, count = 1): ServiceSpec => ({
    name,
    endpoints: servers.slice(0, count).map((server) => endpoint(server)),
    cluster: { circuitBreaker },
    route: { retries: { attempts: 0, on: [], statusCodes: [] } },
  });
  const detecting = (name: string, outlierDetection: OutlierDetection, count = 3): ServiceSpec =>
    limited(name, { outlierDetection }, count);
  const quick: OutlierDetection = { intervalMs: 100, baseEjectionMs: 1000, maxEjectionPercent: 50 };

  before(async () => {
    servers = await startServers(4, 'host');
    for (const server of servers) scope.use(server);
    mesh = scope.use(await startMesh());
    const specs = [
      limited('none', {}),
      limited('pending', { maxConnections: 1, maxPendingRequests: 2 }),
      limited('requests', { maxRequests: 3 }),
      limited('single-use', { maxRequestsPerConnection: 1 }),
      detecting('errors', { ...quick, consecutiveErrors: 3 }),
      detecting('gateway', { ...quick, consecutiveErrors: 0, consecutiveGatewayErrors: 3 }),
      detecting('one', { ...quick, consecutiveErrors: 3, maxEjectionPercent: 0, minHealthPercent: 0 }),
      detecting('alone', { ...quick, consecutiveErrors: 3 }, 1),
    ];
    await mesh.service(...specs);
    client = await mesh.proxy({ name: 'client', calls: specs.map(({ name }) => name) });
  });
  after(() => scope.disposeAsync());

  const first = () => servers[0] ?? assert.fail();
  const together = async (service: string, count: number) => {
    // What comes while the first connection is being made waits for it.
    await client.call(service);
    const { promise: when, resolve: release } = Promise.withResolvers<void>();
    first().respond = () => ({ when });
    first().mostActive = 0;
    let refused = 0;
    const answers = Array.from({ length: count }, async () => {
      const answer = await client.call(service);
      if (answer.status !== 200) refused += 1;
      return answer;
    });
    await settled(() => refused + first().active);
    release();
    first().respond = () => ({});
    return countBy(await Promise.all(answers), ({ status }) => String(status));
  };

  test('nothing is limited that nobody limited', async () => {
    assert.deepEqual([...(await together('none', 60))], [['200', 60]]);
  });

  test('requests that find neither a connection nor a place to wait are refused at once', async () => {
    const counts = await together('pending', 10);
    assert.deepEqual([counts.get('200'), counts.get('503')], [3, 7]);
    assert.equal(first().mostActive, 1);
    const line = await client.logged(({ cluster, status }) => cluster === 'shop/pending:80' && status === 503);
    assert.equal(line['flags'], 'UO');
  });

  test('requests under way are limited', async () => {
    const counts = await together('requests', 10);
    assert.deepEqual([counts.get('200'), counts.get('503')], [3, 7]);
    assert.equal(first().mostActive, 3);
  });

  test('a connection is replaced after so many requests', async () => {
    const before = first().connections;
    await callMany(20, 1, () => client.call('single-use'));
    assert.equal(first().connections - before, 20);
  });

  /** Fails a host, and says how many requests it got until it was left alone, and who got the ones after that. */
  const ejection = async (service: string, status: number) => {
    await callMany(12, 1, () => client.call(service));
    first().respond = () => ({ status });
    const failed = await callMany(30, 1, () => client.call(service));
    first().respond = () => ({});
    return {
      errors: failed.filter((answer) => answer.status === status).length,
      afterwards: countBy(failed.slice(-10), ({ server }) => server),
    };
  };

  test('a host that fails is left alone for a while, and comes back', async () => {
    const { errors, afterwards } = await ejection('errors', 500);
    // The ejection is in force as soon as all of Envoy's threads know of it.
    assert.ok(errors >= 3 && errors <= 6, `${errors} errors`);
    assert.deepEqual([...afterwards.keys()].sort(), ['host-1', 'host-2']);
    assert.equal(await client.envoy.stat('cluster.shop/errors_80.outlier_detection.ejections_active'), 1);
    const ejectedAt = performance.now();
    let back: number | undefined;
    while (back === undefined && performance.now() - ejectedAt < 5000) {
      const counts = countBy(await callMany(6, 1, () => client.call('errors')), ({ server }) => server);
      if (counts.has('host-0')) back = performance.now() - ejectedAt;
      await delay(20);
    }
    assert.ok(back !== undefined && back > 600 && back < 4000, `back after ${back} ms`);
  });

  test('only gateway errors count where only they are to', async () => {
    const own = await ejection('gateway', 500);
    assert.equal(own.errors, 10);
    assert.equal(own.afterwards.size, 3);
    const { errors, afterwards } = await ejection('gateway', 503);
    assert.ok(errors >= 3 && errors <= 6, `${errors} errors`);
    assert.deepEqual([...afterwards.keys()].sort(), ['host-1', 'host-2']);
  });

  test('one host may always be ejected, whatever the percentage', async () => {
    const { errors, afterwards } = await ejection('one', 500);
    assert.ok(errors >= 3 && errors <= 6, `${errors} errors`);
    assert.equal(afterwards.size, 2);
  });

  test('the only host is still tried when it is ejected, as too few are left', async () => {
    const { afterwards } = await ejection('alone', 500);
    assert.deepEqual([...afterwards.keys()], ['host-0']);
  });
});
