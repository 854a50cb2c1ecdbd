import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import type { Duplex } from 'node:stream';
import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { NodeSchema } from '../../envoy/proto/generated/envoy/config/core/v3/base_pb.js';
import {
  DeltaDiscoveryRequestSchema,
  DeltaDiscoveryResponseSchema,
} from '../../envoy/proto/generated/envoy/service/discovery/v3/discovery_pb.js';
import type { TypeUrl } from '../type-url.ts';
import { FrameReader } from '../wire/frame-reader.ts';

/** A resource as a client has received it. */
export interface ReceivedResource {
  readonly name: string;
  readonly version: string;
  /** The resource itself, to be decoded by its schema. */
  readonly bytes: Uint8Array;
}

/** A response as a client has received it. */
export interface ReceivedResponse {
  readonly type: TypeUrl;
  readonly nonce: string;
  readonly resources: readonly ReceivedResource[];
  readonly removed: readonly string[];
  /** On the wire, gRPC prefix included. */
  readonly bytes: number;
}

/** How to reach a server and as whom. */
export interface AdsClientOptions {
  readonly port: number;
  /** Default: `127.0.0.1`. */
  readonly host?: string;
  /** Default: `test`. Empty: no authorization header. */
  readonly token?: string;
  readonly nodeId?: string;
  /** Speaks TLS, trusting this certificate (PEM). */
  readonly ca?: string;
  /** A connection that stands, TLS included. Default: it opens one. */
  readonly connection?: Duplex;
  /** Envoy's judgement: the error for a resource that it cannot take. Default: takes everything. */
  readonly refuses?: (type: TypeUrl, resource: ReceivedResource) => string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: string;
}

/** A request as it is on a stream, gRPC prefix included. */
export function requestFrame(request: MessageInitShape<typeof DeltaDiscoveryRequestSchema>): Buffer {
  const message = toBinary(DeltaDiscoveryRequestSchema, create(DeltaDiscoveryRequestSchema, request));
  const frame = Buffer.alloc(5 + message.length);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, 5);
  return frame;
}

interface Waiter {
  readonly holds: () => boolean;
  readonly resolve: () => void;
}

/**
 * A delta ADS client for tests. Acknowledges by itself unless told to {@link hold}, and refuses as Envoy does: of a refused
 * response, what stood before the first bad resource is in force.
 */
export class AdsClient implements AsyncDisposable {
  /** Everything that came, in order. */
  readonly responses: ReceivedResponse[] = [];
  /** gRPC status and message, once the server has ended the stream. */
  ended: { readonly status: string; readonly message: string } | undefined;
  readonly stream: ClientHttp2Stream;
  readonly #session: ClientHttp2Session;
  readonly #options: AdsClientOptions;
  readonly #resources = new Map<TypeUrl, Map<string, ReceivedResource>>();
  readonly #held = new Map<TypeUrl, ReceivedResponse[]>();
  readonly #waiters = new Set<Waiter>();
  #nodeSent = false;

  constructor(options: AdsClientOptions) {
    this.#options = options;
    const { connection, host = '127.0.0.1', port, ca, token = 'test', headers = {} } = options;
    this.#session =
      ca === undefined
        ? connect(`http://${host}:${port}`)
        : connect(`https://${host}:${port}`, {
            ca,
            checkServerIdentity: () => undefined,
            ...(connection && { createConnection: () => connection }),
          });
    this.#session.on('error', () => {});
    this.stream = this.#session.request({
      ':method': 'POST',
      ':path': options.path ?? '/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources',
      'content-type': 'application/grpc',
      ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    });
    const reader = new FrameReader(64 << 20);
    this.stream.on('data', (chunk: Uint8Array) => {
      reader.push(chunk);
      for (let message = reader.next(); message !== undefined; message = reader.next()) this.#received(message);
    });
    const end = (fields: Readonly<Record<string, string | string[] | number | undefined>>) => {
      if (fields['grpc-status'] === undefined) return;
      this.ended = {
        status: String(fields['grpc-status']),
        message: decodeURIComponent(String(fields['grpc-message'] ?? '')),
      };
      this.#look();
    };
    this.stream.on('response', (fields) => end(fields));
    this.stream.on('trailers', (fields) => end(fields));
    this.stream.on('error', () => {});
    this.stream.on('close', () => {
      this.ended ??= { status: '', message: 'closed' };
      this.#look();
    });
  }

  /** Asks for names, or for all there is when none are given. `initialVersions`: what it holds from an earlier stream. */
  subscribe(
    type: TypeUrl,
    names: readonly string[] = [],
    initialVersions: Readonly<Record<string, string>> = {},
  ): void {
    this.send({ typeUrl: type, resourceNamesSubscribe: [...names], initialResourceVersions: { ...initialVersions } });
  }

  /** Asks for names no longer. */
  unsubscribe(type: TypeUrl, names: readonly string[]): void {
    for (const name of names) this.#of(type).delete(name);
    this.send({ typeUrl: type, resourceNamesUnsubscribe: [...names] });
  }

  /** Acknowledges a response. */
  ack({ type, nonce }: Pick<ReceivedResponse, 'type' | 'nonce'>): void {
    this.send({ typeUrl: type, responseNonce: nonce });
  }

  /** Refuses a response. */
  nack({ type, nonce }: Pick<ReceivedResponse, 'type' | 'nonce'>, message: string): void {
    this.send({ typeUrl: type, responseNonce: nonce, errorDetail: { code: 13, message } });
  }

  /** Keeps its answers to responses of a type to itself, as Envoy does while clusters warm up. */
  hold(type: TypeUrl): void {
    this.#held.set(type, []);
  }

  /** Gives the answers that it kept, and keeps no more. */
  release(type: TypeUrl): void {
    const held = this.#held.get(type) ?? [];
    this.#held.delete(type);
    for (const response of held) this.#answer(response);
  }

  /** What it has in force of a type, by name. */
  resources(type: TypeUrl): ReadonlyMap<string, ReceivedResource> {
    return this.#of(type);
  }

  /** The responses of a type, in order. */
  responsesOf(type: TypeUrl): readonly ReceivedResponse[] {
    return this.responses.filter((response) => response.type === type);
  }

  /** Resolves as soon as the condition holds; looked at after each response. Throws after so many milliseconds. */
  async until(holds: () => boolean, milliseconds = 5000): Promise<void> {
    if (holds()) return;
    await new Promise<void>((resolve, reject) => {
      const waiter: Waiter = { holds, resolve: () => resolve() };
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        const seen = this.responses.map(
          ({ type, resources, removed }) =>
            `${type.split('.').at(-1)} [${resources.map(({ name }) => name).join()}] -[${removed.join()}]`,
        );
        reject(new Error(`not in ${milliseconds} ms: ${holds.toString()}; received: ${seen.join('; ')}`));
      }, milliseconds);
      this.#waiters.add({ ...waiter, resolve: () => (clearTimeout(timer), resolve()) });
    });
  }

  /** Sends a request as it is; the first one says who the node is, unless it does so itself. */
  send(request: MessageInitShape<typeof DeltaDiscoveryRequestSchema>): void {
    const full = create(DeltaDiscoveryRequestSchema, request);
    if (!this.#nodeSent) full.node ??= create(NodeSchema, { id: this.#options.nodeId ?? 'test-node', cluster: 'test' });
    this.#nodeSent = true;
    this.stream.write(requestFrame(full));
  }

  /** Closes the connection. */
  async close(): Promise<void> {
    this.#session.destroy();
    await this.until(() => this.ended !== undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #received(message: Uint8Array): void {
    const decoded = fromBinary(DeltaDiscoveryResponseSchema, message);
    const response: ReceivedResponse = {
      type: decoded.typeUrl as TypeUrl,
      nonce: decoded.nonce,
      resources: decoded.resources.map(({ name, version, resource }) => ({
        name,
        version,
        bytes: resource?.value ?? new Uint8Array(),
      })),
      removed: decoded.removedResources,
      bytes: message.length + 5,
    };
    this.responses.push(response);
    const held = this.#held.get(response.type);
    if (held === undefined) this.#answer(response);
    else held.push(response);
    this.#look();
  }

  #answer(response: ReceivedResponse): void {
    const { refuses = () => undefined } = this.#options;
    const { type } = response;
    const errors = response.resources.map((resource) => refuses(type, resource));
    const firstBad = errors.findIndex((error) => error !== undefined);
    const taken = firstBad === -1 ? response.resources : response.resources.slice(0, firstBad);
    for (const resource of taken) this.#of(type).set(resource.name, resource);
    if (firstBad === -1) {
      for (const name of response.removed) this.#of(type).delete(name);
      this.ack(response);
    } else this.nack(response, errors.filter((error) => error !== undefined).join(', '));
  }

  #of(type: TypeUrl): Map<string, ReceivedResource> {
    const resources = this.#resources.get(type) ?? new Map<string, ReceivedResource>();
    this.#resources.set(type, resources);
    return resources;
  }

  #look(): void {
    for (const waiter of this.#waiters) {
      if (!waiter.holds()) continue;
      this.#waiters.delete(waiter);
      waiter.resolve();
    }
  }
}
