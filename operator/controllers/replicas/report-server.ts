import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ListenAddress } from '@dot-kube/proxy/xds';
import { type Clock, type Logger, type Runnable, sparingly, type Stage } from '../../framework/index.ts';
import { FeedServer } from '../feeds/feed-server.ts';
import { ReplicaIdentity, type ReplicaIdentityOptions } from './replica-identity.ts';
import { ReportFeed, type ReportSource } from './report-feed.ts';

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

/** Tells other replicas how the proxies of this one stand. TLS 1.3 both ways; nobody but the operator itself is let in. */
export class ReportServer implements Runnable {
  readonly name = 'replica-reports';
  readonly stage: Stage = 'worker';
  readonly #options: ReportServerOptions;
  readonly #refused: ReturnType<typeof sparingly>;
  readonly #listening = Promise.withResolvers<void>();
  #server: FeedServer<ReportFeed> | undefined;
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
    return this.#server?.feeds.size ?? 0;
  }

  started(): Promise<void> {
    return this.#listening.promise;
  }

  /** How an object stands here may have changed. */
  touch(object: string): void {
    for (const feed of this.#server?.feeds ?? []) feed.touch(object);
  }

  /** Proxies connected or left, or what they refuse changed. */
  touchProxies(): void {
    for (const feed of this.#server?.feeds ?? []) feed.touchProxies();
  }

  async run(signal: AbortSignal): Promise<void> {
    const { address, clock, log, source } = this.#options;
    const identity = await ReplicaIdentity.start(this.#options);
    this.#identity = identity;
    const server = new FeedServer<ReportFeed>({
      what: 'reports',
      path: REPORT_PATH,
      tls: { ...identity.credentials, requestCert: true, rejectUnauthorized: true },
      mostStreams: MOST_STREAMS,
      mostHeaders: 8192,
      clock,
      log,
      letsStay: (socket) => this.#isReplica(socket, identity),
      refused: (error) => this.#refused('a replica was refused', { reason: error.message }),
      start: (sink) => new ReportFeed(source, sink, clock),
    });
    this.#server = server;
    identity.onChange(() => server.show(identity.credentials));
    const listening = (bound: AddressInfo): void => {
      this.#bound = bound;
      log.info('reports for other replicas are served', { address: bound.address, port: bound.port });
      this.#listening.resolve();
    };
    try {
      await server.run(address, listening, signal);
    } finally {
      identity.close();
    }
  }

  #isReplica(socket: TLSSocket, identity: ReplicaIdentity): boolean {
    if (socket.authorized && identity.isReplica(socket.getPeerCertificate())) return true;
    this.#refused('somebody who is no replica was refused', { remoteAddress: socket.remoteAddress });
    return false;
  }
}
