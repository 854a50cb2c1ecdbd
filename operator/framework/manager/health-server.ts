import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Logger, silentLogger } from '../log.ts';
import type { MetricsRegistry } from '../metrics.ts';
import type { Runnable, Stage } from './runnable.ts';

/** Says whether something is well: false, or a throw, means that it is not. */
export type HealthCheck = () => boolean | Promise<boolean>;

/** What a {@link HealthServer} serves. */
export interface HealthServerOptions {
  /** 0 for any free one; see `port`. */
  readonly port: number;
  /** Default: all addresses. */
  readonly host?: string;
  /** `/livez` and `/healthz`: fails when the process should be restarted. */
  readonly live?: Readonly<Record<string, HealthCheck>>;
  /** `/readyz`: fails while this replica should not be sent anything. */
  readonly ready?: Readonly<Record<string, HealthCheck>>;
  /** `/metrics`. */
  readonly metrics?: MetricsRegistry;
  /** What is answered as JSON by path, and only to callers of the same host or pod: a port-forward is one, the network is none. */
  readonly local?: Readonly<Record<string, () => unknown>>;
  readonly logger?: Logger;
}

/** Serves `/livez`, `/healthz`, `/readyz` (each with a line per check) and `/metrics` over HTTP. */
export class HealthServer implements Runnable {
  readonly name = 'health-server';
  readonly stage: Stage = 'server';
  readonly #options: HealthServerOptions;
  readonly #logger: Logger;
  readonly #server: Server;
  readonly #local: Readonly<Record<string, () => unknown>>;
  readonly #listening = Promise.withResolvers<void>();

  constructor(options: HealthServerOptions) {
    this.#options = options;
    this.#logger = options.logger ?? silentLogger;
    this.#local = options.local ?? {};
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  /** The port it listens on, once it does. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  started(): Promise<void> {
    return this.#listening.promise;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { port, host } = this.#options;
    this.#server.listen(port, host);
    await once(this.#server, 'listening', { signal });
    this.#listening.resolve();
    this.#logger.info('health and metrics are served', { port: this.port });
    const closed = once(this.#server, 'close');
    const close = (): void => {
      this.#server.close();
      this.#server.closeAllConnections();
    };
    signal.addEventListener('abort', close, { once: true });
    if (signal.aborted) close();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    try {
      if (path === '/metrics' && this.#options.metrics !== undefined) {
        const { metrics } = this.#options;
        return answer(response, 200, await metrics.metrics(), metrics.contentType);
      }
      if (path === '/readyz') return await answerChecks(response, this.#options.ready ?? {});
      if (path === '/livez' || path === '/healthz') return await answerChecks(response, this.#options.live ?? {});
      const question = Object.hasOwn(this.#local, path) ? this.#local[path] : undefined;
      if (question !== undefined && isFromHere(request)) {
        return answer(response, 200, JSON.stringify(question()), 'application/json');
      }
      return answer(response, 404, 'not found\n');
    } catch (thrown) {
      this.#logger.error('a health request failed', { path, error: thrown });
      return answer(response, 500, 'internal error\n');
    }
  }
}

/** Whether the caller is on this host. IPv4 callers of a socket for both families come as `::ffff:127.0.0.1`. */
function isFromHere({ socket }: IncomingMessage): boolean {
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  return address === '::1' || address.startsWith('127.');
}

async function answerChecks(response: ServerResponse, checks: Readonly<Record<string, HealthCheck>>): Promise<void> {
  const lines: string[] = [];
  let isWell = true;
  for (const [name, check] of Object.entries(checks)) {
    let passes = false;
    try {
      passes = await check();
    } catch {
      passes = false;
    }
    isWell &&= passes;
    lines.push(`[${passes ? '+' : '-'}] ${name} ${passes ? 'ok' : 'failed'}`);
  }
  answer(response, isWell ? 200 : 503, [...lines, isWell ? 'ok' : 'not ok', ''].join('\n'));
}

function answer(response: ServerResponse, code: number, body: string, contentType = 'text/plain; charset=utf-8'): void {
  response.writeHead(code, { 'content-type': contentType, 'x-content-type-options': 'nosniff' });
  response.end(body);
}
