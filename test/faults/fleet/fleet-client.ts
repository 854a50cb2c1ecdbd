import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { typeUrls } from '@dot-kube/proxy/xds';
import { NodeSchema } from '../../../proxy/envoy/proto/generated/envoy/config/core/v3/base_pb.js';
import {
  DeltaDiscoveryRequestSchema,
  DeltaDiscoveryResponseSchema,
} from '../../../proxy/envoy/proto/generated/envoy/service/discovery/v3/discovery_pb.js';
import { FrameReader } from '../../../proxy/xds/wire/frame-reader.ts';
import { type ClientSpec, markerOf } from './protocol.ts';

const PATH = '/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources';
const MARKER = /10\.\d+\.\d+\.\d+/;

/** A proxy's side of a stream that keeps nothing: it acknowledges, and notes which change came when. */
export class FleetClient {
  /** See `Arrivals`. */
  seen: number[] = [];
  isClosed = false;
  readonly #spec: ClientSpec;
  readonly #session: ClientHttp2Session;
  readonly #stream: ClientHttp2Stream;
  readonly #markers = new Map<string, number>();
  readonly #ready = Promise.withResolvers<void>();
  #isFirst = true;

  constructor(spec: ClientSpec, port: number) {
    this.#spec = spec;
    this.#session = connect(`http://127.0.0.1:${port}`);
    this.#session.on('error', () => {});
    this.#stream = this.#session.request({
      ':method': 'POST',
      ':path': PATH,
      'content-type': 'application/grpc',
      authorization: `Bearer ${spec.token}`,
    });
    const reader = new FrameReader(64 << 20);
    this.#stream.on('data', (chunk: Uint8Array) => {
      reader.push(chunk);
      for (let message = reader.next(); message !== undefined; message = reader.next()) this.#received(message);
    });
    this.#stream.on('error', () => {});
    this.#stream.on('close', () => {
      this.isClosed = true;
      this.#session.destroy();
      this.#ready.reject(new Error(`the stream of ${spec.id} was closed`));
    });
    this.#send({ typeUrl: typeUrls.cluster, resourceNamesSubscribe: [...spec.clusters] });
    this.#send({ typeUrl: typeUrls.endpoints, resourceNamesSubscribe: [...spec.clusters] });
  }

  /** Resolves when it has the endpoints that it asked for. */
  ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** Reads no more from its stream, but for what is between: pings are answered. */
  stopReading(): void {
    this.#stream.pause();
  }

  readAgain(): void {
    if (!this.isClosed) this.#stream.resume();
  }

  /** Asks for the endpoints of more clusters. */
  ask(more: readonly string[]): void {
    this.#send({ typeUrl: typeUrls.endpoints, resourceNamesSubscribe: [...more] });
  }

  #received(message: Uint8Array): void {
    const { typeUrl, nonce, resources } = fromBinary(DeltaDiscoveryResponseSchema, message);
    const now = performance.timeOrigin + performance.now();
    this.#send({ typeUrl, responseNonce: nonce });
    if (typeUrl !== typeUrls.endpoints) return;
    for (const { name, resource } of resources) {
      const found = MARKER.exec(Buffer.from(resource?.value ?? []).toString('latin1'));
      const marker = found === null ? 0 : markerOf(found[0]);
      const before = this.#markers.get(name);
      this.#markers.set(name, marker);
      const service = Number(/-(\d+):/.exec(name)?.[1] ?? -1);
      if (before !== undefined && marker !== before) this.seen.push(service, before, marker, now);
    }
    if (this.#markers.size >= this.#spec.clusters.length) this.#ready.resolve();
  }

  #send(request: MessageInitShape<typeof DeltaDiscoveryRequestSchema>): void {
    const full = create(DeltaDiscoveryRequestSchema, request);
    if (this.#isFirst) full.node = create(NodeSchema, { id: this.#spec.id, cluster: 'fleet' });
    this.#isFirst = false;
    const message = toBinary(DeltaDiscoveryRequestSchema, full);
    const frame = Buffer.alloc(5 + message.length);
    frame.writeUInt32BE(message.length, 1);
    frame.set(message, 5);
    if (this.#stream.writable) this.#stream.write(frame);
  }
}
