import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type Clock, systemClock } from '../clock.ts';
import { type Logger, silentLogger } from '../log.ts';
import { createMetricsRegistry, type MetricsRegistry } from '../metrics.ts';
import type { Runnable, Stage } from '../manager/runnable.ts';
import {
  type AdmissionRequest,
  type AdmissionVerdict,
  formatAdmissionReview,
  parseAdmissionReview,
} from './admission-review.ts';
import { type AdmissionMetrics, createAdmissionMetrics } from './admission-metrics.ts';
import { Refusal, refusalOf, reviewText } from './request-body.ts';

/** A certificate chain and its key, PEM. */
export interface TlsKeyPair {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
}

/**
 * Answers one review. The signal aborts when nobody waits for the answer any more. A throw is answered with 500, after which the
 * webhook's `failurePolicy` decides.
 */
export type AdmissionHandler = (
  request: AdmissionRequest,
  signal: AbortSignal,
) => AdmissionVerdict | Promise<AdmissionVerdict>;

/** What an {@link AdmissionServer} bears. */
export interface AdmissionLimits {
  /** Bytes of a review. Default: 6 MiB, room for the largest object that an API server stores, as it was and as it is to be. */
  readonly bodyBytes?: number;
  /** Milliseconds from the first byte to the answer. Default: 9,000, as API servers wait for 10 s. */
  readonly answerMs?: number;
  /** Reviews at the same time; more are answered with 503. Default: 200. */
  readonly concurrent?: number;
}

/** What an {@link AdmissionServer} serves. */
export interface AdmissionServerOptions {
  /** Port 0 for any free one; see `port`. Default host: all addresses. */
  readonly address: { readonly host?: string; readonly port: number };
  readonly certificate: TlsKeyPair;
  /** Handlers by path: `/inject`. */
  readonly routes: Readonly<Record<string, AdmissionHandler>>;
  readonly limits?: AdmissionLimits;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly metrics?: MetricsRegistry;
}

const DEFAULT_LIMITS: Required<AdmissionLimits> = { bodyBytes: 6 * 1024 * 1024, answerMs: 9000, concurrent: 200 };

/** Serves admission webhooks over HTTPS; its certificate can be replaced while it runs. */
export class AdmissionServer implements Runnable {
  readonly name = 'admission-server';
  readonly stage: Stage = 'server';
  readonly #options: AdmissionServerOptions;
  readonly #limits: Required<AdmissionLimits>;
  readonly #routes: ReadonlyMap<string, AdmissionHandler>;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #metrics: AdmissionMetrics;
  readonly #server: Server;
  readonly #listening = Promise.withResolvers<void>();
  #underWay = 0;
  #isClosing = false;

  constructor(options: AdmissionServerOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#routes = new Map(Object.entries(options.routes));
    this.#logger = options.logger ?? silentLogger;
    this.#clock = options.clock ?? systemClock;
    this.#metrics = createAdmissionMetrics(options.metrics ?? createMetricsRegistry(), [...this.#routes.keys()]);
    const { answerMs } = this.#limits;
    this.#server = createServer(
      {
        ...options.certificate,
        minVersion: 'TLSv1.2',
        requestTimeout: answerMs,
        headersTimeout: answerMs,
        // Longer than API servers keep theirs, so that none closes on a request that is on its way.
        keepAliveTimeout: 120_000,
      },
      (request, response) => void this.#serve(request, response),
    );
    this.#server.on('tlsClientError', (error) => this.#logger.debug('a TLS handshake failed', { error }));
  }

  /** The port it listens on, once it does. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  started(): Promise<void> {
    return this.#listening.promise;
  }

  /** Uses another certificate from the next connection on. Throws what TLS finds wrong with it, and keeps the old one. */
  setCertificate(certificate: TlsKeyPair): void {
    this.#server.setSecureContext({ ...certificate, minVersion: 'TLSv1.2' });
  }

  async run(signal: AbortSignal): Promise<void> {
    const { host, port } = this.#options.address;
    this.#server.listen(port, host);
    await once(this.#server, 'listening', { signal });
    this.#listening.resolve();
    this.#logger.info('admission webhooks are served', { port: this.port, paths: [...this.#routes.keys()] });
    const closed = once(this.#server, 'close');
    // Answers that are under way are given; `answerMs` ends the last of them.
    const close = (): void => {
      this.#isClosing = true;
      this.#server.close();
      this.#server.closeIdleConnections();
    };
    signal.addEventListener('abort', close, { once: true });
    if (signal.aborted) close();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '/'] = (request.url ?? '/').split('?', 1);
    const handler = this.#routes.get(path);
    const started = this.#clock.monotonic();
    this.#underWay += 1;
    response.shouldKeepAlive &&= !this.#isClosing;
    try {
      if (handler === undefined) throw new Refusal(404, 'there is no such webhook');
      const verdict = await this.#answer(request, response, handler);
      this.#metrics.answered(path, verdict, (this.#clock.monotonic() - started) / 1000);
    } catch (thrown) {
      const { code, message } = refusalOf(thrown);
      if (handler !== undefined) this.#metrics.failed(path, code);
      if (code >= 500) this.#logger.error('a review was not answered', { path, code, error: thrown });
      if (!response.headersSent) send(response, code, 'text/plain; charset=utf-8', `${message}\n`);
    } finally {
      this.#underWay -= 1;
    }
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    handler: AdmissionHandler,
  ): Promise<AdmissionVerdict> {
    const { answerMs, bodyBytes, concurrent } = this.#limits;
    if (this.#underWay > concurrent) throw new Refusal(503, 'too many reviews at once');
    const late = new AbortController();
    const cancel = this.#clock.setTimeout(() => late.abort(new Refusal(504, 'the review took too long')), answerMs);
    response.once('close', () => late.abort(new Refusal(499, 'nobody waits for the answer')));
    try {
      const review = parseAdmissionReview(await reviewText(request, bodyBytes));
      late.signal.throwIfAborted();
      const verdict = await Promise.race([handler(review, late.signal), rejection(late.signal)]);
      response.shouldKeepAlive &&= !this.#isClosing;
      send(response, 200, 'application/json', formatAdmissionReview(review.uid, verdict));
      return verdict;
    } finally {
      cancel();
    }
  }
}

function send(response: ServerResponse, code: number, type: string, body: string): void {
  response.writeHead(code, { 'content-type': type, 'x-content-type-options': 'nosniff' });
  response.end(body);
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
