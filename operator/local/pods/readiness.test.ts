import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { settle, TestClock } from '../../framework/testing/index.ts';
import { look, readinessOf } from './probe.ts';
import { watchReadiness } from './readiness.ts';

test('a container without a probe is ready when its TCP ports are open', () => {
  const ports = [{ containerPort: 80 }, { containerPort: 81, protocol: 'UDP' as const }, { containerPort: 82 }];
  assert.deepEqual(readinessOf({ name: 'main', ports }, { host: '127.8.4.2', port: 4000 }).checks, [
    { kind: 'tcp', host: '127.8.4.2', port: 4000 },
    { kind: 'tcp', host: '127.8.4.2', port: 82 },
  ]);
});

test('a probe may name a port of the container', () => {
  const container = {
    name: 'main',
    ports: [{ containerPort: 80 }, { name: 'health', containerPort: 81 }],
    readinessProbe: { httpGet: { path: '/healthz', port: 'health' }, periodSeconds: 2 },
  };
  const plan = readinessOf(container, { host: '127.8.4.2' });
  assert.deepEqual(plan.checks, [{ kind: 'http', secure: false, host: '127.8.4.2', port: 81, path: '/healthz' }]);
  assert.equal(plan.periodMs, 2000);
});

test('a check by HTTP takes 200 to 399, and says what is wrong otherwise', async () => {
  const server = createServer((request, response) => {
    response.statusCode = request.url === '/redirect' ? 302 : request.url === '/ok' ? 200 : 503;
    response.end('…');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const check = (path: string) => look({ kind: 'http', secure: false, host: '127.0.0.1', port, path }, 1000, {});
  assert.equal(await check('/ok'), undefined);
  assert.equal(await check('/redirect'), undefined);
  assert.equal(await check('/bad'), 'GET /bad answers 503');
  assert.equal(await look({ kind: 'tcp', host: '127.0.0.1', port }, 1000, {}), undefined);
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  assert.match((await look({ kind: 'tcp', host: '127.0.0.1', port }, 1000, {})) ?? '', /not open/);
});

test('a check by command follows its exit code', async () => {
  assert.equal(await look({ kind: 'exec', command: ['true'] }, 1000, process.env), undefined);
  assert.match((await look({ kind: 'exec', command: ['false'] }, 1000, process.env)) ?? '', /false/);
});

test('what was ready stays so until the probe has failed often enough, and comes back with one success', async () => {
  const clock = new TestClock();
  const told: string[] = [];
  let wrong: string | undefined = 'starting';
  const abort = new AbortController();
  const plan = { checks: [], initialDelayMs: 0, periodMs: 10_000, timeoutMs: 1000, failureThreshold: 3 };
  const watching = watchReadiness({
    plan,
    clock,
    look: () => Promise.resolve(wrong),
    onChange: (ready, why) => told.push(`${ready} ${why}`),
    signal: abort.signal,
  });
  await clock.advance(150);
  assert.deepEqual(told, ['false starting']);
  wrong = undefined;
  await clock.advance(100);
  assert.deepEqual(told.splice(0), ['false starting', 'true ']);
  wrong = 'broken';
  await clock.advance(9_950);
  assert.deepEqual(told, []);
  await clock.advance(300);
  assert.deepEqual(told.splice(0), ['false broken']);
  wrong = undefined;
  await clock.advance(100);
  assert.deepEqual(told, ['true ']);
  abort.abort();
  await settle();
  await watching;
  assert.equal(clock.pendingTimers, 0);
});
