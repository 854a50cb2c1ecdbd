import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Retries, Timeouts } from '@dot-kube/proxy/model';
import {
  assertShare,
  callMany,
  countBy,
  endpoint,
  loopbackAddress,
  type ServiceSpec,
  settled,
  startMesh,
  startServer,
  type TestMesh,
  type TestProxy,
  type TestServer,
  until,
} from './harness/index.ts';

describe('time-outs and retries', () => {
  const scope = new AsyncDisposableStack();
  let mesh: TestMesh;
  let client: TestProxy;
  let good: TestServer;
  let bad: TestServer;

  const on = (...conditions: string[]): Retries => ({ attempts: 1, on: conditions, statusCodes: [] });
  const route = (name: string, timeouts: Timeouts, retries?: Retries): ServiceSpec => ({
    name,
    endpoints: [endpoint(good)],
    route: { timeouts, ...(retries === undefined ? {} : { retries }) },
  });

  before(async () => {
    good = scope.use(await startServer({ name: 'good' }));
    bad = scope.use(await startServer({ name: 'bad' }));
    mesh = scope.use(await startMesh());
    const nobody = { address: loopbackAddress(), port: 1 };
    const specs: readonly ServiceSpec[] = [
      route('none', {}),
      route('request', { requestMs: 200 }),
      route('idle', { idleMs: 200 }),
      route('per-try', { perTryMs: 200 }, on('reset', '5xx')),
      route('per-try-alone', { perTryMs: 200 }, { attempts: 0, on: [], statusCodes: [] }),
      { ...route('other-host', {}, on('5xx')), endpoints: [endpoint(good), endpoint(bad)] },
      {
        ...route('by-chance', {}, on('5xx')),
        endpoints: [endpoint(good), endpoint(bad)],
        cluster: { loadBalancer: { algorithm: { kind: 'random' } } },
      },
      route('twice', {}, { ...on('gateway-error'), attempts: 2 }),
      route('codes', {}, { attempts: 1, on: [], statusCodes: [429] }),
      { ...route('grpc', {}, on('unavailable')) },
      { ...route('usual', {}), endpoints: [endpoint(good), endpoint(nobody)] },
      { ...route('off', {}, { ...on(), attempts: 0 }), endpoints: [endpoint(nobody)] },
      { ...route('budget', {}, on('5xx')), cluster: { retryBudget: { percent: 20, minConcurrent: 3 } } },
      { ...route('most', {}, on('5xx')), cluster: { circuitBreaker: { maxRetries: 2 } } },
      route('no-budget', {}, on('5xx')),
      route('backoff', {}, { ...on('5xx'), attempts: 3, backoff: { baseMs: 300, maxMs: 300 } }),
    ];
    await mesh.service(...specs);
    client = await mesh.proxy({ name: 'client', calls: specs.map(({ name }) => name) });
  });
  after(() => scope.disposeAsync());

  /** The good server answers so in turn, and from then on as usual. */
  const answers = (...replies: readonly { status?: number; delayMs?: number; headers?: Record<string, string> }[]) => {
    const left = [...replies];
    good.requests = 0;
    good.respond = () => left.shift() ?? {};
  };

  test('no answer is cut that takes longer than any wait for a route', async () => {
    answers({ delayMs: 3600 });
    const { status, durationMs } = await client.call('none', { method: 'POST', body: 'x' });
    assert.equal(status, 200);
    assert.ok(durationMs >= 3500);
  });

  test('a request that takes too long is given up', async () => {
    answers({ delayMs: 2000 });
    const { status, durationMs } = await client.call('request');
    assert.equal(status, 504);
    assert.ok(durationMs >= 190 && durationMs < 1500, `${durationMs} ms`);
    const line = await client.logged(({ cluster }) => cluster === 'shop/request:80');
    assert.equal(line['flags'], 'UT');
  });

  test('a stream on which nothing happens is given up', async () => {
    // Envoy applies the limit from a Service's second request on: the first one waits for the route that has it.
    answers({}, { delayMs: 2000 });
    assert.equal((await client.call('idle')).status, 200);
    const { status, durationMs } = await client.call('idle');
    assert.equal(status, 504);
    assert.ok(durationMs >= 190 && durationMs < 1500, `${durationMs} ms`);
  });

  test('a single try that takes too long is tried again', async () => {
    answers({ delayMs: 2000 });
    const { status, durationMs } = await client.call('per-try');
    assert.equal(status, 200);
    assert.ok(durationMs >= 190 && durationMs < 1500, `${durationMs} ms`);
    assert.equal(good.requests, 2);
  });

  test('a limit of a single try holds without retries too', async () => {
    answers({ delayMs: 2000 });
    assert.equal((await client.call('per-try-alone')).status, 504);
    assert.equal(good.requests, 1);
  });

  test('a retry goes to another host', async () => {
    answers();
    bad.requests = 0;
    bad.respond = () => ({ status: 503 });
    const counts = countBy(await callMany(100, 4, () => client.call('other-host')), ({ status }) => String(status));
    assert.deepEqual([...counts], [['200', 100]]);
    assert.equal(good.requests, 100);
    assert.ok(bad.requests > 20, `${bad.requests} first tries went to the bad one`);
  });

  test('a host that was tried is passed over five times where hosts are picked by chance', async () => {
    answers();
    bad.respond = () => ({ status: 503 });
    const failed = (await callMany(600, 8, () => client.call('by-chance'))).filter(({ status }) => status === 503);
    // The first pick and six more for the retry are all the bad one.
    assertShare(failed.length, 600, 0.5 ** 7, 'requests that failed');
  });

  test('there are as many retries as were asked for, and for the conditions that were', async () => {
    answers({ status: 503 }, { status: 502 }, { status: 504 });
    assert.equal((await client.call('twice')).status, 504);
    assert.equal(good.requests, 3);
    answers({ status: 503 }, { status: 502 });
    assert.equal((await client.call('twice', { method: 'POST', body: 'again' })).status, 200);
    assert.equal(good.last?.body, 'again');
    answers({ status: 500 });
    assert.equal((await client.call('twice')).status, 500, 'which is no gateway error');
    assert.equal(good.requests, 1);
  });

  test('single status codes are retried, and no other', async () => {
    answers({ status: 429 });
    assert.equal((await client.call('codes')).status, 200);
    answers({ status: 503 });
    assert.equal((await client.call('codes')).status, 503);
  });

  test('a gRPC status is retried', async () => {
    const headers = { 'content-type': 'application/grpc' };
    answers({ headers: { ...headers, 'grpc-status': '14' } }, { headers: { ...headers, 'grpc-status': '0' } });
    const answer = await client.call('grpc', { method: 'POST', headers });
    assert.equal(answer.headers['grpc-status'], '0');
    assert.equal(good.requests, 2);
  });

  test('without a word about retries, what cannot have reached the application is tried again, and nothing else', async () => {
    answers();
    const counts = countBy(await callMany(50, 4, () => client.call('usual')), ({ status }) => String(status));
    assert.deepEqual([...counts], [['200', 50]]);
    answers({ status: 503 });
    assert.equal((await client.call('none')).status, 503);
    assert.equal(good.requests, 1);
  });

  test('retries can be turned off', async () => {
    assert.equal((await client.call('off')).status, 503);
    const line = await client.logged(({ cluster }) => cluster === 'shop/off:80');
    assert.equal(line['attempts'], 1);
  });

  test('a retry waits', async () => {
    answers({ status: 503 }, { status: 503 }, { status: 503 });
    const { durationMs, status } = await client.call('backoff');
    assert.equal(status, 200);
    // Each pause is drawn evenly from 0 to 300 ms: three together are under 5 ms less often than once in a million.
    assert.ok(durationMs > 5 && durationMs < 2000, `${durationMs} ms`);
  });

  /** 50 calls at the same time, all of which fail, and their retries too: how many retries there were. */
  const retriesOf = async (service: string) => {
    await client.call(service);
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    good.requests = 0;
    good.respond = () => ({ status: 503, when: good.requests <= 50 ? first.promise : second.promise });
    const calls = Array.from({ length: 50 }, () => client.call(service));
    await until(() => good.requests === 50);
    first.resolve();
    await settled(() => good.requests);
    second.resolve();
    const counts = countBy(await Promise.all(calls), ({ status }) => String(status));
    assert.deepEqual([...counts], [['503', 50]]);
    return good.requests - 50;
  };

  test('without a budget there is a retry for each failure', async () => {
    assert.equal(await retriesOf('no-budget'), 50);
  });

  test('a budget keeps retries to a share of what is under way', async () => {
    const retries = await retriesOf('budget');
    // 20 % of the 50 that are under way when the first of them fail.
    assert.ok(retries >= 9 && retries <= 10, `${retries} retries`);
  });

  test('a number of retries at the same time is a limit', async () => {
    assert.equal(await retriesOf('most'), 2);
  });
});
