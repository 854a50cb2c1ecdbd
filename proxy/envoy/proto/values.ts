import {
  create,
  createRegistry,
  type DescMessage,
  type MessageInitShape,
  type MessageShape,
  type Registry,
  toBinary,
} from '@bufbuild/protobuf';
import { type Any, AnySchema, type Duration, DurationSchema } from '@bufbuild/protobuf/wkt';
import { canonical } from './canonical.ts';
import { files } from './generated/files.js';

/**
 * Bytes of a message, the same for the same content: map fields are written in the order of their keys.
 * Does not change the message.
 */
export function encode<Desc extends DescMessage>(schema: Desc, message: MessageShape<Desc>): Uint8Array<ArrayBuffer> {
  return toBinary(schema, canonical(schema, message) as MessageShape<Desc>);
}

/** A message packed with its type, as Envoy's `typed_config` wants it; deterministic like {@link encode}. */
export function any<Desc extends DescMessage>(schema: Desc, init?: MessageInitShape<Desc>): Any {
  return create(AnySchema, { typeUrl: typeUrl(schema), value: encode(schema, create(schema, init)) });
}

/** `type.googleapis.com/` and the full name of the message. */
export function typeUrl(schema: DescMessage): string {
  return `type.googleapis.com/${schema.typeName}`;
}

/** A protobuf duration of so many milliseconds; fractions to the nanosecond. */
export function duration(milliseconds: number): Duration {
  const nanos = Math.round(milliseconds * 1e6);
  return create(DurationSchema, { seconds: BigInt(Math.trunc(nanos / 1e9)), nanos: nanos % 1e9 });
}

let all: Registry | undefined;

/** Every message known here, for `toJson` and `fromJson` of `Any` (goldens, config dumps). Built on first use. */
export function registry(): Registry {
  all ??= createRegistry(...files);
  return all;
}
