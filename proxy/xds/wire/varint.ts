const encoder = new TextEncoder();

/** A length-delimited protobuf field (wire type 2), tag and length included. */
export function lengthDelimited(field: number, value: string | Uint8Array | readonly Uint8Array[]): Uint8Array {
  const parts = typeof value === 'string' ? [encoder.encode(value)] : value instanceof Uint8Array ? [value] : value;
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const tag = field * 8 + 2;
  const out = new Uint8Array(varintSize(tag) + varintSize(size) + size);
  let at = writeVarint(out, 0, tag);
  at = writeVarint(out, at, size);
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size++;
  return size;
}

function writeVarint(out: Uint8Array, start: number, value: number): number {
  let at = start;
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) out[at++] = (rest % 128) + 128;
  out[at++] = rest;
  return at;
}
