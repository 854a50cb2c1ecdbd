import type { IncomingHttpHeaders } from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { EntryRef, ListenAddress, ServerCertificate } from '@dot-kube/proxy/xds';
import type { Clock, Logger, Runnable, Stage } from '../../framework/index.ts';
import { bearerTokenOf, type CertificateAuthority, type TokenAuthenticator } from '../../identity/index.ts';
import { FeedServer } from '../feeds/feed-server.ts';
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

const NO_FEEDS: ReadonlySet<SnapshotFeed> = new Set();

/**
 * Tells standbys what proxies acknowledged, certificates with their keys included, and gives them the certificate that they show.
 * TLS 1.3; nobody is let in but who has a token of the standby's own service account, bound to its pod.
 */
export class SnapshotServer implements Runnable {
  readonly name = 'snapshots';
  readonly stage: Stage = 'worker';
  readonly #options: SnapshotServerOptions;
  readonly #listening = Promise.withResolvers<void>();
  #server: FeedServer<SnapshotFeed> | undefined;
  #forStandby: ServerCertificate | undefined;
  #bound: AddressInfo | undefined;

  constructor(options: SnapshotServerOptions) {
    this.#options = options;
  }

  /** Where it listens, once it does. */
  get bound(): AddressInfo | undefined {
    return this.#bound;
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
    for (const feed of this.#feeds) for (const place of places) feed.touch(place);
  }

  /** A pod came, went, or changed. */
  touchPod(key: string): void {
    for (const feed of this.#feeds) feed.touchPod(key);
  }

  async run(signal: AbortSignal): Promise<void> {
    const { address, authority, clock, log, names, standbyNames } = this.#options;
    const common = { authority, clock, log };
    const own = await ServerCertificateRenewal.start({
      ...common,
      names,
      renewed: (certificate) => this.#server?.show(certificate),
    });
    const standby = await ServerCertificateRenewal.start({
      ...common,
      names: standbyNames,
      renewed: (certificate) => this.#certify(certificate),
    });
    this.#forStandby = standby.first;
    this.#server = this.#serverOf(own.first);
    try {
      await this.#server.run(
        address,
        (bound) => {
          this.#bound = bound;
          log.info('snapshots for standbys are served', { port: bound.port });
          this.#listening.resolve();
        },
        signal,
      );
    } finally {
      own.renewal.stop();
      standby.renewal.stop();
    }
  }

  get #feeds(): ReadonlySet<SnapshotFeed> {
    return this.#server?.feeds ?? NO_FEEDS;
  }

  #serverOf({ cert, key }: ServerCertificate): FeedServer<SnapshotFeed> {
    const { clock, log } = this.#options;
    return new FeedServer<SnapshotFeed>({
      what: 'snapshots',
      path: SNAPSHOT_PATH,
      tls: { cert, key },
      mostStreams: MOST_STREAMS,
      mostHeaders: 16_384,
      clock,
      log,
      admit: (headers) => this.#admit(headers),
      start: (sink) => {
        const feed = new SnapshotFeed(this.#options.source, sink, clock);
        if (this.#forStandby !== undefined) feed.certify(this.#forStandby);
        log.info('a standby follows');
        return feed;
      },
      ended: () => log.info('a standby follows no more'),
    });
  }

  #certify(certificate: ServerCertificate): void {
    this.#forStandby = certificate;
    for (const feed of this.#feeds) feed.certify(certificate);
  }

  /** The HTTP status for one who asks: only standbys are told. */
  async #admit({ authorization }: IncomingHttpHeaders): Promise<number> {
    const { log, namespace, tokens } = this.#options;
    const token = bearerTokenOf(authorization);
    const review = token === undefined ? undefined : await tokens.review(token);
    if (review?.kind === 'refused' && review.retryable) return 503;
    if (review?.kind === 'pod' && review.namespace === namespace && review.serviceAccount === STANDBY_ACCOUNT)
      return 200;
    log.warn('somebody who is no standby was refused', {
      reason: review?.kind === 'refused' ? review.reason : `not ${namespace}/${STANDBY_ACCOUNT}`,
    });
    return 403;
  }
}
