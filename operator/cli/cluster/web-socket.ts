import { createHash, randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';

/** The kinds of frames (https://www.rfc-editor.org/rfc/rfc6455#section-5.2). */
const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

const HEADER = 2;
const MASK = 4;
/** Larger messages are not ours. */
const LARGEST = 16 * 1024 * 1024;

/** What a client sends for a new WebSocket, and what a server has to answer. */
export interface Handshake {
  readonly headers: Readonly<Record<string, string>>;
  readonly accept: string;
}

/** A handshake that asks for one of these protocols. */
export function handshake(protocols: readonly string[]): Handshake {
  const key = randomBytes(16).toString('base64');
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': key,
    'sec-websocket-protocol': protocols.join(', '),
  };
  return { headers, accept };
}

/** A binary message of a client, in one frame; clients mask what they send. */
export function binaryFrame(payload: Buffer): Buffer {
  return frame(OPCODE.binary, payload);
}

function frame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const header = Buffer.alloc(HEADER + extended + MASK);
  header[0] = 0x80 | opcode;
  header[1] = 0x80 | (extended === 0 ? length : extended === 2 ? 126 : 127);
  if (extended === 2) header.writeUInt16BE(length, HEADER);
  if (extended === 8) header.writeBigUInt64BE(BigInt(length), HEADER);
  const mask = randomBytes(MASK);
  mask.copy(header, HEADER + extended);
  const masked = Buffer.allocUnsafe(length);
  for (let index = 0; index < length; index++) masked[index] = (payload[index] ?? 0) ^ (mask[index % MASK] ?? 0);
  return Buffer.concat([header, masked]);
}

/** The messages of a server, as their bytes come in. Answers pings by itself. */
export class MessageReader {
  readonly #socket: Pick<Socket, 'write'>;
  readonly #message: (payload: Buffer) => void;
  readonly #closed: () => void;
  #rest: Buffer = Buffer.alloc(0);
  #fragments: Buffer[] = [];

  constructor(socket: Pick<Socket, 'write'>, message: (payload: Buffer) => void, closed: () => void) {
    this.#socket = socket;
    this.#message = message;
    this.#closed = closed;
  }

  /** Takes bytes. Throws for what no server may send. */
  take(bytes: Buffer): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    for (let used = this.#next(); used > 0; used = this.#next()) this.#rest = this.#rest.subarray(used);
  }

  /** Handles one frame; answers how long it was, or 0 when it is not all there. */
  #next(): number {
    const rest = this.#rest;
    const [first = 0, second = 0] = rest;
    if (rest.length < HEADER) return 0;
    if ((second & 0x80) !== 0) throw new Error('a server masks nothing');
    const short = second & 0x7f;
    const start = HEADER + (short === 126 ? 2 : short === 127 ? 8 : 0);
    if (rest.length < start) return 0;
    const length =
      short === 126 ? rest.readUInt16BE(HEADER) : short === 127 ? Number(rest.readBigUInt64BE(HEADER)) : short;
    if (length > LARGEST) throw new Error(`a message of ${length} bytes`);
    if (rest.length < start + length) return 0;
    this.#handle(first & 0x0f, (first & 0x80) !== 0, Buffer.from(rest.subarray(start, start + length)));
    return start + length;
  }

  #handle(opcode: number, isLast: boolean, payload: Buffer): void {
    switch (opcode) {
      case OPCODE.ping:
        this.#socket.write(frame(OPCODE.pong, payload));
        return;
      case OPCODE.pong:
        return;
      case OPCODE.close:
        this.#closed();
        return;
      case OPCODE.continuation:
      case OPCODE.text:
      case OPCODE.binary:
        this.#fragments.push(payload);
        if (!isLast) return;
        this.#message(Buffer.concat(this.#fragments));
        this.#fragments = [];
        return;
      default:
        throw new Error(`a frame of the unknown kind ${opcode}`);
    }
  }
}
