import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { parse } from 'yaml';
import type { Api } from '../../../operator/framework/api/api.ts';
import { ApiError, type KubernetesObject, type ResourceKind } from '../../../operator/framework/index.ts';
import { expiredError } from '../../../operator/framework/memory/memory-watch.ts';
import { type Disturbance, NO_DISTURBANCE, type RequestFault } from './disturbance.ts';
import { listOptionsOf, type Route, routeOf, selectionOf } from './routes.ts';
import { WatchResponse } from './watch-response.ts';

/** Serves an API over HTTP on loopback as kube-apiserver does, but for what its disturbance makes of it. */
export class FakeApiServer implements AsyncDisposable {
  disturbance: Disturbance = NO_DISTURBANCE;
  /** How many lists were begun, by resource. */
  readonly lists = new Map<string, number>();
  /** How often it was truly so that a version or a page was too old. */
  expired = 0;
  readonly #api: Api;
  readonly #kinds: readonly ResourceKind[];
  readonly #server: Server;
  readonly #dead = new WeakSet<Socket>();

  private constructor(api: Api, kinds: readonly ResourceKind[]) {
    this.#api = api;
    this.#kinds = kinds;
    this.#server = createServer((request, response) => {
      response.on('error', () => {});
      void this.#serve(request, response);
    });
  }

  /** Starts on a free port of 127.0.0.1. */
  static async start(api: Api, kinds: readonly ResourceKind[]): Promise<FakeApiServer> {
    const server = new FakeApiServer(api, kinds);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#dead.has(request.socket)) return;
    try {
      const route = routeOf(request.url ?? '/', this.#kinds);
      if (route === undefined) throw new ApiError({ code: 404, reason: 'NotFound', message: `no ${request.url}` });
      if (request.method === 'GET' && route.name === '') return await this.#all(route, request, response);
      answer(response, request.method === 'POST' ? 201 : 200, await this.#call(request, route));
    } catch (thrown) {
      if (ApiError.from(thrown).code === 410) this.expired++;
      if (response.headersSent) request.socket.destroy();
      else fail(response, ApiError.from(thrown));
    }
  }

  async #all(route: Route, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const resource = route.kind.plural;
    const verb = route.query.get('watch') === 'true' ? 'watch' : 'list';
    const isContinued = route.query.has('continue');
    if (verb === 'list' && !isContinued) this.lists.set(resource, (this.lists.get(resource) ?? 0) + 1);
    const fault = this.disturbance.request({ resource, verb, isContinued });
    if (fault?.kind === 'close') request.socket.destroy();
    else if (fault?.kind === 'half-open') this.#dead.add(request.socket);
    else if (fault?.kind === 'refuse') refuse(response, fault);
    else if (fault?.kind === 'expired-page')
      fail(response, expiredError('The provided continue parameter is too old.'));
    else if (verb === 'watch') await this.#watch(route, request, response);
    else await this.#list(route, response, fault);
  }

  async #call(request: IncomingMessage, { kind, namespace, name, subresource, query }: Route): Promise<unknown> {
    const reference = namespace === '' ? { name } : { namespace, name };
    const fieldManager = query.get('fieldManager') ?? 'unknown';
    const door = subresource === 'status' ? ({ subresource } as const) : {};
    if (request.method === 'GET') return this.#api.get(kind, reference);
    if (request.method === 'DELETE')
      return this.#api.delete(kind, reference).then(() => ({ kind: 'Status', status: 'Success' }));
    const body = parse(await text(request)) as KubernetesObject;
    if (request.method === 'PUT') return this.#api.replace(kind, body, { fieldManager, ...door });
    if (request.method === 'PATCH')
      return this.#api.apply(kind, body, {
        fieldManager,
        force: query.get('force') === 'true',
        ...door,
      });
    if (subresource !== '') return this.#api.createSubresource(kind, reference, subresource, body);
    const metadata = { ...body.metadata, name: body.metadata?.name ?? '' };
    return this.#api.create(kind, { ...body, metadata }, { fieldManager });
  }

  async #list(route: Route, response: ServerResponse, fault: RequestFault | undefined): Promise<void> {
    const page = await this.#api.list(route.kind, listOptionsOf(route));
    const isEmpty = fault?.kind === 'empty';
    const token = page.continue === undefined || isEmpty ? {} : { continue: page.continue };
    const metadata = { resourceVersion: page.resourceVersion, ...token };
    const list = { kind: 'List', apiVersion: 'v1', metadata, items: isEmpty ? [] : page.items };
    if (fault?.kind !== 'cut-body' && fault?.kind !== 'truncated-body') return answer(response, 200, list);
    const body = JSON.stringify(list);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write(body.slice(0, body.length / 2));
    if (fault.kind === 'truncated-body') response.end();
    else setImmediate(() => response.socket?.destroy());
  }

  async #watch({ kind, namespace, query }: Route, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    // Of the response: the connection is used again after a watch that has ended.
    response.once('close', () => gone.abort());
    if (request.socket.destroyed) gone.abort();
    const events = this.#api.watch(kind, {
      ...selectionOf(namespace, query),
      resourceVersion: query.get('resourceVersion') ?? '',
      allowWatchBookmarks: query.get('allowWatchBookmarks') === 'true',
      timeoutSeconds: Number(query.get('timeoutSeconds') ?? '600'),
      signal: gone.signal,
    });
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    const written = new WatchResponse(response, kind.plural, () => this.disturbance);
    for await (const event of events) {
      if (event.type === 'ERROR') this.expired++;
      // A stalled one stays open.
      if (!written.write(event)) return;
    }
    response.end();
  }
}

function refuse(response: ServerResponse, fault: Extract<RequestFault, { kind: 'refuse' }>): void {
  const { code, retryAfterSeconds } = fault;
  if (retryAfterSeconds !== undefined) response.setHeader('retry-after', String(retryAfterSeconds));
  fail(response, new ApiError({ code, reason: code === 410 ? 'Expired' : 'Injected', message: 'injected' }));
}

function fail(response: ServerResponse, error: ApiError): void {
  answer(response, error.code === 0 ? 500 : error.code, error.toStatus());
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
