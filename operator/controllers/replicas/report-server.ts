import { once } from 'node:events';
import {
  createSecureServer,
  type Http2SecureServer,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ListenAddress } from '@dot-kube/proxy/xds';
import { aborted, type Clock, type Logger, type Runnable, sparingly, type Stage } from '../../framework/index.ts';
import { ReportFeed, type ReportSource } from './report-feed.ts';
import { type ReplicaCredentials, ReplicaIdentity, type ReplicaIdentityOptions } from './replica-identity.ts';

/** Path of the one thing that is served. */
export const REPORT_PATH = '/v1/acknowledgements';

/** What a report server works with. */
export interface ReportServerOptions extends ReplicaIdentityOptions {
  readonly address: ListenAddress;
  readonly source: ReportSource;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Other replicas, and their streams that have not been closed yet. */
const MOST_STREAMS = 16;

/** A stream that does not take what it is told for so long is ended, in milliseconds. */
const STUCK_MS = 30_000;

/** What opening a connection may take, in milliseconds. */
const HANDSHAKE_MS = 10_000;

/** Tells other replicas how the proxies of this one stand. TLS 1.3 both ways; nobody but the operator itself is let in. */
export class ReportServer implements Runnable {
  readonly name = 'replica-reports';
  readonly stage: Stage = 'worker';
  readonly #options: ReportServerOptions;
  readonly #refused: ReturnType<typeof sparingly>;
  readonly #listening = Promise.withResolvers<void>();
  readonly #feeds = new Set<ReportFeed>();
  readonly #sessions = new Set<ServerHttp2Session>();
  #identity: ReplicaIdentity | undefined;
  #bound: AddressInfo | undefined;

  constructor(options: ReportServerOptions) {
    this.#options = options;
    const { clock, log } = options;
    this.#refused = sparingly((message, fields) => log.warn(message, fields), clock);
  }

  /** Where it listens, once it does. */
  get bound(): AddressInfo | undefined {
    return this.#bound;
  }

  /** Who this replica is to others, once it listens. */
  get identity(): ReplicaIdentity | undefined {
    return this.#identity;
  }

  /** Other replicas that are being told. */
  get streams(): number {
    return this.#feeds.size;
  }

  started(): Promise<void> {
    return this.#listening.promise;
  }

  /** How an object stands here may have changed. */
  touch(object: string): void {
    for (const feed of this.#feeds) feed.touch(object);
  }

  /** Proxies connected or left, or what they refuse changed. */
  touchProxies(): void {
    for (const feed of this.#feeds) feed.touchProxies();
  }

  async run(signal: AbortSignal): Promise<void> {
    const identity = await ReplicaIdentity.start(this.#options);
    this.#identity = identity;
    const server = createSecureServer(tlsOptions(identity.credentials));
    identity.onChange(() => server.setSecureContext(contextOf(identity.credentials)));
    try {
      await this.#listen(server, identity);
      this.#listening.resolve();
      await aborted(signal);
    } finally {
      identity.close();
      for (const session of this.#sessions) session.destroy();
      if (server.listening) await new Promise<void>((resolve) => server.close(() => resolve()));
    }
  }

  async #listen(server: Http2SecureServer, identity: ReplicaIdentity): Promise<void> {
    const { address, log } = this.#options;
    server.on('session', (session) => this.#connected(session, identity));
    server.on('stream', (stream, headers) => this.#stream(stream, headers[':method'], headers[':path']));
    server.on('tlsClientError', (error) => this.#refused('a replica was refused', { reason: error.message }));
    server.on('sessionError', () => {});
    server.listen(address.port, address.host);
    await once(server, 'listening');
    this.#bound = server.address() as AddressInfo;
    server.on('error', (error) => log.error('the server of reports has a problem', { error }));
    log.info('reports for other replicas are served', { address: this.#bound.address, port: this.#bound.port });
  }

  #connected(session: ServerHttp2Session, identity: ReplicaIdentity): void {
    const socket = session.socket as TLSSocket;
    this.#sessions.add(session);
    session.once('close', () => this.#sessions.delete(session));
    session.on('error', () => session.destroy());
    if (socket.authorized && identity.isReplica(socket.getPeerCertificate())) return;
    this.#refused('somebody who is no replica was refused', { remoteAddress: socket.remoteAddress });
    session.destroy();
  }

  #stream(stream: ServerHttp2Stream, method: string | undefined, path: string | undefined): void {
    stream.on('error', () => {});
    const isWanted = method === 'GET' && path === REPORT_PATH;
    if (!isWanted || stream.session?.destroyed !== false || this.#feeds.size >= MOST_STREAMS) {
      stream.respond({ ':status': isWanted ? 503 : 404 }, { endStream: true });
      return;
    }
    stream.respond({ ':status': 200, 'content-type': 'application/jsonl' });
    const { source, clock } = this.#options;
    let cancelStuck = (): void => {};
    const write = (line: string): boolean => {
      if (stream.destroyed) return false;
      if (stream.write(`${line}\n`)) return true;
      cancelStuck = clock.setTimeout(() => stream.session?.destroy(), STUCK_MS);
      return false;
    };
    const feed = new ReportFeed(source, { write }, clock);
    this.#feeds.add(feed);
    stream.on('drain', () => {
      cancelStuck();
      feed.resume();
    });
    stream.once('close', () => {
      cancelStuck();
      feed.close();
      this.#feeds.delete(feed);
    });
  }
}

function contextOf({ cert, key, ca }: ReplicaCredentials) {
  return { cert, key, ca, minVersion: 'TLSv1.3' } as const;
}

function tlsOptions(credentials: ReplicaCredentials) {
  return {
    ...contextOf(credentials),
    requestCert: true,
    rejectUnauthorized: true,
    allowHTTP1: false,
    handshakeTimeout: HANDSHAKE_MS,
    settings: { maxConcurrentStreams: 2, enablePush: false, maxHeaderListSize: 8192 },
  } as const;
}
