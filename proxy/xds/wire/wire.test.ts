import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import * as fc from 'fast-check';
import {
  DeltaDiscoveryRequestSchema,
  DeltaDiscoveryResponseSchema,
} from '../../envoy/proto/generated/envoy/service/discovery/v3/discovery_pb.js';
import { encodeResource } from '../resource.ts';
import { typeUrls } from '../type-url.ts';
import { FrameReader } from './frame-reader.ts';
import { grpcMessage } from './grpc-status.ts';
import { decodeRequest } from './request.ts';
import { encodeResponse } from './response.ts';

function frame(message: Uint8Array, flag = 0): Uint8Array {
  const out = Buffer.alloc(5 + message.length);
  out[0] = flag;
  out.writeUInt32BE(message.length, 1);
  out.set(message, 5);
  return out;
}

describe('a response', () => {
  test('decodes to what was encoded, small or large', () => {
    for (const size of [0, 1, 127, 128, 20_000, 300_000]) {
      const message = Buffer.alloc(size, 7);
      const resources = [
        encodeResource(typeUrls.route, 'ä', message),
        encodeResource(typeUrls.route, 'b', Buffer.from('b')),
      ];
      const bytes = Buffer.concat(
        encodeResponse({ type: typeUrls.route, nonce: 'n1', resources, removed: ['x', 'y'] }),
      );
      assert.equal(bytes.readUInt32BE(1), bytes.length - 5);
      const decoded = fromBinary(DeltaDiscoveryResponseSchema, bytes.subarray(5));
      assert.equal(decoded.typeUrl, typeUrls.route);
      assert.equal(decoded.nonce, 'n1');
      assert.deepEqual(decoded.removedResources, ['x', 'y']);
      assert.deepEqual(
        decoded.resources.map(({ name, version }) => [name, version]),
        resources.map(({ name, version }) => [name, version]),
      );
      assert.equal(decoded.resources[0]?.resource?.typeUrl, typeUrls.route);
      assert.deepEqual(Buffer.from(decoded.resources[0]?.resource?.value ?? []), message);
    }
  });

  test('of many resources is a few buffers, and says all of them in their order', () => {
    const sizes = fc.array(fc.oneof(fc.nat(500), fc.nat(40_000), fc.constant(70_000)), { maxLength: 60 });
    const removals = fc.array(fc.string({ maxLength: 2000 }), { maxLength: 60 });
    fc.assert(
      fc.property(sizes, removals, (all, removed) => {
        const resources = all.map((size, i) => encodeResource(typeUrls.route, `r${i}`, Buffer.alloc(size, i)));
        const chunks = encodeResponse({ type: typeUrls.route, nonce: 'n', resources, removed });
        const bytes = Buffer.concat(chunks);
        assert.equal(bytes.readUInt32BE(1), bytes.length - 5);
        const decoded = fromBinary(DeltaDiscoveryResponseSchema, bytes.subarray(5));
        assert.deepEqual(
          decoded.resources.map(({ name, resource }) => [name, resource?.value.length]),
          all.map((size, i) => [`r${i}`, size]),
        );
        assert.ok(chunks.length <= 2 + bytes.length / 20_000, `${chunks.length} of ${bytes.length}`);
      }),
      { numRuns: 100 },
    );
  });

  test('shares the bytes of large resources and copies small ones', () => {
    const large = encodeResource(typeUrls.route, 'l', Buffer.alloc(70_000));
    const chunks = encodeResponse({ type: typeUrls.route, nonce: 'n', resources: [large], removed: [] });
    assert.equal(chunks[1], large.frame);
    const many = Array.from({ length: 9 }, (_, i) => encodeResource(typeUrls.route, `${i}`, Buffer.alloc(9000, i)));
    const chunksFor = (nonce: string, resources = many) =>
      encodeResponse({ type: typeUrls.route, nonce, resources, removed: [] });
    assert.equal(chunksFor('n')[1], chunksFor('m', [...many])[1]);
    assert.notEqual(chunksFor('n')[1], chunksFor('m', many.toReversed())[1]);
    assert.notDeepEqual(chunksFor('n')[0], chunksFor('m')[0]);
    const small = encodeResource(typeUrls.route, 's', Buffer.alloc(20));
    assert.equal(encodeResponse({ type: typeUrls.route, nonce: 'n', resources: [small], removed: [] }).length, 1);
  });
});

describe('a version', () => {
  test('is the content and nothing else', () => {
    const of = (name: string, content: string) => encodeResource(typeUrls.route, name, Buffer.from(content)).version;
    assert.equal(of('a', '1'), of('b', '1'));
    assert.notEqual(of('a', '1'), of('a', '2'));
    assert.match(of('a', '1'), /^[\w-]{16}$/);
  });
});

describe('a request', () => {
  const full = create(DeltaDiscoveryRequestSchema, {
    node: {
      id: 'n',
      cluster: 'c',
      locality: { region: 'r', zone: 'z', subZone: 's' },
      metadata: { a: { b: 'c' } },
      userAgentName: 'envoy',
    },
    typeUrl: typeUrls.route,
    resourceNamesSubscribe: ['a', 'b'],
    resourceNamesUnsubscribe: ['c'],
    initialResourceVersions: { a: '1', __proto__x: '2' },
    responseNonce: 'n1',
    errorDetail: { code: 13, message: 'no' },
  });

  test('the words of a refusal read the same, whatever blanks protobuf puts between them', () => {
    const errorDetail = { code: 13, message: ' no such   field:\t x ' };
    const refusal = create(DeltaDiscoveryRequestSchema, { typeUrl: typeUrls.route, errorDetail });
    assert.equal(decodeRequest(toBinary(DeltaDiscoveryRequestSchema, refusal)).error, 'no such field: x');
  });

  test('decodes to what was encoded', () => {
    assert.deepEqual(decodeRequest(toBinary(DeltaDiscoveryRequestSchema, full)), {
      node: { id: 'n', cluster: 'c', locality: { region: 'r', zone: 'z', subZone: 's' } },
      typeUrl: typeUrls.route,
      subscribe: ['a', 'b'],
      unsubscribe: ['c'],
      initialVersions: new Map([
        ['a', '1'],
        ['__proto__x', '2'],
      ]),
      nonce: 'n1',
      error: 'no',
    });
  });

  test('that is empty is empty', () => {
    assert.deepEqual(decodeRequest(new Uint8Array()), {
      node: undefined,
      typeUrl: '',
      subscribe: [],
      unsubscribe: [],
      initialVersions: new Map(),
      nonce: '',
      error: undefined,
    });
  });

  test('that is cut or garbled is an error or another request, and nothing else', () => {
    const bytes = toBinary(DeltaDiscoveryRequestSchema, full);
    const arbitrary = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .tuple(fc.nat(bytes.length), fc.nat(255))
        .map(([at, value]) => Uint8Array.from(bytes, (byte, i) => (i === at ? value : byte))),
      fc.nat(bytes.length).map((end) => bytes.slice(0, end)),
    );
    fc.assert(
      fc.property(arbitrary, (garbled) => {
        try {
          assert.equal(typeof decodeRequest(garbled).typeUrl, 'string');
        } catch (error) {
          assert.ok(error instanceof Error && !(error instanceof assert.AssertionError));
        }
      }),
      { numRuns: 2000 },
    );
    assert.throws(() => decodeRequest(bytes.slice(0, 20)));
    assert.throws(() => decodeRequest(Buffer.from([0x10, 0x01])), /field 2 has wire type 0/);
  });
});

describe('frames', () => {
  test('are cut wherever the network cut the bytes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 8 }),
        fc.array(fc.nat(60), { maxLength: 30 }),
        (messages, cuts) => {
          const bytes = Buffer.concat(messages.map((message) => frame(message)));
          const reader = new FrameReader(100);
          const received: Uint8Array[] = [];
          let at = 0;
          for (const cut of [...cuts, bytes.length]) {
            reader.push(bytes.subarray(at, at + cut));
            at = Math.min(bytes.length, at + cut);
            for (let message = reader.next(); message !== undefined; message = reader.next()) received.push(message);
          }
          assert.deepEqual(
            received.map((message) => Buffer.from(message)),
            messages.map((message) => Buffer.from(message)),
          );
        },
      ),
    );
  });

  test('in pieces of one byte cost no more than their bytes', () => {
    const reader = new FrameReader(1 << 20);
    const bytes = frame(Buffer.alloc(1 << 20, 1));
    const before = process.memoryUsage().heapUsed;
    for (const byte of bytes.subarray(0, -1)) reader.push(Buffer.of(byte));
    assert.ok(process.memoryUsage().heapUsed - before < 100 << 20);
    assert.equal(reader.buffered, bytes.length - 1);
    assert.equal(reader.next(), undefined);
    reader.push(bytes.subarray(-1));
    assert.equal(reader.next()?.length, 1 << 20);
    assert.equal(reader.buffered, 0);
  });

  test('that are cut off are forgotten with their stream', () => {
    const reader = new FrameReader(100);
    reader.push(Uint8Array.of(0, 0, 0, 0, 9, 1));
    reader.clear();
    assert.equal(reader.buffered, 0);
  });

  test('over the limit are refused by their prefix, before their bytes come', () => {
    const reader = new FrameReader(10);
    reader.push(frame(Buffer.alloc(11)).subarray(0, 5));
    assert.throws(() => reader.next(), /message of 11 bytes is larger than 10/);
  });

  test('that are compressed are refused', () => {
    const reader = new FrameReader(10);
    reader.push(frame(Buffer.alloc(1), 1));
    assert.throws(() => reader.next(), /compressed/);
  });
});

test('a gRPC message is printable ASCII', () => {
  assert.equal(grpcMessage('a b'), 'a b');
  assert.match(grpcMessage('ä\n%\ud800'), /^[ -~]+$/);
});
