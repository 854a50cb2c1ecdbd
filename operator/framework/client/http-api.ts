import type { IncomingMessage } from 'node:http';
import { ApiError, isStatus, REASON, reasonForCode } from '../api/api-error.ts';
import type {
  Api,
  ApplyObject,
  ApplyOptions,
  CallOptions,
  DeleteOptions,
  ListOptions,
  ListPage,
  ReplaceOptions,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from '../api/api.ts';
import type { KubernetesObject, ObjectRef } from '../api/object.ts';
import { apiVersionOf, type ResourceKind } from '../api/resource-kind.ts';
import { type Clock, sleep, systemClock } from '../clock.ts';
import { type Logger, silentLogger } from '../log.ts';
import { counter, createMetricsRegistry, type MetricsRegistry } from '../metrics.ts';
import { readBody, readLines } from './body.ts';
import type { Connection } from './connection.ts';
import { listQuery, pathOf, queryString, watchQuery, writeQuery } from './paths.ts';
import { Transport, type TransportRequest } from './transport.ts';

/** What an {@link HttpApi} can be told. */
export interface HttpApiOptions {
  /** Names the client to the server, and is the field manager where none is given. Default: `dot-kube-framework`. */
  readonly userAgent?: string;
  /** Milliseconds for a request, and for the head of a watch. Default: 30,000. */
  readonly requestTimeout?: number;
  /** How often a request is sent again when the server is too busy (429, or 503 with Retry-After). Default: 4. */
  readonly maxRetries?: number;
  /** The longest wait before that, in milliseconds; a server that asks for more gets its refusal passed on. Default: 15,000. */
  readonly maxRetryWait?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly metrics?: MetricsRegistry;
}

interface Call extends CallOptions {
  readonly method: TransportRequest['method'];
  readonly path: string;
  readonly contentType?: string;
  readonly accept?: string;
  readonly body?: unknown;
}

/** The Kubernetes API over HTTP. */
export class HttpApi implements Api {
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #options: HttpApiOptions;
  readonly #requests: { inc(labels: { code: string; method: string; host: string }): void };

  constructor(connection: Connection, options: HttpApiOptions = {}) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#logger = options.logger ?? silentLogger;
    this.#transport = new Transport(connection, this.#clock, options.userAgent ?? 'dot-kube-framework');
    this.#requests = counter(options.metrics ?? createMetricsRegistry(), {
      name: 'rest_client_requests_total',
      help: 'Requests to the API server by status code, method and host.',
      labelNames: ['code', 'method', 'host'],
    });
  }

  /** Closes all connections; watches end with an error. */
  close(): void {
    this.#transport.close();
  }

  async list<T extends KubernetesObject>(kind: ResourceKind<T>, options: ListOptions = {}): Promise<ListPage<T>> {
    const path = pathOf(kind, { ...options, name: '' }) + queryString(listQuery(options));
    const list = await this.#json<RawList<T>>({ ...signalOf(options), method: 'GET', path });
    const { resourceVersion = '', continue: token, remainingItemCount } = list.metadata;
    const apiVersion = apiVersionOf(kind);
    return {
      resourceVersion,
      // Lists of built-in kinds leave these two out of their items.
      items: (list.items ?? []).map((item) => ({ ...item, apiVersion, kind: kind.kind })),
      ...(token === undefined || token === '' ? {} : { continue: token }),
      ...(remainingItemCount === undefined ? {} : { remainingItemCount }),
    };
  }

  async *watch<T extends KubernetesObject>(
    kind: ResourceKind<T>,
    options: WatchOptions,
  ): AsyncGenerator<WatchEvent<T>> {
    const path = pathOf(kind, { ...options, name: '' }) + queryString(watchQuery(options));
    const response = await this.#open({ ...signalOf(options), method: 'GET', path }, true);
    try {
      for await (const line of readLines(response)) yield JSON.parse(line) as WatchEvent<T>;
    } catch (thrown) {
      options.signal?.throwIfAborted();
      throw ApiError.from(thrown);
    } finally {
      response.destroy();
    }
  }

  get<T extends KubernetesObject>(kind: ResourceKind<T>, ref: ObjectRef, options: CallOptions = {}): Promise<T> {
    return this.#json<T>({ ...signalOf(options), method: 'GET', path: pathOf(kind, ref) });
  }

  /** The JSON, of whatever media type, at a path that is no object's: `/openid/v1/jwks`. */
  getPath(path: string, options: CallOptions = {}): Promise<unknown> {
    return this.#json<unknown>({ ...signalOf(options), method: 'GET', path, accept: '*/*' });
  }

  create<T extends KubernetesObject>(kind: ResourceKind<T>, object: T, options: WriteOptions = {}): Promise<T> {
    const path = pathOf(kind, { ...object.metadata, name: '' }) + queryString(writeQuery(options));
    return this.#json<T>({ ...signalOf(options), method: 'POST', path, body: withoutEmptyName(object) });
  }

  createSubresource<T extends KubernetesObject>(
    kind: ResourceKind,
    ref: ObjectRef,
    subresource: string,
    body: T,
    options: CallOptions = {},
  ): Promise<T> {
    const path = pathOf(kind, ref, subresource);
    return this.#json<T>({ ...signalOf(options), method: 'POST', path, body: withoutEmptyName(body) });
  }

  replace<T extends KubernetesObject>(kind: ResourceKind<T>, object: T, options: ReplaceOptions = {}): Promise<T> {
    const path = pathOf(kind, object.metadata, options.subresource) + queryString(writeQuery(options));
    return this.#json<T>({ ...signalOf(options), method: 'PUT', path, body: object });
  }

  apply<T extends KubernetesObject>(kind: ResourceKind<T>, object: ApplyObject, options: ApplyOptions): Promise<T> {
    const query = { ...writeQuery(options), force: options.force === true ? 'true' : undefined };
    const path = pathOf(kind, object.metadata, options.subresource) + queryString(query);
    const contentType = 'application/apply-patch+yaml';
    return this.#json<T>({ ...signalOf(options), method: 'PATCH', path, contentType, body: object });
  }

  async delete(kind: ResourceKind, ref: ObjectRef, options: DeleteOptions = {}): Promise<void> {
    const { preconditions, propagationPolicy = 'Background', gracePeriodSeconds, dryRun } = options;
    const body = {
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      propagationPolicy,
      preconditions,
      gracePeriodSeconds,
      dryRun: dryRun === true ? ['All'] : undefined,
    };
    await this.#json({ ...signalOf(options), method: 'DELETE', path: pathOf(kind, ref), body });
  }

  async #json<T>(call: Call): Promise<T> {
    const response = await this.#open(call, false);
    return JSON.parse(await this.#read(response, call.signal)) as T;
  }

  async #read(response: IncomingMessage, signal: AbortSignal | undefined): Promise<string> {
    const timeout = this.#requestTimeout;
    const cancel = this.#clock.setTimeout(() => response.destroy(new Error(`no end within ${timeout} ms`)), timeout);
    try {
      return await readBody(response);
    } catch (thrown) {
      signal?.throwIfAborted();
      throw ApiError.from(thrown);
    } finally {
      cancel();
    }
  }

  /** Sends a call until it is answered with success, or with a refusal that waiting does not mend. */
  async #open(call: Call, isStream: boolean): Promise<IncomingMessage> {
    const { maxRetries = 4, maxRetryWait = 15_000 } = this.#options;
    let hasRenewed = false;
    for (let retries = 0; ; ) {
      const response = await this.#send(call, isStream);
      const code = response.statusCode ?? 0;
      if (code >= 200 && code < 300) return response;
      const error = refusal(code, await this.#read(response, call.signal), retryAfterOf(response));
      if (code === 401 && !hasRenewed) {
        hasRenewed = true;
        this.#transport.forgetCredentials();
        continue;
      }
      const isBusy = code === 429 || (code === 503 && error.retryAfter !== undefined);
      const wait = Math.max(error.retryAfter ?? 0, 100 * 2 ** retries) * (1 + 0.2 * Math.random());
      if (!isBusy || retries >= maxRetries || wait > maxRetryWait) throw error;
      retries++;
      this.#logger.debug('the API server is busy', { code, wait, path: call.path });
      await sleep(this.#clock, wait, call.signal);
    }
  }

  async #send(call: Call, isStream: boolean): Promise<IncomingMessage> {
    const { method, path, contentType, accept, body } = call;
    let code = '<error>';
    try {
      const response = await this.#transport.send({
        method,
        path,
        isStream,
        timeout: this.#requestTimeout,
        ...(contentType === undefined ? {} : { contentType }),
        ...(accept === undefined ? {} : { accept }),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...signalOf(call),
      });
      code = String(response.statusCode);
      return response;
    } finally {
      this.#requests.inc({ code, method, host: this.#transport.host });
    }
  }

  get #requestTimeout(): number {
    return this.#options.requestTimeout ?? 30_000;
  }
}

interface RawList<T> {
  readonly metadata: {
    readonly resourceVersion?: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
  readonly items?: readonly T[] | null;
}

function refusal(code: number, body: string, retryAfter: number | undefined): ApiError {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    parsed = undefined;
  }
  if (isStatus(parsed)) return ApiError.fromStatus(parsed, code, retryAfter);
  const message = body.trim() === '' ? `the server answered ${code}` : body.trim().slice(0, 500);
  const reason = code === 410 ? REASON.gone : reasonForCode(code);
  return new ApiError({ code, reason, message, ...(retryAfter === undefined ? {} : { retryAfter }) });
}

/** The `Retry-After` header in milliseconds; only the form in seconds is used by API servers. */
function retryAfterOf(response: IncomingMessage): number | undefined {
  const seconds = Number(response.headers['retry-after'] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

/** The server refuses an empty name, and takes a missing one for "generate it" or "nothing is stored". */
function withoutEmptyName(object: KubernetesObject): unknown {
  if (object.metadata.name !== '') return object;
  const { name: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function signalOf({ signal }: CallOptions): CallOptions {
  return signal === undefined ? {} : { signal };
}
