import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttp1Server } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  buildWorkload,
  endpoint,
  identity,
  listen,
  loopbackAddress,
  openHttp2,
  openTcp,
  startMesh,
  startServer,
  type TestMesh,
  type TestProxy,
  type TestServer,
} from './harness/index.ts';

/** Longer than any wait of a proxy for a route or a cluster. */
const QUIET_MS = 3600;

describe('protocols through two proxies', { concurrency: true }, () => {
  const scope = new AsyncDisposableStack();
  let mesh: TestMesh;
  let client: TestProxy;
  let web: TestServer;

  before(async () => {
    web = scope.use(await startServer({ name: 'web' }));
    const grpc = scope.use(await startGrpc());
    const socket = scope.use(await startWebSocket());
    mesh = scope.use(await startMesh());
    const workload = buildWorkload('server', [
      { port: 7000 },
      { port: 7001, protocol: 'grpc' },
      { port: 7002 },
      { port: 7003, protocol: 'sniff' },
    ]);
    const targets = { 7000: web, 7001: grpc, 7002: socket, 7003: grpc };
    const server = await mesh.proxy({ name: 'server', workload, targets });
    const service = (name: string, port: number, protocol: 'http' | 'grpc' | 'sniff') => ({
      name,
      protocol,
      endpoints: [endpoint(server.at(port), { mtls: true })],
      cluster: { identities: [identity('server')] },
    });
    await mesh.service(
      service('web', 7000, 'http'),
      service('first', 7000, 'http'),
      service('grpc', 7001, 'grpc'),
      service('socket', 7002, 'http'),
      service('sniffed', 7003, 'sniff'),
    );
    client = await mesh.proxy({ name: 'client', calls: ['web', 'first', 'grpc', 'socket', 'sniffed'] });
  });
  after(() => scope.disposeAsync());

  for (const name of ['grpc', 'sniffed']) {
    test(`${name}: both directions of a gRPC stream stay open, and its trailers arrive`, async () => {
      using connection = openHttp2(client.to(name));
      const stream = connection.stream({
        ':path': '/echo.Echo/Chat',
        'content-type': 'application/grpc',
        te: 'trailers',
      });
      stream.on('error', () => undefined);
      stream.write('one');
      const [first] = await once(stream, 'data');
      assert.equal(String(first), 'one');
      await delay(QUIET_MS);
      stream.write('two');
      const [second] = await once(stream, 'data');
      assert.equal(String(second), 'two');
      const trailers = once(stream, 'trailers');
      stream.end();
      assert.equal((await trailers)[0]['grpc-status'], '0');
    });
  }

  test('a WebSocket stays open', async () => {
    const connection = await openTcp(client.to('socket'));
    const upgraded = await connection.ask(
      'GET /chat HTTP/1.1\r\nhost: socket\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    assert.match(upgraded ?? '', /^HTTP\/1.1 101/);
    assert.equal(await connection.ask('one'), 'heard one');
    await delay(QUIET_MS);
    assert.equal(await connection.ask('two'), 'heard two');
    connection.close();
  });

  test('no other upgrade is made', async () => {
    const connection = await openTcp(client.to('socket'));
    const answer = await connection.ask('GET / HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: other\r\n\r\n');
    assert.match(answer ?? '', /^HTTP\/1.1 403/);
    connection.close();
  });

  test('HTTP/1.0 is answered', async () => {
    const connection = await openTcp(client.to('web'));
    const answer = (await connection.ask('GET /old HTTP/1.0\r\n\r\n')) ?? '';
    assert.match(answer, /^HTTP\/1.[01] 200/);
    // Tests run at the same time: the answer tells of its own request.
    assert.match(answer, /"path":"\/old"/);
    connection.close();
  });

  test('a first request with a large body arrives whole', async () => {
    const body = 'x'.repeat(300_000);
    const answer = await client.call('first', { method: 'POST', body });
    assert.equal(answer.status, 200);
    assert.equal((JSON.parse(answer.body) as { body: string }).body, body);
  });

  test('CONNECT finds no way', async () => {
    const connection = await openTcp(client.to('web'));
    const answer = await connection.ask('CONNECT 127.0.0.1:22 HTTP/1.1\r\nhost: 127.0.0.1:22\r\n\r\n');
    assert.match(answer ?? '', /^HTTP\/1.1 (403|404)/);
    connection.close();
  });
});

interface Listening extends AsyncDisposable {
  readonly address: string;
  readonly port: number;
}

/** Echoes what it is sent, and ends with a status in the trailers. */
async function startGrpc(): Promise<Listening> {
  const server = createHttp2Server();
  const sessions = new Set<{ destroy: () => void }>();
  server.on('session', (session) => sessions.add(session));
  server.on('stream', (stream) => {
    stream.on('error', () => undefined);
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.on('data', (chunk) => stream.write(chunk));
    stream.on('end', () => stream.end());
  });
  const [address, port] = [loopbackAddress(), 8080];
  await listen(server, address, port);
  const stop = async () => {
    for (const session of sessions) session.destroy();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
  };
  return { address, port, [Symbol.asyncDispose]: stop };
}

/** Takes any upgrade, and echoes bytes from then on. */
async function startWebSocket(): Promise<Listening> {
  const server = createHttp1Server();
  server.on('upgrade', (_request, socket) => {
    socket.on('error', () => undefined);
    // What was upgraded is no longer the server's to close.
    socket.on('end', () => socket.destroy());
    socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n');
    socket.on('data', (chunk) => socket.write(`heard ${String(chunk)}`));
  });
  const [address, port] = [loopbackAddress(), 8080];
  await listen(server, address, port);
  const stop = async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
  };
  return { address, port, [Symbol.asyncDispose]: stop };
}
