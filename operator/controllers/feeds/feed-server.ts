import { once } from 'node:events';
import {
  createSecureServer,
  type IncomingHttpHeaders,
  type SecureServerOptions,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ListenAddress } from '@dot-kube/proxy/xds';
import { aborted, type Clock, type Logger } from '../../framework/index.ts';
import type { LineSink } from './feed-pace.ts';

/** What is told to one who follows. */
export interface Feed {
  /** The other side reads again. */
  resume(): void;
  close(): void;
}

/** What a feed server works with. */
export interface FeedServerOptions<F extends Feed> {
  /** What is served, for the log: `snapshots`. */
  readonly what: string;
  /** Path of the one thing that is served. */
  readonly path: string;
  readonly tls: Pick<SecureServerOptions, 'cert' | 'key' | 'ca' | 'requestCert' | 'rejectUnauthorized'>;
  readonly mostStreams: number;
  /** Bytes of the headers of a request. */
  readonly mostHeaders: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** Whether one who connected may stay. Default: yes. */
  readonly letsStay?: (socket: TLSSocket) => boolean;
  /** A connection failed before it was one. */
  readonly refused?: (error: Error) => void;
  /** The HTTP status of one who asks for it; 200: is told. Default: 200. */
  readonly admit?: (headers: IncomingHttpHeaders) => Promise<number>;
  readonly start: (sink: LineSink) => F;
  /** A feed ended. */
  readonly ended?: (feed: F) => void;
}

/** A stream that does not take what it is told for so long is ended, in milliseconds. */
const STUCK_MS = 30_000;

/** What opening a connection may take until something is asked for, in milliseconds. */
const HANDSHAKE_MS = 10_000;

/** Serves one feed of lines to each of a few that follow: HTTP/2, TLS 1.3, one path. */
export class FeedServer<F extends Feed> {
  readonly #options: FeedServerOptions<F>;
  readonly #server;
  readonly #feeds = new Set<F>();
  readonly #sessions = new Set<ServerHttp2Session>();

  constructor(options: FeedServerOptions<F>) {
    this.#options = options;
    this.#server = createSecureServer({
      ...options.tls,
      minVersion: 'TLSv1.3',
      allowHTTP1: false,
      handshakeTimeout: HANDSHAKE_MS,
      settings: { maxConcurrentStreams: 2, enablePush: false, maxHeaderListSize: options.mostHeaders },
    });
  }

  /** One for each that follows. */
  get feeds(): ReadonlySet<F> {
    return this.#feeds;
  }

  /** What connections that come from now on are shown. */
  show(tls: Pick<SecureServerOptions, 'cert' | 'key' | 'ca'>): void {
    this.#server.setSecureContext({ ...tls, minVersion: 'TLSv1.3' });
  }

  /** Serves until aborted. */
  async run(address: ListenAddress, listening: (bound: AddressInfo) => void, signal: AbortSignal): Promise<void> {
    const { log, refused, what } = this.#options;
    const server = this.#server;
    server.on('session', (session) => this.#connected(session));
    server.on('stream', (stream, headers) => void this.#stream(stream, headers));
    server.on('tlsClientError', (error) => refused?.(error));
    server.on('sessionError', () => {});
    try {
      server.listen(address.port, address.host);
      await once(server, 'listening');
      server.on('error', (error) => log.error(`the server of ${what} has a problem`, { error }));
      listening(server.address() as AddressInfo);
      await aborted(signal);
    } finally {
      for (const session of this.#sessions) session.destroy();
      if (server.listening) await new Promise<void>((resolve) => server.close(() => resolve()));
    }
  }

  #connected(session: ServerHttp2Session): void {
    const { clock, letsStay } = this.#options;
    this.#sessions.add(session);
    session.once('close', () => this.#sessions.delete(session));
    session.on('error', () => session.destroy());
    if (letsStay?.(session.socket as TLSSocket) === false) {
      session.destroy();
      return;
    }
    const cancel = clock.setTimeout(() => session.destroy(), HANDSHAKE_MS);
    session.once('stream', cancel);
    session.once('close', cancel);
  }

  async #stream(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    const { admit, mostStreams, path } = this.#options;
    stream.on('error', () => {});
    const isWanted = headers[':method'] === 'GET' && headers[':path'] === path;
    const admitted = isWanted ? ((await admit?.(headers)) ?? 200) : 404;
    if (stream.destroyed || stream.session?.destroyed !== false) return;
    const status = admitted === 200 && this.#feeds.size >= mostStreams ? 503 : admitted;
    if (status !== 200) {
      stream.respond({ ':status': status }, { endStream: true });
      return;
    }
    stream.respond({ ':status': 200, 'content-type': 'application/jsonl' });
    this.#feed(stream);
  }

  #feed(stream: ServerHttp2Stream): void {
    const { clock, ended, start } = this.#options;
    let cancelStuck = (): void => {};
    const write = (line: string): boolean => {
      if (stream.destroyed) return false;
      if (stream.write(`${line}\n`)) return true;
      cancelStuck();
      cancelStuck = clock.setTimeout(() => stream.session?.destroy(), STUCK_MS);
      return false;
    };
    const feed = start({ write });
    this.#feeds.add(feed);
    stream.on('drain', () => {
      cancelStuck();
      feed.resume();
    });
    stream.once('close', () => {
      cancelStuck();
      feed.close();
      this.#feeds.delete(feed);
      ended?.(feed);
    });
  }
}
