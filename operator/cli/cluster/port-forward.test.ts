import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { getText } from './http-over.ts';
import { portForward } from './port-forward.ts';
import { handshake, MessageReader } from './web-socket.ts';

const POD = { namespace: 'shop', name: 'web-0' };

/** A frame of a server, which masks nothing. */
function serverFrame(opcode: number, payload: Buffer, isLast = true): Buffer {
  const { length } = payload;
  const first = (isLast ? 0x80 : 0) | opcode;
  if (length < 126) return Buffer.concat([Buffer.of(first, length), payload]);
  const header = Buffer.alloc(length < 65_536 ? 4 : 10);
  header[0] = first;
  header[1] = length < 65_536 ? 126 : 127;
  if (length < 65_536) header.writeUInt16BE(length, 2);
  else header.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([header, payload]);
}

/** What a masked frame of a client has inside; short frames alone. */
function unmasked(frame: Buffer): Buffer {
  const length = (frame[1] ?? 0) & 0x7f;
  const start = length === 126 ? 4 : 2;
  const mask = frame.subarray(start, start + 4);
  return Buffer.from(frame.subarray(start + 4).map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
}

const channel = (number: number, payload: string | Buffer): Buffer =>
  serverFrame(2, Buffer.concat([Buffer.of(number), Buffer.from(payload)]));
/** The first message of a channel has the port, least byte first. */
const PORTS = Buffer.concat([channel(0, Buffer.of(0x98, 0x3a)), channel(1, Buffer.of(0x98, 0x3a))]);

/** An API server, as far as a port-forward sees one. */
async function apiServer(answer: (socket: Socket, request: IncomingMessage) => void) {
  const server = createServer();
  const sockets: Socket[] = [];
  server.on('upgrade', (request, socket: Socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    answer(socket, request);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    connection: {
      server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      namespace: 'default',
      credentials: () => Promise.resolve({ headers: { authorization: 'Bearer x' }, tls: {} }),
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Completes the handshake, as the API server does. */
function accept(socket: Socket, { headers }: Pick<IncomingMessage, 'headers'>): void {
  const key = `${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const answer = createHash('sha1').update(key).digest('base64');
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n`);
  socket.write(`Sec-WebSocket-Accept: ${answer}\r\n\r\n`);
  socket.write(PORTS);
}

test('messages are put together from whatever pieces come in', () => {
  const sent: Buffer[] = [];
  const messages: string[] = [];
  let closed = 0;
  const socket = { write: (bytes: Buffer) => sent.push(bytes) > 0 } as unknown as Socket;
  const reader = new MessageReader(
    socket,
    (message) => messages.push(message.toString()),
    () => closed++,
  );
  const [long, longer] = ['x'.repeat(300), 'y'.repeat(70_000)];
  const bytes = Buffer.concat([
    serverFrame(2, Buffer.from('short')),
    serverFrame(2, Buffer.from('in '), false),
    serverFrame(9, Buffer.from('ping')),
    serverFrame(0, Buffer.from('two')),
    serverFrame(2, Buffer.from(long)),
    serverFrame(2, Buffer.from(longer)),
    serverFrame(8, Buffer.alloc(0)),
  ]);
  for (let at = 0; at < bytes.length; at += 7) reader.take(bytes.subarray(at, at + 7));
  assert.deepEqual(messages, ['short', 'in two', long, longer]);
  assert.equal(closed, 1);
  assert.deepEqual(
    sent.map((frame) => [frame[0], unmasked(frame).toString()]),
    [[0x8a, 'ping']],
  );
  assert.throws(() => reader.take(Buffer.of(0x82, 0x85)), /a server masks nothing/);
});

test('each handshake has a key of its own', () => {
  assert.notEqual(handshake(['a']).accept, handshake(['a']).accept);
});

test('HTTP goes over a port of a pod, and the channel of errors is no part of it', async () => {
  let [path, asked] = ['', ''];
  await using api = await apiServer((socket, request) => {
    path = request.url ?? '';
    accept(socket, request);
    socket.once('data', (frame: Buffer) => {
      asked = unmasked(frame).toString();
      socket.write(channel(1, ''));
      socket.write(channel(0, 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel'));
      socket.write(channel(0, 'lo'));
    });
  });
  const stream = await portForward(api.connection, POD, 15_000);
  assert.equal(await getText({ stream }, '/config_dump'), 'hello');
  assert.equal(path, '/api/v1/namespaces/shop/pods/web-0/portforward?ports=15000');
  assert.match(asked, /^\0GET \/config_dump HTTP\/1\.1\r\n/);
});

test('what answers with the key of another handshake is no WebSocket', async () => {
  await using api = await apiServer((socket) => accept(socket, { headers: { 'sec-websocket-key': 'other' } }));
  await assert.rejects(portForward(api.connection, POD, 1), /answers no WebSocket/);
});

test('what the kubelet says of a port where nobody listens is what fails', async () => {
  await using api = await apiServer((socket, request) => {
    accept(socket, request);
    socket.write(channel(1, 'connection refused'));
  });
  const stream = await portForward(api.connection, POD, 15_000);
  await assert.rejects(text(stream), { name: 'ApiError', message: 'connection refused' });
});

test('a refusal of the API server is told in its words', async () => {
  const status = { kind: 'Status', status: 'Failure', code: 403, reason: 'Forbidden', message: 'you may not' };
  const body = JSON.stringify(status);
  await using api = await apiServer((socket) =>
    socket.end(`HTTP/1.1 403 Forbidden\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`),
  );
  await assert.rejects(portForward(api.connection, POD, 1), { name: 'ApiError', code: 403, message: 'you may not' });
});
