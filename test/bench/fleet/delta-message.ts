import { BinaryReader } from '@bufbuild/protobuf/wire';

/** A resource of a response, by what it is called. */
export interface DeltaResource {
  readonly name: string;
  readonly version: string;
  /** The packed resource itself, without a copy. */
  readonly message: Uint8Array;
}

/** A DeltaDiscoveryResponse. */
export interface DeltaMessage {
  readonly typeUrl: string;
  readonly nonce: string;
  readonly resources: readonly DeltaResource[];
  readonly removed: readonly string[];
}

/** Reads a DeltaDiscoveryResponse, and of its resources no more than their names: a thousand clients are read on one core. Pure. */
export function readDelta(bytes: Uint8Array): DeltaMessage {
  const reader = new BinaryReader(bytes);
  const resources: DeltaResource[] = [];
  const removed: string[] = [];
  let [typeUrl, nonce] = ['', ''];
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === 2) resources.push(readResource(reader.bytes()));
    else if (field === 4) typeUrl = reader.string();
    else if (field === 5) nonce = reader.string();
    else if (field === 6) removed.push(reader.string());
    else reader.skip(wireType, field);
  }
  return { typeUrl, nonce, resources, removed };
}

/** envoy.service.discovery.v3.Resource: version = 1, resource = 2 (Any), name = 3. */
function readResource(bytes: Uint8Array): DeltaResource {
  const reader = new BinaryReader(bytes);
  let [name, version] = ['', ''];
  let message: Uint8Array = new Uint8Array();
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === 1) version = reader.string();
    else if (field === 2) message = valueOfAny(reader.bytes());
    else if (field === 3) name = reader.string();
    else reader.skip(wireType, field);
  }
  return { name, version, message };
}

function valueOfAny(bytes: Uint8Array): Uint8Array {
  const reader = new BinaryReader(bytes);
  let value: Uint8Array = new Uint8Array();
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === 2) value = reader.bytes();
    else reader.skip(wireType, field);
  }
  return value;
}
