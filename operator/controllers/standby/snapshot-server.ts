import { once } from 'node:events';
import {
  createSecureServer,
  type Http2SecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { EntryRef, ListenAddress, ServerCertificate } from '@dot-kube/proxy/xds';
import { aborted, type Clock, type Logger, type Runnable, type Stage } from '../../framework/index.ts';
import { bearerTokenOf, type CertificateAuthority, type TokenAuthenticator } from '../../identity/index.ts';
import { type ServerNames, ServerCertificateRenewal } from '../identity/server-certificate.ts';
import { SnapshotFeed, type SnapshotSource } from './snapshot-feed.ts';

/** The service account that a standby runs as. */
export const STANDBY_ACCOUNT = 'dot-kube-standby';

/** Path of the one thing that is served. */
export const SNAPSHOT_PATH = '/v1/snapshot';

/** What a snapshot server works with. */
export interface SnapshotServerOptions {
  readonly address: ListenAddress;
  /** What a standby knows this replica by: the names that proxies know it by. */
  readonly names: ServerNames;
  /** What proxies know the standby by. */
  readonly standbyNames: ServerNames;
  /** Where the standby runs. */
  readonly namespace: string;
  readonly tokens: TokenAuthenticator;
  readonly authority: CertificateAuthority;
  readonly source: SnapshotSource;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Standbys, and their streams that have not been closed yet. */
const MOST_STREAMS = 8;

/** A stream that does not take what it is told for so long is ended, in milliseconds. */
const STUCK_MS = 30_000;

/** What opening a connection may take, in milliseconds. */
const HANDSHAKE_MS = 10_000;

/**
 * Tells standbys what proxies acknowledged, certificates with their keys included, and gives them the certificate that they show.
 * TLS 1.3; nobody is let in but who has a token of the standby's own service account, bound to its pod.
 */
export class SnapshotServer implements Runnable {
  readonly name = 'snapshots';
  readonly stage: Stage = 'worker';
  readonly #options: SnapshotServerOptions;
  readonly #listening = Promise.withResolvers<void>();
  readonly #feeds = new Set<SnapshotFeed>();
  readonly #sessions = new Set<ServerHttp2Session>();
  #forStandby: ServerCertificate | undefined;

  constructor(options: SnapshotServerOptions) {
    this.#options = options;
  }

  /** Standbys that are being told. */
  get streams(): number {
    return this.#feeds.size;
  }

  started(): Promise<void> {
    return this.#listening.promise;
  }

  /** What stands in these places, or what proxies acknowledged of them, may be different. */
  touch(places: readonly EntryRef[]): void {
    if (this.#feeds.size === 0) return;
    for (const feed of this.#feeds) for (const place of places) feed.touch(place);
  }

  /** A pod came, went, or changed. */
  touchPod(key: string): void {
    for (const feed of this.#feeds) feed.touchPod(key);
  }

  async run(signal: AbortSignal): Promise<void> {
    const { address, authority, clock, log, names, standbyNames } = this.#options;
    const common = { authority, clock, log };
    let server: Http2SecureServer | undefined;
    const own = await ServerCertificateRenewal.start({
      ...common,
      names,
      renewed: (certificate) => server?.setSecureContext({ ...certificate, minVersion: 'TLSv1.3' }),
    });
    const standby = await ServerCertificateRenewal.start({
      ...common,
      names: standbyNames,
      renewed: (certificate) => this.#certify(certificate),
    });
    this.#forStandby = standby.first;
    server = createSecureServer(tlsOptions(own.first));
    try {
      server.on('session', (session) => this.#connected(session));
      server.on('stream', (stream, headers) => void this.#stream(stream, headers));
      server.on('sessionError', () => {});
      server.listen(address.port, address.host);
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      server.on('error', (error) => log.error('the server of snapshots has a problem', { error }));
      log.info('snapshots for standbys are served', { port });
      this.#listening.resolve();
      await aborted(signal);
    } finally {
      own.renewal.stop();
      standby.renewal.stop();
      for (const session of this.#sessions) session.destroy();
      if (server.listening) await new Promise<void>((resolve) => server.close(() => resolve()));
    }
  }

  #certify(certificate: ServerCertificate): void {
    this.#forStandby = certificate;
    for (const feed of this.#feeds) feed.certify(certificate);
  }

  #connected(session: ServerHttp2Session): void {
    this.#sessions.add(session);
    session.once('close', () => this.#sessions.delete(session));
    session.on('error', () => session.destroy());
    const cancel = this.#options.clock.setTimeout(() => session.destroy(), HANDSHAKE_MS);
    session.once('stream', cancel);
    session.once('close', cancel);
  }

  async #stream(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    stream.on('error', () => {});
    const isWanted = headers[':method'] === 'GET' && headers[':path'] === SNAPSHOT_PATH;
    const status = isWanted ? await this.#admit(headers.authorization) : 404;
    if (stream.destroyed) return;
    if (status !== 200) {
      stream.respond({ ':status': status }, { endStream: true });
      return;
    }
    stream.respond({ ':status': 200, 'content-type': 'application/jsonl' });
    this.#feed(stream);
  }

  async #admit(authorization: string | undefined): Promise<number> {
    const { log, namespace, tokens } = this.#options;
    const token = bearerTokenOf(authorization);
    const review = token === undefined ? undefined : await tokens.review(token);
    if (review?.kind === 'refused' && review.retryable) return 503;
    if (review?.kind !== 'pod' || review.namespace !== namespace || review.serviceAccount !== STANDBY_ACCOUNT) {
      log.warn('somebody who is no standby was refused', {
        reason: review?.kind === 'refused' ? review.reason : `not ${namespace}/${STANDBY_ACCOUNT}`,
      });
      return 403;
    }
    return this.#feeds.size >= MOST_STREAMS ? 503 : 200;
  }

  #feed(stream: ServerHttp2Stream): void {
    const { clock, log, source } = this.#options;
    let cancelStuck = (): void => {};
    const write = (line: string): boolean => {
      if (stream.destroyed) return false;
      if (stream.write(`${line}\n`)) return true;
      cancelStuck();
      cancelStuck = clock.setTimeout(() => stream.session?.destroy(), STUCK_MS);
      return false;
    };
    const feed = new SnapshotFeed(source, { write }, clock);
    if (this.#forStandby !== undefined) feed.certify(this.#forStandby);
    this.#feeds.add(feed);
    log.info('a standby follows');
    stream.on('drain', () => {
      cancelStuck();
      feed.resume();
    });
    stream.once('close', () => {
      cancelStuck();
      feed.close();
      this.#feeds.delete(feed);
      log.info('a standby follows no more');
    });
  }
}

function tlsOptions({ cert, key }: ServerCertificate) {
  return {
    cert,
    key,
    minVersion: 'TLSv1.3',
    allowHTTP1: false,
    handshakeTimeout: HANDSHAKE_MS,
    settings: { maxConcurrentStreams: 2, enablePush: false, maxHeaderListSize: 16_384 },
  } as const;
}
