import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { NodeSchema } from '../../../proxy/envoy/proto/generated/envoy/config/core/v3/base_pb.js';
import { DeltaDiscoveryRequestSchema } from '../../../proxy/envoy/proto/generated/envoy/service/discovery/v3/discovery_pb.js';
import { type TypeUrl, typeUrls } from '../../../proxy/xds/type-url.ts';
import { FrameReader } from '../../../proxy/xds/wire/frame-reader.ts';
import { type DeltaMessage, readDelta } from './delta-message.ts';
import type { Needs } from './needs.ts';

/** How a proxy of the model is made. */
export interface EnvoyModelOptions {
  readonly port: number;
  readonly nodeId: string;
  readonly token: string;
  /** How many Services its application calls: so many scopes' routes are asked for, the first ones after `offset`. */
  readonly calls: number;
  readonly offset: number;
  readonly needs: Needs;
  readonly heard: (bytes: number, message: DeltaMessage) => void;
  /** The stream is there: the server let it in. */
  readonly admitted: () => void;
  /** The stream is gone; it tries again by itself. */
  readonly lost: () => void;
  /** 0 up to 1. */
  readonly random: () => number;
}

const PATH = '/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources';
const SECRETS = ['identity', 'roots'];

/** As the bootstrap has it: the base doubles up to the most, and what is waited is anything below. */
const BACKOFF_MS = { base: 500, most: 10_000 };

/** The order in which Envoy opens its subscriptions on a new stream. */
const ORDER: readonly TypeUrl[] = [
  typeUrls.cluster,
  typeUrls.endpoints,
  typeUrls.listener,
  typeUrls.scopedRoute,
  typeUrls.route,
  typeUrls.secret,
];

/**
 * What an Envoy says on delta ADS: wildcards for clusters, listeners and scopes, names for what those and its traffic need, an ACK for
 * everything. After a lost stream it connects again with backoff, and says what it holds in `initial_resource_versions`.
 */
export class EnvoyModel {
  readonly #options: EnvoyModelOptions;
  /** By type: name → version. */
  readonly #held = new Map<TypeUrl, Map<string, string>>(ORDER.map((type) => [type, new Map()]));
  readonly #asked = new Map<TypeUrl, Set<string>>(ORDER.map((type) => [type, new Set()]));
  readonly #opened = new Set<TypeUrl>();
  #session: ClientHttp2Session | undefined;
  #stream: ClientHttp2Stream | undefined;
  #timer: NodeJS.Timeout | undefined;
  #attempts = 0;
  #closed = false;
  #hasNode = false;

  constructor(options: EnvoyModelOptions) {
    this.#options = options;
  }

  /** Connects, as long as it is not closed. */
  open(): void {
    const { port, token } = this.#options;
    this.#hasNode = false;
    this.#opened.clear();
    const session = connect(`http://127.0.0.1:${port}`, {
      settings: { enablePush: false, initialWindowSize: 1 << 20 },
    });
    this.#session = session;
    const headers = { ':method': 'POST', ':path': PATH, 'content-type': 'application/grpc' };
    const stream = session.request({ ...headers, authorization: `Bearer ${token}` });
    this.#stream = stream;
    const reader = new FrameReader(64 << 20);
    stream.on('response', (fields) => {
      if (fields['grpc-status'] !== undefined) return;
      this.#attempts = 0;
      this.#options.admitted();
    });
    stream.on('data', (chunk: Uint8Array) => {
      reader.push(chunk);
      for (let bytes = reader.next(); bytes !== undefined; bytes = reader.next()) this.#take(bytes);
    });
    const lost = () => this.#lost(session);
    for (const each of [session, stream]) each.on('error', lost).on('close', lost);
    const reconnects = (this.#held.get(typeUrls.cluster)?.size ?? 0) > 0;
    // One after the other as they are needed at first, all at once when they are there already.
    for (const type of reconnects ? ORDER : [typeUrls.cluster]) this.#begin(type);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#session?.destroy();
  }

  #begin(type: TypeUrl): void {
    this.#opened.add(type);
    const isWildcard = type === typeUrls.cluster || type === typeUrls.listener || type === typeUrls.scopedRoute;
    const names = [...(this.#asked.get(type) ?? [])];
    if (!isWildcard && names.length === 0) return;
    const held = Object.fromEntries(this.#held.get(type) ?? []);
    // With names beside it the wildcard is said in so many words.
    const subscribe = isWildcard && names.length > 0 ? ['*', ...names] : names;
    this.#send({ typeUrl: type, resourceNamesSubscribe: subscribe, initialResourceVersions: held });
  }

  #take(bytes: Uint8Array): void {
    const message = readDelta(bytes);
    const type = message.typeUrl as TypeUrl;
    const held = this.#held.get(type);
    for (const { name, version } of message.resources) held?.set(name, version);
    for (const name of message.removed) held?.delete(name);
    this.#send({ typeUrl: type, responseNonce: message.nonce });
    this.#ask(type, message);
    this.#options.heard(bytes.length + 5, message);
    if (type === typeUrls.cluster && !this.#opened.has(typeUrls.listener)) this.#begin(typeUrls.listener);
    if (type === typeUrls.listener && !this.#opened.has(typeUrls.scopedRoute)) {
      this.#begin(typeUrls.scopedRoute);
      this.#subscribe(typeUrls.secret, SECRETS);
    }
  }

  /** Clusters' endpoints, and the routes of what is called. */
  #ask(type: TypeUrl, { resources }: DeltaMessage): void {
    const { calls, offset, needs } = this.#options;
    const names: string[] = [];
    let asks: TypeUrl | undefined;
    for (const [index, resource] of resources.entries()) {
      const isCalled = (index - offset + resources.length) % resources.length < calls;
      if (type === typeUrls.scopedRoute && !isCalled) continue;
      const need = needs.of(type, resource);
      if (need === undefined) continue;
      asks = need.type;
      names.push(need.name);
    }
    if (asks !== undefined) this.#subscribe(asks, names);
  }

  #subscribe(type: TypeUrl, names: readonly string[]): void {
    const asked = this.#asked.get(type);
    const fresh = names.filter((name) => asked?.has(name) === false);
    if (fresh.length === 0) return;
    for (const name of fresh) asked?.add(name);
    this.#opened.add(type);
    this.#send({ typeUrl: type, resourceNamesSubscribe: fresh });
  }

  #send(request: MessageInitShape<typeof DeltaDiscoveryRequestSchema>): void {
    const full = create(DeltaDiscoveryRequestSchema, request);
    if (!this.#hasNode) full.node = create(NodeSchema, { id: this.#options.nodeId, cluster: 'bench' });
    this.#hasNode = true;
    const message = toBinary(DeltaDiscoveryRequestSchema, full);
    const frame = Buffer.alloc(5 + message.length);
    frame.writeUInt32BE(message.length, 1);
    frame.set(message, 5);
    if (this.#stream?.writable === true) this.#stream.write(frame);
  }

  #lost(session: ClientHttp2Session): void {
    if (session !== this.#session) return;
    this.#session = undefined;
    session.destroy();
    this.#options.lost();
    if (this.#closed) return;
    const { base, most } = BACKOFF_MS;
    const upTo = Math.min(most, base * 2 ** this.#attempts++);
    this.#timer = setTimeout(() => this.open(), this.#options.random() * upTo);
  }
}
