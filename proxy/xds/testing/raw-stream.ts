import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** One HTTP/2 stream, as no client of Node's would send it. */
export interface RawStreamOptions {
  readonly port: number;
  /** Speaks TLS, trusting this certificate (PEM). */
  readonly ca?: string;
  /** As they are sent; the same name may come several times. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
  /** Default: 1 s. */
  readonly milliseconds?: number;
}

/** Frames of HTTP/2 (RFC 9113 §6). */
const [DATA, HEADERS, RST_STREAM, SETTINGS, GOAWAY] = [0, 1, 3, 4, 7];
const [END_STREAM, END_HEADERS] = [1, 4];

/** Answers the bytes of data that came before the stream was ended, or until it has waited for long enough. */
export async function rawStream({ port, ca, fields, body, milliseconds = 1000 }: RawStreamOptions): Promise<Buffer> {
  const socket = await dial(port, ca);
  const block = Buffer.concat(fields.flatMap(([name, value]) => [Buffer.of(0), text(name), text(value)]));
  socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
  socket.write(Buffer.concat([frame(SETTINGS, 0, 0, Buffer.alloc(0)), frame(HEADERS, END_HEADERS, 1, block)]));
  socket.write(frame(DATA, 0, 1, body));
  const data: Uint8Array[] = [];
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    const done = (): void => (clearTimeout(timer), resolve());
    let rest = Buffer.alloc(0);
    socket.once('close', done);
    socket.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 9 && rest.length >= 9 + rest.readUIntBE(0, 3)) {
        const end = 9 + rest.readUIntBE(0, 3);
        const [type, flags] = [rest[3], rest[4] ?? 0];
        if (type === DATA) data.push(rest.subarray(9, end));
        const isLast = (type === DATA || type === HEADERS) && (flags & END_STREAM) !== 0;
        if (isLast || type === RST_STREAM || type === GOAWAY) done();
        rest = rest.subarray(end);
      }
    });
  });
  socket.destroy();
  return Buffer.concat(data);
}

async function dial(port: number, ca: string | undefined): Promise<Socket> {
  const options = { host: '127.0.0.1', port };
  const verified = { ca, ALPNProtocols: ['h2'], checkServerIdentity: () => undefined };
  const socket = ca === undefined ? connect(options) : connectTls({ ...options, ...verified });
  await new Promise<void>((resolve, reject) => {
    socket.once(ca === undefined ? 'connect' : 'secureConnect', () => resolve());
    socket.once('error', reject);
  });
  socket.on('error', () => undefined);
  return socket;
}

function frame(type: number, flags: number, stream: number, payload: Uint8Array): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A string literal of HPACK without Huffman (RFC 7541 §5). */
function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  const length: number[] = [];
  if (bytes.length < 127) length.push(bytes.length);
  else {
    length.push(127);
    let left = bytes.length - 127;
    for (; left >= 128; left = Math.floor(left / 128)) length.push(128 + (left % 128));
    length.push(left);
  }
  return Buffer.concat([Buffer.from(length), bytes]);
}
