import type { EncodedResource } from '../resource.ts';

/** Bytes of resources that are handed to the network at once. */
const SLAB = 65_536;

/** How many lists of resources are remembered. */
const REMEMBERED = 8;

interface Remembered {
  readonly resources: readonly EncodedResource[];
  readonly slabs: WeakRef<readonly Uint8Array[]>;
}

/** Newest first. */
let remembered: readonly Remembered[] = [];

/**
 * The bytes of resources, one behind the other, in buffers of about 64 KiB; what is larger is a buffer by itself. To hand each resource
 * to the network by itself would cost more than a copy, and a copy for each proxy more memory than all resources: so proxies
 * that are told the same, as all are that start with the same Services, share one.
 */
export function slabsOf(resources: readonly EncodedResource[]): readonly Uint8Array[] {
  const known = remembered.find((each) => isSame(each.resources, resources))?.slabs.deref();
  if (known !== undefined) return known;
  const slabs = [...lotsOf(resources)].map(bytesOf);
  remembered = [{ resources, slabs: new WeakRef(slabs) }, ...remembered.slice(0, REMEMBERED - 1)];
  return slabs;
}

/** Copies the bytes of resources into a buffer that has room for them. */
export function fill(bytes: Buffer, start: number, resources: readonly EncodedResource[]): Buffer {
  let at = start;
  for (const { frame, size } of resources) {
    bytes.set(frame, at);
    at += size;
  }
  return bytes;
}

function isSame(a: readonly EncodedResource[], b: readonly EncodedResource[]): boolean {
  return a.length === b.length && a.every(({ frame }, i) => frame === b[i]?.frame);
}

function* lotsOf(resources: readonly EncodedResource[]): Iterable<readonly EncodedResource[]> {
  let lot: EncodedResource[] = [];
  let size = 0;
  for (const resource of resources) {
    if (lot.length > 0 && size + resource.size > SLAB) {
      yield lot;
      [lot, size] = [[], 0];
    }
    lot.push(resource);
    size += resource.size;
  }
  if (lot.length > 0) yield lot;
}

function bytesOf(lot: readonly EncodedResource[]): Uint8Array {
  const [only] = lot;
  if (only !== undefined && lot.length === 1) return only.frame;
  const size = lot.reduce((sum, resource) => sum + resource.size, 0);
  return fill(Buffer.allocUnsafeSlow(size), 0, lot);
}
