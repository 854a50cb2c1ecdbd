import assert from 'node:assert/strict';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { envoyArgs, type ProbeRoute } from '@dot-kube/proxy/bootstrap';
import { envoyBinary } from '../../../operator/local/tools/envoy-binary.ts';
import { createTestAuthority } from '../../cluster/certificates.ts';
import { freePort } from '../../tools/free-port.ts';
import { scratchDirectory } from '../../tools/scratch-directory.ts';
import { startServer, waitUntilServing } from '../../tools/server-process.ts';
import { secureBootstrap } from './fixtures.ts';

const cleanUp = new AsyncDisposableStack();
after(() => cleanUp.disposeAsync());

let [health, received, seen] = ['SERVING', [] as string[], {} as IncomingHttpHeaders];
let port = 0;
let web: Server;
let database: Server;

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp.defer(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const application: RequestListener = ({ headers, method, url = '' }, response) => {
  received.push(`${method} ${url}`);
  seen = headers;
  if (url === '/moved') response.setHeader('location', '/elsewhere');
  response.writeHead({ '/moved': 302, '/broken': 500 }[url] ?? 200).end('words of the application');
};

/** grpc.health.v1.Health by hand: a frame with field 1 of HealthCheckResponse. */
function grpcHealth(): Server {
  return createHttp2Server((request, response) => {
    received.push(`gRPC ${request.url}`);
    request.on('data', (chunk: Buffer) => received.push(chunk.subarray(7).toString()));
    request.on('end', () => {
      response.writeHead(200, { 'content-type': 'application/grpc' });
      response.write(Buffer.of(0, 0, 0, 0, 2, 8, health === 'SERVING' ? 1 : 2));
      response.addTrailers({ 'grpc-status': '0' });
      response.end();
    });
  });
}

before(async () => {
  const authority = await createTestAuthority();
  const { certificate, key } = await authority.server(['nobody.example'], []);
  web = createServer(application);
  database = createTcpServer((socket) => {
    received.push('TCP');
    socket.on('error', () => undefined).end();
  });
  const ports = {
    web: await listen(web),
    secure: await listen(createSecureServer({ cert: certificate, key }, application)),
    database: await listen(database),
    grpc: await listen(grpcHealth()),
  };
  const polled = { periodSeconds: 1, timeoutSeconds: 1 };
  const routes: readonly ProbeRoute[] = [
    { kind: 'http', path: '/app/live?deep=1', target: '/healthz', port: ports.web },
    { kind: 'http', path: '/app/moved', target: '/moved', port: ports.web },
    { kind: 'http', path: '/app/broken', target: '/broken', port: ports.web },
    { kind: 'https', path: '/app/secure', target: '/healthz', port: ports.secure },
    { kind: 'tcp', path: '/app/database', port: ports.database, ...polled },
    { kind: 'grpc', path: '/app/grpc', port: ports.grpc, service: 'shop.v1.Reviews', ...polled },
  ];
  const folder = await scratchDirectory('probes');
  cleanUp.defer(() => rm(folder, { recursive: true, force: true }));
  port = await freePort();
  const configPath = join(folder, 'bootstrap.json');
  const bootstrap = secureBootstrap(0, folder, {
    controlPlane: { kind: 'plaintext', addresses: [{ host: '127.0.0.1', port: 1 }] },
    admin: { kind: 'pipe', path: join(folder, 'admin.socket') },
    initialFetchTimeoutMs: 1,
    applicationProbes: { address: { addresses: ['127.0.0.1', '::1'], port }, routes },
  });
  await writeFile(configPath, JSON.stringify(bootstrap));
  const envoy = await startServer(await envoyBinary(), envoyArgs({ configPath }));
  cleanUp.defer(async () => void (await envoy.process.stop(0)));
  const answers = async () => (await ask('/app/moved')).status === 302;
  await waitUntilServing('envoy', envoy, answers, { timeoutMilliseconds: 10_000, intervalMilliseconds: 20 });
});

function ask(path: string, method = 'GET', host = '127.0.0.1'): Promise<Response> {
  return fetch(`http://${host}:${port}${path}`, {
    method,
    headers: { 'x-probe': 'a', connection: 'close' },
    redirect: 'manual',
  });
}

async function until(path: string, status: number): Promise<void> {
  const deadline = performance.now() + 10_000;
  for (let last = 0; last !== status; ) {
    assert.ok(performance.now() < deadline, `${path} still answers ${last}`);
    last = (await ask(path)).status;
  }
}

test('a GET is passed on with its query and headers, and the answer is the application’s', async () => {
  received = [];
  const answer = await ask('/app/live?deep=1');
  assert.deepEqual([answer.status, await answer.text()], [200, 'words of the application']);
  assert.deepEqual(received, ['GET /healthz?deep=1']);
  assert.deepEqual([seen['x-probe'], seen.host], ['a', `127.0.0.1:${port}`]);
  assert.equal((await ask('/app/broken')).status, 500);
  assert.equal((await ask('/app/live?deep=1', 'GET', '[::1]')).status, 200);
});

test('a redirect is an answer, and leads nowhere', async () => {
  const answer = await ask('/app/moved');
  assert.deepEqual([answer.status, answer.headers.get('location')], [302, null]);
});

test('a certificate is not asked who it is for', async () => {
  received = [];
  assert.equal((await ask('/app/secure')).status, 200);
  assert.deepEqual(received, ['GET /healthz']);
});

test('nothing else reaches the application', async () => {
  await ask('/app/live?deep=1');
  received = [];
  const others = ['/', '/app/live', '/app/live?deep=2', '/app/live?deep=1&x', '/app/live/?deep=1', '/app//live?deep=1'];
  for (const path of [...others, '/app/%6cive?deep=1', '/app/movedx', '/app/database/', '/app/grpc?x', '/healthz']) {
    assert.equal((await ask(path)).status, 404, path);
  }
  for (const method of ['POST', 'HEAD', 'OPTIONS']) assert.equal((await ask('/app/live?deep=1', method)).status, 404);
  assert.deepEqual(
    received.filter((each) => !/^(TCP$|gRPC |shop\.v1\.Reviews$)/.test(each)),
    [],
  );
});

test('a closed port is told at once, and so is one that is opened again', async () => {
  const { port: open } = web.address() as AddressInfo;
  await once(web.close(), 'close');
  assert.equal((await ask('/app/live?deep=1')).status, 503);
  await once(web.listen(open, '127.0.0.1'), 'listening');
  assert.equal((await ask('/app/live?deep=1')).status, 200);
});

test('a port that takes connections is healthy, and one that is closed is not', async () => {
  await until('/app/database', 200);
  const { port: open } = database.address() as AddressInfo;
  await once(database.close(), 'close');
  await until('/app/database', 503);
  await once(database.listen(open, '127.0.0.1'), 'listening');
  await until('/app/database', 200);
  // The system takes a connection before the application hears of it.
  for (const end = performance.now() + 5000; !received.includes('TCP') && performance.now() < end; )
    await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(received.includes('TCP'));
});

test('gRPC health is asked of the service that is named', async () => {
  await until('/app/grpc', 200);
  health = 'NOT_SERVING';
  await until('/app/grpc', 503);
  health = 'SERVING';
  await until('/app/grpc', 200);
  assert.ok(received.includes('gRPC /grpc.health.v1.Health/Check'));
  assert.ok(received.includes('shop.v1.Reviews'));
});
