import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiError } from '../api/api-error.ts';
import type { Api, ListOptions, ListPage, WatchEvent } from '../api/api.ts';
import type { ResourceKind } from '../api/resource-kind.ts';
import { expiredError } from '../memory/memory-watch.ts';

/** What can go wrong with a request; `random` decides when. Probabilities are of a request, or of an event of a watch. */
export interface Faults {
  /** A number in [0, 1). */
  readonly random: () => number;
  /** An answer with this status instead of the right one: 410, 429, 500, 503. */
  readonly refuse: number;
  /** The connection is closed, before or within the answer. */
  readonly disconnect: number;
  /** No answer, or no more of it, though the connection stays. */
  readonly stall: number;
  /** A list that is empty though there are objects; never two in a row. */
  readonly emptyList: number;
  /** An `ERROR` event with 410. */
  readonly expire: number;
  /** An event twice. */
  readonly duplicate: number;
  /** Two events in the wrong order. */
  readonly reorder: number;
}

/** No faults. */
export const NO_FAULTS: Faults = {
  random: () => 1,
  refuse: 0,
  disconnect: 0,
  stall: 0,
  emptyList: 0,
  expire: 0,
  duplicate: 0,
  reorder: 0,
};

const REFUSALS = [410, 429, 500, 503] as const;

/** Serves lists and watches of one kind of an API over real HTTP, badly. */
export class FaultServer {
  /** What goes wrong from now on. */
  faults: Faults = NO_FAULTS;
  /** How often each fault has happened. */
  readonly happened = new Map<string, number>();
  readonly #api: Api;
  readonly #kind: ResourceKind;
  readonly #server: Server;
  #wasEmpty = false;

  constructor(api: Api, kind: ResourceKind) {
    this.#api = api;
    this.#kind = kind;
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  /** Starts on a free port of 127.0.0.1; resolves with the URL. */
  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #hits(name: Exclude<keyof Faults, 'random'>): boolean {
    if (this.faults.random() >= this.faults[name]) return false;
    this.happened.set(name, (this.happened.get(name) ?? 0) + 1);
    return true;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const query = new URL(request.url ?? '/', 'http://server').searchParams;
    if (this.#hits('disconnect')) return void request.socket.destroy();
    if (this.#hits('stall')) return;
    if (this.#hits('refuse')) return this.#refuse(response);
    try {
      if (query.get('watch') === 'true') await this.#watch(query, request, response);
      else await this.#list(query, response);
    } catch (thrown) {
      if (response.headersSent) return void request.socket.destroy();
      answer(response, ApiError.from(thrown));
    }
  }

  #refuse(response: ServerResponse): void {
    const code = REFUSALS[Math.floor(this.faults.random() * REFUSALS.length)] ?? 500;
    if (code === 429) response.setHeader('retry-after', '0');
    answer(response, new ApiError({ code, reason: code === 410 ? 'Expired' : 'Injected', message: 'injected' }));
  }

  async #list(query: URLSearchParams, response: ServerResponse): Promise<void> {
    const page: ListPage = await this.#api.list(this.#kind, listOptions(query));
    const { resourceVersion, items, continue: token } = page;
    const lies = items.length > 0 && !this.#wasEmpty && !query.has('continue') && this.#hits('emptyList');
    this.#wasEmpty = lies;
    const metadata = { resourceVersion, ...(token === undefined || lies ? {} : { continue: token }) };
    const body = JSON.stringify({ kind: 'List', apiVersion: 'v1', metadata, items: lies ? [] : items });
    response.writeHead(200, { 'content-type': 'application/json' });
    if (!this.#hits('disconnect')) return void response.end(body);
    response.write(body.slice(0, body.length / 2));
    setImmediate(() => response.socket?.destroy());
  }

  async #watch(query: URLSearchParams, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    request.socket.once('close', () => gone.abort());
    const events = this.#api.watch(this.#kind, {
      resourceVersion: query.get('resourceVersion') ?? '',
      allowWatchBookmarks: query.get('allowWatchBookmarks') === 'true',
      timeoutSeconds: Number(query.get('timeoutSeconds') ?? '60'),
      signal: gone.signal,
    });
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    let held: WatchEvent | undefined;
    for await (const event of events) {
      if (this.#hits('stall')) return;
      if (this.#hits('disconnect')) return breakOff(response, event);
      if (this.#hits('expire')) return void response.end(lineOf({ type: 'ERROR', object: expiredError().toStatus() }));
      if (held === undefined && this.#hits('reorder')) {
        held = event;
        continue;
      }
      const burst = [event, ...(held === undefined ? [] : [held]), ...(this.#hits('duplicate') ? [event] : [])];
      held = undefined;
      response.write(burst.map(lineOf).join(''));
    }
    response.end();
  }
}

function listOptions(query: URLSearchParams): ListOptions {
  const limit = query.get('limit');
  const token = query.get('continue');
  const resourceVersion = query.get('resourceVersion');
  return {
    ...(limit === null ? {} : { limit: Number(limit) }),
    ...(token === null ? {} : { continue: token }),
    ...(resourceVersion === null ? {} : { resourceVersion, resourceVersionMatch: 'NotOlderThan' as const }),
  };
}

/** Ends the connection within an event. */
function breakOff(response: ServerResponse, event: WatchEvent): void {
  const line = lineOf(event);
  response.write(line.slice(0, line.length / 2));
  setImmediate(() => response.socket?.destroy());
}

function lineOf(event: WatchEvent): string {
  return `${JSON.stringify(event)}\n`;
}

function answer(response: ServerResponse, error: ApiError): void {
  response.writeHead(error.code === 0 ? 500 : error.code, { 'content-type': 'application/json' });
  response.end(JSON.stringify(error.toStatus()));
}
