import type {
  Http2SecureServer,
  Http2Server,
  IncomingHttpHeaders,
  ServerHttp2Session,
  ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { type Authenticate, type AuthenticatedProxy, AuthenticationUnavailableError } from './authentication.ts';
import { ByteBudget } from './byte-budget.ts';
import type { CacheChange, Entry, ResourceCache } from './cache.ts';
import { type Clock, systemClock } from './clock.ts';
import { Connection } from './connection.ts';
import { ConnectionTable } from './connection-table.ts';
import { FlushQueue } from './flush-queue.ts';
import { defaultLimits, defaultWaits, type Limits, type Waits } from './limits.ts';
import {
  expectStream,
  isLoopback,
  keepAlive,
  listen,
  type ListenAddress,
  plaintextServer,
  secureServer,
  type ServerCertificate,
} from './listener.ts';
import type { Rejection, XdsObserver } from './observer.ts';
import type { EmptyResource } from './proxy-view.ts';
import type { EntryRef } from './resource.ts';
import { Session } from './session.ts';
import { sessionCommons } from './session-commons.ts';
import { holdingOf, type Holding, type ProxyStatus, statusOf } from './status.ts';
import { XdsStream } from './stream.ts';
import type { TypeUrl } from './type-url.ts';
import { type Quarantine, Vetting } from './vetting.ts';
import { GrpcError, grpcStatus } from './wire/grpc-status.ts';
import type { DeltaRequest } from './wire/request.ts';

/** What a server works with. */
export interface XdsServerOptions {
  readonly cache: ResourceCache;
  readonly authenticate: Authenticate;
  readonly emptyResource: EmptyResource;
  /** Why nobody is let in at present; undefined: proxies are. Default: they always are. */
  readonly closedFor?: () => string | undefined;
  /** Whether all contents were acknowledged by proxies before they came into the cache: none is tried on one proxy first. Default: false. */
  readonly isProven?: boolean;
  /** Layers all of whose clusters a proxy gets, asked for or not. Default: those named `class/…` and `proxy/…`. */
  readonly isEagerLayer?: (layer: string) => boolean;
  readonly observer?: XdsObserver;
  readonly limits?: Partial<Limits>;
  readonly waits?: Partial<Waits>;
  readonly clock?: Clock;
}

/** For proxies to take the news that the server goes down. */
const CLOSING_MS = 1000;

const PATH = '/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources';

/** Serves a {@link ResourceCache} to proxies over delta ADS. */
export class XdsServer {
  readonly #options: XdsServerOptions;
  readonly #clock: Clock;
  readonly #limits: Limits;
  readonly #waits: Waits;
  readonly #observer: XdsObserver;
  readonly #vetting: Vetting;
  readonly #commons = sessionCommons();
  readonly #connections = new ConnectionTable();
  readonly #flushes = new FlushQueue();
  readonly #budget: ByteBudget;
  readonly #streams = new Set<XdsStream>();
  /** Those of them that nobody has been let in on yet. */
  readonly #strangers = new Set<XdsStream>();
  readonly #sessions = new Set<ServerHttp2Session>();
  /** Connections as they come, before a handshake has made a session of them. */
  readonly #sockets = new Set<Socket>();
  readonly #servers: (Http2Server | Http2SecureServer)[] = [];
  readonly #unsubscribe: () => void;
  #secure: Http2SecureServer | undefined;
  #cancelSweep: (() => void) | undefined;
  #streamIds = 0;
  #closed = false;

  constructor(options: XdsServerOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#waits = { ...defaultWaits, ...options.waits };
    this.#observer = options.observer ?? {};
    this.#budget = new ByteBudget(this.#limits.unauthenticatedBytes);
    const events = {
      settled: (ref: EntryRef) => this.#touch(ref),
      quarantined: (quarantine: Quarantine) => this.#observer.quarantined?.(quarantine),
      released: (quarantine: Quarantine) => this.#observer.released?.(quarantine),
    };
    this.#vetting = new Vetting(this.#clock, this.#waits.canary, events, options.isProven);
    this.#unsubscribe = options.cache.subscribe((change) => this.#changed(change));
  }

  /** Listens with TLS. Once per server. */
  async listen(address: ListenAddress, certificate: ServerCertificate): Promise<AddressInfo> {
    this.#secure = secureServer(certificate, this.#limits);
    return await this.#serve(this.#secure, address);
  }

  /** Uses another certificate for the connections that come from now on. */
  setCertificate(certificate: ServerCertificate): void {
    this.#secure?.setSecureContext({ ...certificate });
  }

  /** Listens without TLS, for load tests on one machine. Throws for an address that others could reach. */
  async listenPlaintextOnLoopback(address: ListenAddress): Promise<AddressInfo> {
    const host = address.host ?? '127.0.0.1';
    if (!isLoopback(host)) throw new Error(`plaintext xDS is for loopback addresses only, not ${host}`);
    return await this.#serve(plaintextServer(this.#limits), { ...address, host });
  }

  /** Ends all streams, so that proxies go to another replica, and stops listening. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#unsubscribe();
    this.#cancelSweep?.();
    this.#flushes.stop();
    for (const stream of this.#streams) stream.end(grpcStatus.unavailable, 'the server is going down');
    for (const session of this.#sessions) session.close();
    // A peer that does not take the news keeps nobody waiting; on the machine's clock, for this is about sockets.
    const timer = setTimeout(() => {
      for (const session of this.#sessions) session.destroy();
      for (const socket of this.#sockets) socket.destroy();
    }, CLOSING_MS);
    await Promise.all(
      this.#servers.map(async (server) => {
        await new Promise<void>((resolve) => {
          server.close(() => resolve());
        });
      }),
    );
    clearTimeout(timer);
  }

  /** Ends the streams there are, one each `gapMs`, so that proxies go elsewhere; goes on listening. */
  endStreams(reason: string, gapMs: number): void {
    [...this.#streams].forEach((stream, index) => {
      this.#clock.setTimeout(() => stream.end(grpcStatus.unavailable, reason), index * gapMs);
    });
  }

  /** HTTP/2 connections that are open, whoever is behind them. */
  get connectionCount(): number {
    return this.#sessions.size;
  }

  /** The newest stream of each proxy. */
  proxies(): readonly ProxyStatus[] {
    return this.#connections.newest().map(statusOf);
  }

  /** Ids of the proxies that have a stream. */
  connected(): readonly string[] {
    return this.#connections.newest().map(({ proxyId }) => proxyId);
  }

  /** The newest stream of a proxy. */
  connection(proxyId: string): Connection | undefined {
    return this.#connections.get(proxyId);
  }

  /** What a proxy was sent and what it acknowledged of a name. */
  holds(proxyId: string, type: TypeUrl, name: string): Holding | undefined {
    const connection = this.#connections.get(proxyId);
    return connection === undefined ? undefined : holdingOf(connection.session, type, name);
  }

  /** Whether a proxy has this entry, or is to have it. */
  uses(proxyId: string, entry: EntryRef): boolean {
    return this.#connections.get(proxyId)?.session.view.uses(entry) === true;
  }

  /** The revision of the entry that a proxy acknowledged, or as of which it no longer has it; -1: neither. */
  ackedRevision(proxyId: string, { layer, type, name }: EntryRef): number {
    const acked = this.#connections.get(proxyId)?.session.subscriptions.get(type)?.acked(name);
    if (acked === undefined || acked.kind === 'reported') return -1;
    return acked.kind !== 'entry' || acked.layer === layer ? acked.revision : -1;
  }

  /** The newest content of a place that a proxy acknowledged on this server; undefined: none did. */
  acknowledged(ref: EntryRef): Entry | undefined {
    return this.#vetting.good(ref);
  }

  /** Everything that is held back because a proxy refused it. */
  quarantined(): readonly Quarantine[] {
    return this.#vetting.quarantined();
  }

  /** What proxies refused and would still have to take: what is held back from all, and what only some cannot take. */
  rejections(): readonly Rejection[] {
    const held = this.quarantined();
    const here = this.#connections
      .newest()
      .flatMap(({ proxyId: proxy, session }) =>
        session.view
          .rejected()
          .map(({ entry: { layer, type, name, version }, error }) => ({ layer, type, name, version, proxy, error })),
      );
    const byPlace = [...held, ...here].map((each): [string, Rejection] => [
      [each.layer, each.type, each.name, each.proxy].join('\n'),
      {
        layer: each.layer,
        type: each.type,
        name: each.name,
        version: each.version,
        proxy: each.proxy,
        error: each.error,
      },
    ]);
    return [...new Map(byPlace).values()];
  }

  async #serve(server: Http2Server | Http2SecureServer, address: ListenAddress): Promise<AddressInfo> {
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.on('session', (session) => this.#connected(session));
    server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, raw: string[]) =>
      this.#stream(stream, headers, raw),
    );
    server.on('sessionError', (error: Error) => this.#observer.refused?.({ remoteAddress: '', reason: error.message }));
    const bound = await listen(server, address);
    this.#servers.push(server);
    this.#sweep();
    return bound;
  }

  #connected(session: ServerHttp2Session): void {
    this.#sessions.add(session);
    session.once('close', () => this.#sessions.delete(session));
    session.on('error', () => session.destroy());
    keepAlive(session, this.#clock, this.#limits);
    expectStream(session, this.#clock, this.#limits);
    if (this.#closed) session.destroy();
  }

  #stream(http2: ServerHttp2Stream, headers: IncomingHttpHeaders, raw: readonly string[]): void {
    const remoteAddress = http2.session?.socket.remoteAddress ?? '';
    let connection: Connection | undefined;
    let token = '';
    const stream = new XdsStream({
      http2,
      limits: this.#limits,
      clock: this.#clock,
      budget: this.#budget,
      authenticate: async (first) => {
        const proxy = await this.#authenticate(token, first);
        return {
          open: () => {
            connection = this.#connection(proxy, stream, first, remoteAddress);
            this.#strangers.delete(stream);
            return connection.session;
          },
          opened: () => this.#opened(connection),
          abandon: () => proxy.onClosed?.(),
        };
      },
      closed: (reason) => {
        this.#streams.delete(stream);
        this.#strangers.delete(stream);
        if (connection === undefined) this.#observer.refused?.({ remoteAddress, reason });
        else this.#disconnected(connection, reason);
      },
    });
    this.#streams.add(stream);
    this.#strangers.add(stream);
    try {
      token = this.#admit(headers, raw);
    } catch (error) {
      stream.fail(error);
    }
  }

  /** Checks what can be checked before anything is read. Answers the token. */
  #admit(headers: IncomingHttpHeaders, raw: readonly string[]): string {
    if (this.#closed) throw new GrpcError(grpcStatus.unavailable, 'the server is going down');
    const closedFor = this.#options.closedFor?.();
    if (closedFor !== undefined) throw new GrpcError(grpcStatus.unavailable, closedFor);
    if (
      headers[':method'] !== 'POST' ||
      headers[':path'] !== PATH ||
      headers['content-type']?.startsWith('application/grpc') !== true
    )
      throw new GrpcError(grpcStatus.unimplemented, 'only DeltaAggregatedResources is served here');
    const token = /^Bearer ([!-~]{1,8192})$/i.exec(headers.authorization ?? '')?.[1];
    if (token === undefined) throw new GrpcError(grpcStatus.unauthenticated, 'no bearer token');
    // Node keeps the first one and says nothing of others: whoever looks at the last one would see somebody else.
    if (raw.filter((each, at) => at % 2 === 0 && each.toLowerCase() === 'authorization').length > 1)
      throw new GrpcError(grpcStatus.unauthenticated, 'more than one token');
    if (this.#strangers.size > this.#limits.unauthenticatedStreams)
      throw new GrpcError(grpcStatus.unavailable, 'too many streams are being authenticated');
    return token;
  }

  async #authenticate(token: string, first: DeltaRequest): Promise<AuthenticatedProxy> {
    const node = first.node ?? { id: '', cluster: '', locality: { region: '', zone: '', subZone: '' } };
    try {
      return await this.#options.authenticate({ token, node });
    } catch (cause) {
      if (cause instanceof AuthenticationUnavailableError)
        throw new GrpcError(grpcStatus.unavailable, 'the token cannot be judged at present', { cause });
      throw new GrpcError(grpcStatus.unauthenticated, 'the token is not accepted', { cause });
    }
  }

  #connection(proxy: AuthenticatedProxy, stream: XdsStream, first: DeltaRequest, remoteAddress: string): Connection {
    const { cache, emptyResource, isEagerLayer = (layer: string) => /^(class|proxy)\//.test(layer) } = this.#options;
    const id = ++this.#streamIds;
    const { proxyId, layers } = proxy;
    const session = new Session({
      id,
      proxyId,
      layers,
      cache,
      vetting: this.#vetting,
      clock: this.#clock,
      waits: this.#waits,
      limits: this.#limits,
      commons: this.#commons,
      isEager: isEagerLayer,
      emptyResource,
      write: (response) => stream.write(response),
      writable: () => stream.writable(),
      sent: this.#observer.sent?.bind(this.#observer),
      acked: (event) => this.#observer.acked?.(event),
      nacked: (event) => {
        connection.nacked(event, this.#clock.now());
        this.#observer.nacked?.(event);
      },
      rejected: (rejection) => this.#observer.rejected?.(rejection),
    });
    const connection: Connection = new Connection({
      id,
      session,
      stream,
      proxy,
      node: first.node,
      remoteAddress,
      connectedAt: this.#clock.now(),
      layersChanged: () => {
        this.#connections.reindex(connection);
        this.#flushes.add(session);
      },
    });
    this.#connections.add(connection);
    return connection;
  }

  #opened(connection: Connection | undefined): void {
    if (connection === undefined) return;
    const { proxyId, layers } = connection;
    this.#observer.connected?.({ proxyId, layers });
    connection.opened();
  }

  #disconnected(connection: Connection, reason: string): void {
    const remaining = this.#connections.remove(connection);
    this.#flushes.remove(connection.session);
    connection.closed();
    this.#observer.disconnected?.({ proxyId: connection.proxyId, reason, remaining });
  }

  #changed({ changed }: CacheChange): void {
    this.#vetting.changed(changed, (ref) => this.#options.cache.entry(ref));
    for (const ref of changed) this.#touch(ref);
    // Proxies that came before the cache was synced wait for this.
    if (changed.length === 0) for (const { session } of this.#connections.all()) this.#flushes.add(session);
  }

  #touch(ref: EntryRef): void {
    for (const { session } of this.#connections.seeing(ref.layer)) if (session.changed(ref)) this.#flushes.add(session);
  }

  #sweep(): void {
    this.#cancelSweep?.();
    this.#cancelSweep = this.#clock.setTimeout(() => {
      for (const stream of this.#streams) stream.checkProgress();
      this.#sweep();
    }, this.#limits.stuckMs / 6);
  }
}
