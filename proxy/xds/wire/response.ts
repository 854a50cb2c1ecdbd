import type { EncodedResource } from '../resource.ts';
import { pushOrder, type TypeUrl } from '../type-url.ts';
import { lengthDelimited } from './varint.ts';

/** What a DeltaDiscoveryResponse says. */
export interface DeltaResponse {
  readonly type: TypeUrl;
  /** ASCII, shorter than 128 characters. */
  readonly nonce: string;
  readonly resources: readonly EncodedResource[];
  readonly removed: readonly string[];
}

/**
 * Resources are copied into buffers of up to this size. Handing each to the network by itself costs more than a copy; copies of
 * all for each proxy that reads slowly would cost more memory than the resources themselves.
 */
const SLAB = 65_536;

/** Field 5, length-delimited; the length is one byte. */
const NONCE_TAG = 42;

const typeFields = new Map(pushOrder.map((type) => [type, lengthDelimited(4, type)]));

/**
 * A gRPC message: 5 bytes of prefix and a DeltaDiscoveryResponse (resources = 2, type_url = 4, nonce = 5,
 * removed_resources = 6) around bytes that are shared by all streams. Fields may come in any order.
 */
export function encodeResponse({ type, nonce, resources, removed }: DeltaResponse): readonly Uint8Array[] {
  const typeField = typeFields.get(type) ?? lengthDelimited(4, type);
  const removals = removed.map((name) => lengthDelimited(6, name));
  let headSize = typeField.length + 2 + nonce.length;
  for (const field of removals) headSize += field.length;
  let size = headSize;
  for (const resource of resources) size += resource.size;
  const slabs = [...slabsOf(resources, SLAB - 5 - headSize)];
  const first = Buffer.allocUnsafe(5 + headSize + (slabs[0]?.size ?? 0));
  first[0] = 0;
  first.writeUInt32BE(size, 1);
  first.set(typeField, 5);
  let at = 5 + typeField.length;
  first[at++] = NONCE_TAG;
  first[at++] = nonce.length;
  at += first.write(nonce, at, 'latin1');
  for (const field of removals) {
    first.set(field, at);
    at += field.length;
  }
  fill(first, at, slabs[0]);
  return [first, ...slabs.slice(1).map(bytesOf)];
}

/** Some resources in a row, and how many bytes they are. */
interface Slab {
  readonly resources: readonly EncodedResource[];
  readonly size: number;
}

/** Puts resources together, at most so many bytes in the first lot; what is larger than a slab goes by itself. */
function* slabsOf(resources: readonly EncodedResource[], firstLimit: number): Iterable<Slab> {
  let limit = firstLimit;
  let lot: EncodedResource[] = [];
  let size = 0;
  for (const resource of resources) {
    if (size + resource.size > limit && (lot.length > 0 || limit === firstLimit)) {
      yield { resources: lot, size };
      [lot, size, limit] = [[], 0, SLAB];
    }
    lot.push(resource);
    size += resource.size;
  }
  yield { resources: lot, size };
}

function bytesOf(slab: Slab): Uint8Array {
  const [only] = slab.resources;
  if (only !== undefined && slab.resources.length === 1) return only.frame;
  return fill(Buffer.allocUnsafe(slab.size), 0, slab);
}

function fill(bytes: Buffer, start: number, slab: Slab | undefined): Buffer {
  let at = start;
  for (const { frame, size } of slab?.resources ?? []) {
    bytes.set(frame, at);
    at += size;
  }
  return bytes;
}
