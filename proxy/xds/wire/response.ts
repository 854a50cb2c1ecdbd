import type { EncodedResource } from '../resource.ts';
import { pushOrder, type TypeUrl } from '../type-url.ts';
import { fill, slabsOf } from './slabs.ts';
import { lengthDelimited } from './varint.ts';

/** What a DeltaDiscoveryResponse says. */
export interface DeltaResponse {
  readonly type: TypeUrl;
  /** ASCII, shorter than 128 characters. */
  readonly nonce: string;
  readonly resources: readonly EncodedResource[];
  readonly removed: readonly string[];
}

/** Up to this size the resources are copied behind the head, so that a response is one write. */
const ONE_WRITE = 16_384;

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
  const body = size - headSize;
  const isOne = body <= ONE_WRITE;
  const first = Buffer.allocUnsafe(5 + headSize + (isOne ? body : 0));
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
  if (!isOne) return [first, ...slabsOf(resources)];
  fill(first, at, resources);
  return [first];
}
