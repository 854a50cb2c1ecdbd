import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromBinary, fromJson, toJson } from '@bufbuild/protobuf';
import { AnySchema, StructSchema } from '@bufbuild/protobuf/wkt';
import {
  any,
  ClusterHttpProtocolOptionsSchema,
  ClusterSchema,
  create,
  duration,
  encode,
  HttpRbacSchema,
  ListenerSchema,
  MetadataSchema,
  registry,
  typeUrl,
} from './index.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test('the same content gives the same bytes in whatever order its maps were filled', () => {
  const metadata = (entries: [string, Record<string, string>][]) =>
    create(MetadataSchema, { filterMetadata: Object.fromEntries(entries) });
  const one = metadata([
    ['b', { y: '1', x: '2' }],
    ['a', { z: '3' }],
  ]);
  const other = metadata([
    ['a', { z: '3' }],
    ['b', { x: '2', y: '1' }],
  ]);
  assert.equal(hex(encode(MetadataSchema, one)), hex(encode(MetadataSchema, other)));
  assert.deepEqual(Object.keys(one.filterMetadata), ['b', 'a'], 'the argument keeps its own order');
});

test('maps inside lists, oneofs and packed messages are ordered too', () => {
  const options = (names: string[]) =>
    encode(
      ListenerSchema,
      create(ListenerSchema, {
        name: 'l',
        filterChains: [{ metadata: { filterMetadata: Object.fromEntries(names.map((name) => [name, {}])) } }],
        accessLog: [
          {
            name: 'x',
            configType: {
              case: 'typedConfig',
              value: any(StructSchema, { fields: Object.fromEntries(names.map((name) => [name, {}])) }),
            },
          },
        ],
      }),
    );
  assert.equal(hex(options(['a', 'b', 'c'])), hex(options(['c', 'a', 'b'])));
});

test('a map key that is a name of Object.prototype is an ordinary key', () => {
  const message = fromJson(
    MetadataSchema,
    JSON.parse('{"filterMetadata":{"z":{},"__proto__":{"a":"b"},"constructor":{}}}'),
  );
  const back = fromBinary(MetadataSchema, encode(MetadataSchema, message));
  assert.deepEqual(Object.keys(back.filterMetadata).toSorted(), Object.keys(message.filterMetadata).toSorted());
});

test('scalars, wrappers and durations survive encoding', () => {
  const cluster = create(ClusterSchema, {
    name: 'c',
    connectTimeout: duration(1250.5),
    perConnectionBufferLimitBytes: 32768,
    typedExtensionProtocolOptions: { z: any(ClusterHttpProtocolOptionsSchema), a: any(HttpRbacSchema) },
  });
  const back = fromBinary(ClusterSchema, encode(ClusterSchema, cluster));
  assert.deepEqual(
    toJson(ClusterSchema, back, { registry: registry() }),
    toJson(ClusterSchema, cluster, { registry: registry() }),
  );
  assert.equal(back.connectTimeout?.seconds, 1n);
  assert.equal(back.connectTimeout.nanos, 250_500_000);
});

test('the registry knows every extension, so an Any prints as its content', () => {
  const packed = any(HttpRbacSchema, { shadowRulesStatPrefix: 'dry' });
  assert.deepEqual(toJson(AnySchema, packed, { registry: registry() }), {
    '@type': typeUrl(HttpRbacSchema),
    shadowRulesStatPrefix: 'dry',
  });
});
