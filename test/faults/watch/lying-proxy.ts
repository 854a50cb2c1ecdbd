import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import {
  createServer,
  type IncomingMessage,
  request as httpRequest,
  type Server,
  type ServerResponse,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Connection, kubeconfigConnection } from '../../../operator/framework/index.ts';

/**
 * Stands before a real API server, as whoever the kubeconfig is of, and says what is true until it is told to lie: then lists of some
 * kinds come empty, with 200.
 */
export class LyingProxy implements AsyncDisposable {
  /** Plurals of the kinds that are said to have no objects. */
  readonly lies = new Set<string>();
  /** How many lists came empty. */
  lied = 0;
  readonly #connection: Connection;
  readonly #server: Server;
  readonly #watches = new Map<ServerResponse, string>();

  private constructor(connection: Connection) {
    this.#connection = connection;
    this.#server = createServer(
      (request, response) => void this.#pass(request, response).catch(() => response.destroy()),
    );
  }

  /** Starts on a free port of 127.0.0.1 before the API server of a kubeconfig. */
  static async before(kubeconfig: string): Promise<LyingProxy> {
    const proxy = new LyingProxy(await kubeconfigConnection({ path: kubeconfig }));
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  /** Writes a kubeconfig that leads here. */
  async writeKubeconfig(path: string): Promise<void> {
    const server = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'x', cluster: { server } }],
      users: [{ name: 'x', user: {} }],
      contexts: [{ name: 'x', context: { cluster: 'x', user: 'x' } }],
      'current-context': 'x',
    };
    await writeFile(path, JSON.stringify(config));
  }

  /** Ends the watches of the kinds that it lies about as if their versions were too old; they are then listed. */
  expire(): void {
    const status = {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      code: 410,
      reason: 'Expired',
      message: 'too old',
    };
    for (const [response, plural] of this.#watches) {
      if (this.lies.has(plural)) response.end(`${JSON.stringify({ type: 'ERROR', object: status })}\n`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://server');
    const plural = url.pathname.split('/').at(-1) ?? '';
    const isWatch = url.searchParams.get('watch') === 'true';
    const answer = await this.#send(request);
    const { 'content-length': _, 'transfer-encoding': __, ...headers } = answer.headers;
    if (isWatch) {
      this.#watches.set(response, plural);
      response.once('close', () => {
        this.#watches.delete(response);
        answer.destroy();
      });
      response.writeHead(answer.statusCode ?? 500, headers);
      response.flushHeaders();
      answer.on('error', () => response.destroy());
      answer.pipe(response);
      return;
    }
    const body = await text(answer);
    response.writeHead(answer.statusCode ?? 500, headers);
    response.end(request.method === 'GET' && this.lies.has(plural) ? this.#emptied(body) : body);
  }

  async #send(request: IncomingMessage): Promise<IncomingMessage> {
    const { headers, tls } = await this.#connection.credentials();
    const url = new URL(request.url ?? '/', this.#connection.server);
    const { host: _, ...sent } = request.headers;
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const outgoing = send(url, { ...tls, method: request.method ?? 'GET', headers: { ...sent, ...headers } });
    request.pipe(outgoing);
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    return answer;
  }

  #emptied(body: string): string {
    const list = JSON.parse(body) as {
      readonly items?: readonly unknown[];
      readonly metadata: { readonly resourceVersion: string };
    };
    if (list.items === undefined) return body;
    this.lied++;
    return JSON.stringify({ ...list, metadata: { resourceVersion: list.metadata.resourceVersion }, items: [] });
  }
}
