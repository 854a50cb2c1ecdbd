import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Seeded } from '../wire/seeded.ts';
import { anyFrame, fields, FLAG, FRAME, frame, grpc, integer, opening, xdsFields } from './frames.ts';

/** The ports of an operator. */
export interface Ports {
  readonly xds: number;
  readonly webhook: number;
  readonly health: number;
  readonly replicas: number;
}

/** How hard: what the numbers of an assault are multiplied by, and how many bytes a large body has. */
export interface Weight {
  readonly factor: number;
  readonly body: number;
}

/** Does its worst, for at most a few seconds; answers how many frames, requests or connections that took. */
export type Assault = (ports: Ports, random: Seeded, weight: Weight) => Promise<number>;

const SECONDS = 1000;

function dial(port: number, tls: false | 'h2' | 'http/1.1'): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const to = { host: '127.0.0.1', port };
    const ready = (): void => {
      socket.off('error', reject);
      socket.on('error', () => {});
      resolve(socket);
    };
    // Whoever attacks does not mind who answers.
    const socket: Socket =
      tls === false
        ? connectTcp(to, ready)
        : connectTls({ ...to, ALPNProtocols: [tls], rejectUnauthorized: false }, ready);
    socket.once('error', reject);
    socket.resume();
  });
}

/** Writes pieces as fast as they are taken, until the other side closes, all are sent, or time is over. */
async function pour(socket: Socket, pieces: Iterable<Buffer>, milliseconds = 4 * SECONDS): Promise<number> {
  let sent = 0;
  const deadline = performance.now() + milliseconds;
  for (const piece of pieces) {
    if (socket.destroyed || !socket.writable || performance.now() > deadline) break;
    sent += 1;
    if (!socket.write(piece)) await drained(socket, deadline);
  }
  return sent;
}

/** What was written has to arrive before the connection goes. */
async function ended(socket: Socket): Promise<void> {
  socket.end();
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, 200);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
  socket.destroy();
}

function drained(socket: Socket, deadline: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, Math.max(0, deadline - performance.now()));
    function done(): void {
      clearTimeout(timer);
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    }
    socket.once('drain', done);
    socket.once('close', done);
  });
}

function* times(count: number, make: (index: number) => Buffer): Iterable<Buffer> {
  for (let index = 0; index < count; index += 1) yield make(index);
}

/** One connection of HTTP/2, and these frames on it. */
async function onHttp2(port: number, pieces: Iterable<Buffer>, milliseconds?: number): Promise<number> {
  const socket = await dial(port, 'h2').catch(() => undefined);
  if (socket === undefined) return 1;
  socket.write(opening());
  const sent = await pour(socket, pieces, milliseconds);
  await ended(socket);
  return sent;
}

async function many(count: number, each: () => Promise<number>, parallel = 16): Promise<number> {
  let [left, total] = [Math.ceil(count), 0];
  const worker = async (): Promise<void> => {
    for (; left > 0; ) {
      left -= 1;
      const sent = await each();
      total += sent;
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return total;
}

/** Connections that stay, and say so much and no more. */
async function held(count: number, port: number, first: () => Buffer): Promise<number> {
  const sockets: Socket[] = [];
  for (let index = 0; index < count; index += 1) {
    const socket = await dial(port, false).catch(() => undefined);
    if (socket === undefined) continue;
    sockets.push(socket);
    socket.write(first());
  }
  await new Promise((resolve) => setTimeout(resolve, SECONDS));
  for (const socket of sockets) socket.destroy();
  return count;
}

const everyPort = ({ xds, webhook, health, replicas }: Ports): readonly number[] => [xds, webhook, health, replicas];

/** The beginning of a handshake of TLS 1.2 that goes on. */
const HALF_HELLO = Buffer.from('16030100f8010000f40303', 'hex');

async function http1(port: number, isTls: boolean, pieces: Iterable<Buffer>): Promise<number> {
  const socket = await dial(port, isTls && 'http/1.1').catch(() => undefined);
  if (socket === undefined) return 1;
  const sent = await pour(socket, pieces);
  await ended(socket);
  return sent;
}

const post = (path: string, length: number | string): Buffer =>
  Buffer.from(
    `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`,
  );

const CHUNK = Buffer.alloc(256 * 1024, 0x20);

const review = (object: string): string =>
  `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"1","operation":"CREATE","kind":{"group":"","version":"v1","kind":"Pod"},"resource":{"group":"","version":"v1","resource":"pods"},"namespace":"shop","userInfo":{},"object":${object}}}`;

const deep = (depth: number, open: string, close: string): string => `${open.repeat(depth)}1${close.repeat(depth)}`;

/** Reviews that are none, or of objects that are none. */
function anyReview(random: Seeded): Buffer {
  const odd = [
    () => review(deep(10_000, '[', ']')),
    () => review(`{"spec":${deep(10_000, '{"a":', '}')}}`),
    () => deep(100_000, '[', ''),
    () => review('{"metadata":{"labels":{"__proto__":{"polluted":1},"constructor":"x"}},"spec":{"containers":7}}'),
    () =>
      review(
        '{"metadata":{"annotations":[]},"spec":{"containers":[null,{},{"name":"a","ports":[{"containerPort":"x"}]}]}}',
      ),
    () => review('null'),
    () =>
      review(
        '{"apiVersion":"v1","kind":"Pod","metadata":{"generateName":"a"},"spec":{"containers":[{"name":"a"}],"volumes":{}}}',
      ),
    () => random.bytes(200).toString('latin1'),
    () => '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":',
  ];
  const body = Buffer.from(random.pick(odd)(), 'latin1');
  return Buffer.concat([post('/inject', body.length), body]);
}

/** By what they do. */
export const ASSAULTS: Readonly<Record<string, Assault>> = {
  'frames of any type': ({ xds, replicas }, random, { factor }) =>
    many(40 * factor, () =>
      onHttp2(
        random.below(8) === 0 ? replicas : xds,
        times(100, () => anyFrame(random)),
      ),
    ),
  'messages of any content': ({ xds }, random, { factor }) =>
    many(40 * factor, () =>
      onHttp2(xds, [
        frame(FRAME.headers, FLAG.endHeaders, 1, xdsFields(random)),
        ...times(1 + random.below(50), () => frame(FRAME.data, 0, 1, grpc(random))),
      ]),
    ),
  'messages that do not end': ({ xds }, random, { factor }) =>
    many(Math.max(24, 12 * factor), () => unfinished(xds, random), 24),
  'header blocks without end': ({ xds, replicas }, random, { factor }) =>
    many(4 * factor, () =>
      onHttp2(
        random.below(4) === 0 ? replicas : xds,
        times(2000, (index) =>
          frame(index === 0 ? FRAME.headers : FRAME.continuation, 0, 1, fields([[`x-${index}`, 'y'.repeat(500)]])),
        ),
      ),
    ),
  'streams that are reset': ({ xds }, random, { factor }) =>
    many(3 * factor, () =>
      onHttp2(
        xds,
        times(2000, (index) =>
          Buffer.concat([
            frame(FRAME.headers, FLAG.endHeaders, 2 * index + 1, xdsFields(random)),
            frame(FRAME.reset, 0, 2 * index + 1, Buffer.of(0, 0, 0, 8)),
          ]),
        ),
      ),
    ),
  'settings and pings that want answers': ({ xds, replicas }, random, { factor }) =>
    many(4 * factor, () =>
      onHttp2(
        random.below(4) === 0 ? replicas : xds,
        times(4000, () =>
          random.below(2) === 0
            ? frame(FRAME.settings, 0, 0, Buffer.of(0, 4, 0, 1, 0, 0))
            : frame(FRAME.ping, 0, 0, random.bytes(8)),
        ),
      ),
    ),
  'headers that grow in the dynamic table': ({ xds }, _random, { factor }) =>
    many(2 * factor, () => onHttp2(xds, headerBomb())),
  'windows that are never opened': ({ xds }, random, { factor }) =>
    many(4 * factor, () =>
      onHttp2(xds, [
        frame(FRAME.settings, 0, 0, Buffer.of(0, 4, 0, 0, 0, 0)),
        ...times(100, (index) =>
          Buffer.concat([
            frame(FRAME.headers, FLAG.endHeaders, 2 * index + 1, xdsFields(random)),
            frame(FRAME.data, 0, 2 * index + 1, Buffer.concat([Buffer.of(0, 0, 0, 0, 0)])),
          ]),
        ),
      ]),
    ),
  'bytes that are no handshake': (ports, random, { factor }) =>
    many(60 * factor, async () => {
      const socket = await dial(random.pick(everyPort(ports)), false).catch(() => undefined);
      socket?.write(
        random.below(3) === 0 ? Buffer.concat([HALF_HELLO, random.bytes(300)]) : random.bytes(1 + random.below(500)),
      );
      await new Promise((resolve) => setTimeout(resolve, 20));
      socket?.destroy();
      return 1;
    }),
  'handshakes that stop half-way': async (ports, random, { factor }) => {
    const each = everyPort(ports).map((port) =>
      held(Math.min(300, 20 * factor), port, () => HALF_HELLO.subarray(0, 1 + random.below(11))),
    );
    return (await Promise.all(each)).reduce((sum, count) => sum + count, 0);
  },
  'requests a byte at a time': async ({ health, webhook }, random, { factor }) => {
    const slow = async (port: number, isTls: boolean): Promise<number> => {
      const socket = await dial(port, isTls && 'http/1.1').catch(() => undefined);
      for (const byte of Buffer.from('GET /metrics HTTP/1.1\r\nx: '.slice(random.below(10)))) {
        socket?.write(Buffer.of(byte));
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      socket?.destroy();
      return 1;
    };
    return many(16 * factor, () => (random.below(2) === 0 ? slow(health, false) : slow(webhook, true)), 64);
  },
  'bodies that are too large': async ({ health, webhook }, _random, { body }) => {
    const count = Math.ceil(body / CHUNK.length);
    const bodies = [
      http1(webhook, true, [post('/inject', body), ...times(count, () => CHUNK)]),
      http1(health, false, [post('/metrics', body), ...times(count, () => CHUNK)]),
    ];
    return (await Promise.all(bodies)).reduce((sum, sent) => sum + sent, 0);
  },
  'reviews of any object': ({ webhook }, random, { factor }) =>
    many(15 * factor, () =>
      http1(
        webhook,
        true,
        times(10, () => anyReview(random)),
      ),
    ),
  'requests of any form': ({ health, webhook }, random, { factor }) =>
    many(20 * factor, () => {
      const line = random.pick([
        'GET /',
        'POST /readyz',
        'GET /../../etc/passwd',
        'GET /constructor',
        'GET /__proto__',
        `GET /${'a'.repeat(20_000)}`,
        'OPTIONS *',
        'CONNECT a:1',
      ]);
      const more = random.pick([
        '',
        'content-length: -1\r\n',
        'transfer-encoding: chunked\r\ncontent-length: 5\r\n',
        `x: ${'y'.repeat(20_000)}\r\n`,
        'upgrade: h2c\r\n',
      ]);
      const isWebhook = random.below(2) === 0;
      return http1(
        isWebhook ? webhook : health,
        isWebhook,
        times(5, () => Buffer.from(`${line} HTTP/1.1\r\nhost: a\r\n${more}\r\n${random.below(3) === 0 ? 'zz' : ''}`)),
      );
    }),
};

/** A megabyte that is announced, and comes but for its last byte. */
async function unfinished(port: number, random: Seeded): Promise<number> {
  const socket = await dial(port, 'h2').catch(() => undefined);
  if (socket === undefined) return 1;
  socket.write(opening());
  const head = Buffer.of(0, 0, 0x0f, 0xff, 0xf0);
  const streams = [1, 3, 5, 7, 9, 11, 13, 15];
  const piece = Buffer.alloc(16_000);
  const sent = await pour(
    socket,
    [
      ...streams.map((stream) => frame(FRAME.headers, FLAG.endHeaders, stream, xdsFields(random))),
      ...streams.map((stream) => frame(FRAME.data, 0, stream, head)),
      ...streams.flatMap((stream) => [...times(65, () => frame(FRAME.data, 0, stream, piece))]),
    ],
    4000,
  );
  await new Promise((resolve) => setTimeout(resolve, 1500));
  socket.destroy();
  return sent;
}

/** One entry of 4,000 bytes, and then references to it. */
function* headerBomb(): Iterable<Buffer> {
  const value = Buffer.alloc(4000, 0x79);
  const entry = Buffer.concat([
    Buffer.of(0x40),
    integer(1, 7, 0),
    Buffer.from('x'),
    integer(value.length, 7, 0),
    value,
  ]);
  const reference = Buffer.alloc(16_000, 0x80 | 62);
  for (let stream = 1; stream < 40; stream += 2) {
    yield frame(
      FRAME.headers,
      FLAG.endHeaders,
      stream,
      stream === 1 ? Buffer.concat([entry, reference.subarray(0, 4000)]) : reference,
    );
  }
}
