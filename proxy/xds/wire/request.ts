import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { pushOrder } from '../type-url.ts';

/** What a proxy says of itself (`envoy.config.core.v3.Node`): a claim, not an identity. */
export interface NodeClaim {
  readonly id: string;
  readonly cluster: string;
  readonly locality: { readonly region: string; readonly zone: string; readonly subZone: string };
}

/** A DeltaDiscoveryRequest. */
export interface DeltaRequest {
  /** On the first request of a stream. */
  readonly node: NodeClaim | undefined;
  readonly typeUrl: string;
  readonly subscribe: readonly string[];
  readonly unsubscribe: readonly string[];
  /** Name → version of what the proxy holds, on the first request of a type. */
  readonly initialVersions: ReadonlyMap<string, string>;
  /** Of the response that this one acknowledges or refuses; empty otherwise. */
  readonly nonce: string;
  /** Envoy's words when it refuses. */
  readonly error: string | undefined;
}

/**
 * Reads a DeltaDiscoveryRequest. By hand, because an ACK is all that most of them are, and the node, of which
 * three fields matter here, lists hundreds of extensions. Throws on malformed bytes.
 */
export function decodeRequest(bytes: Uint8Array): DeltaRequest {
  const reader = new BinaryReader(bytes);
  let node: NodeClaim | undefined;
  let typeUrl = '';
  let nonce = '';
  let error: string | undefined;
  // An ACK has none of these, and most requests are ACKs.
  let subscribe: string[] | undefined;
  let unsubscribe: string[] | undefined;
  let initialVersions: Map<string, string> | undefined;
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    if (number > 7) {
      reader.skip(wireType, number);
      continue;
    }
    if (wireType !== WireType.LengthDelimited) throw new Error(`field ${number} has wire type ${wireType}`);
    if (number === 2) typeUrl = typeUrlOf(reader.bytes());
    else if (number === 6) nonce = reader.string();
    else if (number === 3) (subscribe ??= []).push(reader.string());
    else if (number === 4) (unsubscribe ??= []).push(reader.string());
    else if (number === 5) (initialVersions ??= new Map()).set(...decodeMapEntry(reader.bytes()));
    else if (number === 1) node = decodeNode(reader.bytes());
    else error = plainWords(decodeStatusMessage(reader.bytes()));
  }
  return {
    node,
    typeUrl,
    subscribe: subscribe ?? NONE,
    unsubscribe: unsubscribe ?? NONE,
    initialVersions: initialVersions ?? NO_VERSIONS,
    nonce,
    error,
  };
}

const NONE: readonly string[] = [];
const NO_VERSIONS: ReadonlyMap<string, string> = new Map();

const knownTypes = pushOrder.map((type) => ({ type, bytes: Buffer.from(type) }));

/** The same string for the same type, instead of another copy of it for each request. */
function typeUrlOf(bytes: Uint8Array): string {
  for (const known of knownTypes) if (known.bytes.equals(bytes)) return known.type;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
}

/** Readers of length-delimited fields, by number; all others are skipped. */
type Fields = Readonly<Record<number, () => unknown>>;

function readFields(reader: BinaryReader, fields: Fields): void {
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    const read = fields[number];
    if (read === undefined) reader.skip(wireType, number);
    else if (wireType === WireType.LengthDelimited) read();
    else throw new Error(`field ${number} has wire type ${wireType}`);
  }
}

function decodeNode(bytes: Uint8Array): NodeClaim {
  const strings = decodeStrings(bytes, [1, 2]);
  const locality = decodeStrings(decodeBytes(bytes, 4), [1, 2, 3]);
  const [region = '', zone = '', subZone = ''] = locality;
  return { id: strings[0] ?? '', cluster: strings[1] ?? '', locality: { region, zone, subZone } };
}

function decodeMapEntry(bytes: Uint8Array): [string, string] {
  const [key = '', value = ''] = decodeStrings(bytes, [1, 2]);
  return [key, value];
}

/** google.rpc.Status: message = 2. */
function decodeStatusMessage(bytes: Uint8Array): string {
  return decodeStrings(bytes, [2])[0] ?? '';
}

function decodeStrings(bytes: Uint8Array, numbers: readonly number[]): readonly string[] {
  const reader = new BinaryReader(bytes);
  const values = numbers.map(() => '');
  const fields = numbers.map((number, i): [number, () => void] => [
    number,
    () => {
      values[i] = reader.string();
    },
  ]);
  readFields(reader, Object.fromEntries(fields));
  return values;
}

function decodeBytes(bytes: Uint8Array, number: number): Uint8Array {
  const reader = new BinaryReader(bytes);
  let value: Uint8Array = new Uint8Array();
  readFields(reader, {
    [number]: () => {
      value = reader.bytes();
    },
  });
  return value;
}

/** Protobuf varies the blanks of its own messages from run to run, on purpose; the same refusal is to read the same. */
function plainWords(text: string): string {
  return text.replaceAll(/[ \t]+/g, ' ').trim();
}
