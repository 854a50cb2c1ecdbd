import type { EncodedResource } from '../resource.ts';
import { pushOrder, type TypeUrl } from '../type-url.ts';
import { lengthDelimited } from './varint.ts';

/** What a DeltaDiscoveryResponse says. */
export interface DeltaResponse {
  readonly type: TypeUrl;
  readonly nonce: string;
  readonly resources: readonly EncodedResource[];
  readonly removed: readonly string[];
}

/** Up to this size a response is copied into one buffer; beyond, the shared bytes are written as they are. */
const COPY_BELOW = 16_384;

const typeFields = new Map(pushOrder.map((type) => [type, lengthDelimited(4, type)]));

/**
 * A gRPC message: 5 bytes of prefix and a DeltaDiscoveryResponse (resources = 2, type_url = 4, nonce = 5,
 * removed_resources = 6) around bytes that are shared by all streams. Fields may come in any order.
 */
export function encodeResponse({ type, nonce, resources, removed }: DeltaResponse): readonly Uint8Array[] {
  const head = [
    typeFields.get(type) ?? lengthDelimited(4, type),
    lengthDelimited(5, nonce),
    ...removed.map((name) => lengthDelimited(6, name)),
  ];
  const headSize = head.reduce((sum, field) => sum + field.length, 0);
  const size = resources.reduce((sum, resource) => sum + resource.size, headSize);
  const first = Buffer.allocUnsafe(5 + (size <= COPY_BELOW ? size : headSize));
  first[0] = 0;
  first.writeUInt32BE(size, 1);
  let at = 5;
  for (const field of head) {
    first.set(field, at);
    at += field.length;
  }
  if (size > COPY_BELOW) return [first, ...resources.map(({ frame }) => frame)];
  for (const { frame, size: length } of resources) {
    first.set(frame, at);
    at += length;
  }
  return [first];
}
