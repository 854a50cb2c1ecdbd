/** Path of the gRPC method `bookstore.v1.Inventory/Check`: see inventory.proto. */
export const CHECK_PATH = '/bookstore.v1.Inventory/Check';

/** `bookstore.v1.CheckRequest`. */
export interface CheckRequest {
  readonly book: string;
}

/** `bookstore.v1.CheckResponse`. */
export interface CheckResponse {
  readonly copies: number;
  readonly version: string;
  readonly pod: string;
  readonly peer: string;
}

/** The bytes of a request. */
export function encodeCheckRequest({ book }: CheckRequest): Buffer {
  return text(1, book);
}

/** A request of its bytes. Throws where they are none. */
export function decodeCheckRequest(bytes: Buffer): CheckRequest {
  return { book: decode(bytes).texts.get(1) ?? '' };
}

/** The bytes of a response. */
export function encodeCheckResponse({ copies, version, pod, peer }: CheckResponse): Buffer {
  return Buffer.concat([varint(8), varint(copies), text(2, version), text(3, pod), text(4, peer)]);
}

/** A response of its bytes. Throws where they are none. */
export function decodeCheckResponse(bytes: Buffer): CheckResponse {
  const { numbers, texts } = decode(bytes);
  return {
    copies: numbers.get(1) ?? 0,
    version: texts.get(2) ?? '',
    pod: texts.get(3) ?? '',
    peer: texts.get(4) ?? '',
  };
}

interface Fields {
  readonly numbers: ReadonlyMap<number, number>;
  readonly texts: ReadonlyMap<number, string>;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}

function text(field: number, value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([varint(field * 8 + 2), varint(bytes.length), bytes]);
}

/** Numbers and texts by field number; https://protobuf.dev/programming-guides/encoding/ */
function decode(bytes: Buffer): Fields {
  const [numbers, texts] = [new Map<number, number>(), new Map<number, string>()];
  let at = 0;
  const next = (): number => {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = bytes[at++];
      if (byte === undefined || scale > 2 ** 42) throw new Error('not a message');
      value += (byte % 128) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  };
  while (at < bytes.length) {
    const tag = next();
    const [field, type] = [Math.floor(tag / 8), tag % 8];
    const value = next();
    if (type === 0) numbers.set(field, value);
    else if (type !== 2 || at + value > bytes.length) throw new Error('not a message');
    else texts.set(field, bytes.toString('utf8', at, (at += value)));
  }
  return { numbers, texts };
}
