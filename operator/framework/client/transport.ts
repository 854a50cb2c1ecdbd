import { createHash } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { createSecureContext } from 'node:tls';
import { ApiError, REASON } from '../api/api-error.ts';
import type { Clock } from '../clock.ts';
import type { Connection, Credentials } from './connection.ts';

/** One HTTP request to the API server. */
export interface TransportRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** The path with the query. */
  readonly path: string;
  readonly contentType?: string;
  /** Default: `application/json`. */
  readonly accept?: string;
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** Milliseconds to the head of the response. */
  readonly timeout: number;
  /** Whether the response goes on for long: it then gets a connection that no other request has to wait for. */
  readonly isStream: boolean;
}

interface Agents {
  /** The hash of the TLS material that they were made with. */
  readonly id: string;
  readonly requests: http.Agent;
  readonly streams: http.Agent;
}

/** How old credentials may be before they are read again, in milliseconds. */
const CREDENTIALS_AGE = 30_000;
/** Connections for requests that end; more of them wait. */
const MAX_CONNECTIONS = 32;
/** How often a request is sent at most when the server closes kept connections under it. */
const MAX_ATTEMPTS = 3;
/** Silence after which TCP asks the other side whether it is still there, in milliseconds. */
const TCP_KEEP_ALIVE = 15_000;

/** HTTP to one API server over connections that are kept open, with credentials that are kept fresh. */
export class Transport {
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #server: URL;
  readonly #userAgent: string;
  #credentials: { readonly value: Credentials; readonly readAt: number } | undefined;
  #agents: Agents | undefined;

  constructor(connection: Connection, clock: Clock, userAgent: string) {
    this.#connection = connection;
    this.#clock = clock;
    this.#server = new URL(connection.server);
    this.#userAgent = userAgent;
  }

  get host(): string {
    return this.#server.host;
  }

  /** Sends a request; resolves with the head of the response. Rejects with an ApiError, or with the signal's reason. */
  async send(request: TransportRequest): Promise<http.IncomingMessage> {
    const credentials = await this.#currentCredentials();
    request.signal?.throwIfAborted();
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#exchange(request, credentials, this.#agentsFor(credentials));
      } catch (thrown) {
        request.signal?.throwIfAborted();
        if (thrown instanceof StaleConnection && attempt < MAX_ATTEMPTS) continue;
        throw unreachable(this.#server, thrown instanceof StaleConnection ? thrown.cause : thrown);
      }
    }
  }

  /** Reads the credentials again before the next request, as after a 401. */
  forgetCredentials(): void {
    this.#credentials = undefined;
  }

  /** Closes all connections. */
  close(): void {
    this.#agents?.requests.destroy();
    this.#agents?.streams.destroy();
  }

  #exchange(request: TransportRequest, credentials: Credentials, agents: Agents): Promise<http.IncomingMessage> {
    const { method, path, contentType, body, signal } = request;
    const isTls = this.#server.protocol === 'https:';
    return new Promise((resolve, reject) => {
      const message = (isTls ? https : http).request({
        method,
        host: this.#server.hostname.replace(/^\[|\]$/g, ''),
        port: this.#server.port === '' ? (isTls ? 443 : 80) : this.#server.port,
        path: this.#server.pathname.replace(/\/$/, '') + path,
        agent: request.isStream ? agents.streams : agents.requests,
        headers: {
          accept: request.accept ?? 'application/json',
          'user-agent': this.#userAgent,
          ...credentials.headers,
          ...(body === undefined
            ? {}
            : { 'content-type': contentType ?? 'application/json', 'content-length': Buffer.byteLength(body) }),
        },
      });
      const abort = (): void => void message.destroy(signal?.reason as Error);
      const cancel = this.#clock.setTimeout(() => message.destroy(timedOut(request)), request.timeout);
      signal?.addEventListener('abort', abort, { once: true });
      message.on('response', (response) => {
        cancel();
        response.once('close', () => signal?.removeEventListener('abort', abort));
        resolve(response);
      });
      message.on('error', (error) => {
        cancel();
        signal?.removeEventListener('abort', abort);
        reject(mayRepeat(message, method, error) ? new StaleConnection(error) : error);
      });
      message.end(body);
    });
  }

  async #currentCredentials(): Promise<Credentials> {
    const now = this.#clock.monotonic();
    if (this.#credentials === undefined || now - this.#credentials.readAt > CREDENTIALS_AGE) {
      this.#credentials = { value: await this.#connection.credentials(), readAt: now };
    }
    return this.#credentials.value;
  }

  #agentsFor({ tls }: Credentials): Agents {
    const id = createHash('sha256').update(JSON.stringify(tls)).digest('hex');
    if (this.#agents?.id === id) return this.#agents;
    const options = { keepAlive: true, keepAliveMsecs: TCP_KEEP_ALIVE, scheduling: 'lifo' as const };
    const { ca, cert, key, ...peer } = tls;
    // Made once: each connection would read the certificates and the key again, and a crowd of proxies makes many at the same time.
    const secureContext = this.#server.protocol === 'https:' ? createSecureContext({ ca, cert, key }) : undefined;
    if (this.#agents !== undefined) retire(this.#agents.requests);
    if (this.#agents !== undefined) retire(this.#agents.streams);
    const agent = (maxSockets: number): http.Agent => {
      return secureContext === undefined
        ? new http.Agent({ ...options, maxSockets })
        : new https.Agent({ ...options, ...peer, secureContext, maxSockets });
    };
    this.#agents = { id, requests: agent(MAX_CONNECTIONS), streams: agent(Number.POSITIVE_INFINITY) };
    return this.#agents;
  }
}

/** Closes the connections that carry nothing, and lets the others end with what they carry. */
function retire(agent: http.Agent): void {
  agent.maxFreeSockets = 0;
  for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
}

/** The server closed a kept connection just as it was used again: the same request on a new one is safe. */
class StaleConnection extends Error {
  constructor(cause: Error) {
    super(cause.message, { cause });
    this.name = 'StaleConnection';
  }
}

function unreachable(server: URL, thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  // An error of several connection attempts has a code but no message.
  const why = error.message === '' && 'code' in error ? String(error.code) : error.message;
  const message = `cannot reach ${server.origin}: ${why}`;
  return new ApiError({ code: 0, reason: REASON.unreachable, message, cause: thrown });
}

function mayRepeat(message: http.ClientRequest, method: string, error: Error): boolean {
  const code = 'code' in error ? error.code : undefined;
  return message.reusedSocket && method !== 'POST' && (code === 'ECONNRESET' || code === 'EPIPE');
}

function timedOut(request: TransportRequest): ApiError {
  const message = `no answer to ${request.method} ${request.path} within ${request.timeout} ms`;
  return new ApiError({ code: 0, reason: 'Timeout', message });
}
