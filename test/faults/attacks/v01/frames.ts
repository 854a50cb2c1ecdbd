import type { Seeded } from '../wire/seeded.ts';

/** Types of HTTP/2 frames (RFC 9113, section 6). */
export const FRAME = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  push: 5,
  ping: 6,
  goaway: 7,
  window: 8,
  continuation: 9,
} as const;

export const FLAG = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 0x20 } as const;

export const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** A frame with whatever is asked for, right or wrong. */
export function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream >>> 0, 5);
  return Buffer.concat([head, payload]);
}

/** Preface, empty settings, and a window for answers. */
export function opening(): Buffer {
  return Buffer.concat([PREFACE, frame(FRAME.settings, 0, 0)]);
}

/** Header fields without compression (RFC 7541, section 6.2.2). */
export function fields(list: readonly (readonly [string, string])[]): Buffer {
  return Buffer.concat(list.flatMap(([name, value]) => [Buffer.of(0), text(name), text(value)]));
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  return Buffer.concat([integer(bytes.length, 7, 0), bytes]);
}

/** RFC 7541, section 5.1. */
export function integer(value: number, bits: number, first: number): Buffer {
  const most = (1 << bits) - 1;
  if (value < most) return Buffer.of(first | value);
  const bytes = [first | most];
  let rest = value - most;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

const PATH = '/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources';

/** The header fields of a proxy's stream, with a token that is nobody's. */
export function xdsFields(random: Seeded, token = `x${random.below(1e9)}`): Buffer {
  return fields([
    [':method', 'POST'],
    [':scheme', 'https'],
    [':path', PATH],
    [':authority', 'localhost'],
    ['content-type', 'application/grpc'],
    ['te', 'trailers'],
    ['authorization', `Bearer ${token}`],
  ]);
}

/** A frame that nobody would send on purpose. */
export function anyFrame(random: Seeded): Buffer {
  const type = random.below(10) === 0 ? random.below(256) : random.below(10);
  const stream = random.pick([0, 1, 1, 3, 5, 2, 0x7fffffff, 0xffffffff, random.below(64)]);
  const usual: Readonly<Record<number, () => Buffer>> = {
    [FRAME.data]: () => grpc(random),
    [FRAME.headers]: () => (random.below(2) === 0 ? xdsFields(random) : random.bytes(random.below(200))),
    [FRAME.settings]: () => random.bytes(6 * random.below(5) + (random.below(4) === 0 ? 1 : 0)),
    [FRAME.ping]: () => random.bytes(8),
    [FRAME.reset]: () => random.bytes(4),
    [FRAME.window]: () => random.pick([Buffer.of(0, 0, 0, 0), Buffer.of(0x7f, 255, 255, 255), Buffer.of(0, 1, 0, 0)]),
  };
  const made = random.below(5) === 0 ? undefined : usual[type];
  const flags = random.below(3) === 0 ? random.below(256) : type === FRAME.headers ? FLAG.endHeaders : 0;
  return frame(type, flags, stream, made?.() ?? random.bytes(random.below(64)));
}

/** A message of gRPC: right, cut off, of another length than it says, or no protobuf. */
export function grpc(random: Seeded): Buffer {
  const message = random.below(2) === 0 ? random.bytes(random.below(300)) : protobuf(random, 0);
  const head = Buffer.alloc(5);
  head[0] = random.below(20) === 0 ? random.below(256) : 0;
  const lies = random.below(10) === 0;
  head.writeUInt32BE(lies ? random.pick([0xffffffff, 0x7fffffff, 0, 1 << 20, message.length + 1]) : message.length, 1);
  return Buffer.concat([head, message]);
}

/** Fields that look like those of a request, nested without end. */
function protobuf(random: Seeded, depth: number): Buffer {
  const parts: Buffer[] = [];
  for (let count = random.below(6); count > 0; count -= 1) {
    const number = random.pick([1, 2, 3, 4, 5, 6, 7, 1, 19_000, 0]);
    const isNested = depth < 6 && random.below(3) === 0;
    const content = isNested ? protobuf(random, depth + 1) : random.bytes(random.below(40));
    const type = random.below(8) === 0 ? random.below(8) : 2;
    const length = random.below(20) === 0 ? random.below(2 ** 31) : content.length;
    parts.push(integer(number * 8 + type, 31, 0), integer(length, 7, 0), content);
  }
  return Buffer.concat(parts);
}
