import { createHash } from 'node:crypto';
import { type TypeUrl, typeUrls } from './type-url.ts';
import { lengthDelimited } from './wire/varint.ts';

/** A resource by what it is called. */
export interface ResourceRef {
  readonly type: TypeUrl;
  readonly name: string;
}

/** A place in the resource cache. */
export interface EntryRef extends ResourceRef {
  readonly layer: string;
}

/** A resource as it goes over the wire: encoded once, shared by all streams. */
export interface EncodedResource extends ResourceRef {
  /** Hash of the content: at most 16 characters, the same for the same bytes in every process. */
  readonly version: string;
  /** Field 2 (`resources`) of a DeltaDiscoveryResponse, tag and length included. */
  readonly frame: Uint8Array;
  /** Bytes of {@link frame}. */
  readonly size: number;
  /** What it needs: listener → routes and clusters, route → clusters (mirrors too), cluster → endpoints and secrets. */
  readonly refs: readonly ResourceRef[];
  /** Opaque keys of the objects it came from. */
  readonly causes: readonly string[];
}

/**
 * Encodes a resource for the wire.
 *
 * @param message the bytes of the resource itself (a Cluster, say), deterministic: its version is their hash
 */
export function encodeResource(
  type: TypeUrl,
  name: string,
  message: Uint8Array,
  refs: readonly ResourceRef[] = [],
  causes: readonly string[] = [],
): EncodedResource {
  const version = createHash('sha256').update(message).digest('base64url').slice(0, versionLength(type));
  // envoy.service.discovery.v3.Resource: version = 1, resource = 2 (google.protobuf.Any), name = 3.
  const packed = lengthDelimited(2, [lengthDelimited(1, type), lengthDelimited(2, message)]);
  const frame = lengthDelimited(2, [lengthDelimited(1, version), packed, lengthDelimited(3, name)]);
  return { type, name, version, frame, size: frame.length, refs, causes };
}

/**
 * 96 bits: tenants choose parts of the content, so two contents with one version must be out of their reach. Scopes leave them
 * no choice, every proxy has all of them, and they are small: 48 bits.
 */
function versionLength(type: TypeUrl): number {
  return type === typeUrls.scopedRoute ? 8 : 16;
}
