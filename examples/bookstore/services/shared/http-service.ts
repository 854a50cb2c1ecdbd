import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { applyFaults, changeFaults, currentFaults } from './faults.ts';
import { peerIdentity } from './peer.ts';
import { listenAddress, report, type Self } from './settings.ts';
import { onShutdown } from './shutdown.ts';

/** A request, as a handler sees it. */
export interface Call {
  readonly method: string;
  /** Segments of the path. */
  readonly path: readonly string[];
  /** SPIFFE ID of the caller. */
  readonly peer: string | null;
  /** The body as JSON. */
  body(): Promise<unknown>;
}

/** What a handler answers; every body also gets who `served` it. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Answers one request. */
export type Handler = (call: Call) => Answer | Promise<Answer>;

/** The answer to a path that is not there. */
export const notFound: Answer = { status: 404, body: { error: 'not found' } };

/**
 * Serves HTTP/1.1 until SIGTERM. `GET /health` says ok, faults or not; `GET /admin/faults` shows the faults and
 * `POST /admin/faults?failRate=0.5` changes them.
 */
export function serveHttp(self: Self, handle: Handler): void {
  const server = createServer((request, response) => {
    void answer(self, handle, request, response);
  });
  const { host, port } = listenAddress(8080);
  server.listen(port, host, () => {
    report({ listening: { ...self, host, port: (server.address() as AddressInfo).port } });
  });
  onShutdown(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  );
}

async function answer(self: Self, handle: Handler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const peer = peerIdentity(request.headers['x-forwarded-client-cert']);
  const { status, body } = await answerTo(handle, request, peer).catch((error: unknown) => ({
    status: 500,
    body: { error: String(error) },
  }));
  response.writeHead(status, {
    'content-type': 'application/json',
    'x-service-version': self.version,
    'x-served-by': self.pod,
    ...(peer === null ? {} : { 'x-peer-identity': peer }),
  });
  response.end(`${JSON.stringify({ ...body, served: { ...self, peer } })}\n`);
}

async function answerTo(handle: Handler, request: IncomingMessage, peer: string | null): Promise<Answer> {
  const method = request.method ?? 'GET';
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (url.pathname === '/health') return { status: 200, body: { health: 'ok' } };
  if (url.pathname === '/admin/faults') return administer(method, url.searchParams);
  const failure = await applyFaults();
  if (failure !== undefined) return { status: failure, body: { error: 'failed on purpose' } };
  const path = url.pathname.split('/').filter((segment) => segment !== '');
  return await handle({ method, path, peer, body: () => json(request) });
}

/** `/admin/faults`, for HTTP/1.1 and HTTP/2. */
export function administer(method: string, query: URLSearchParams): Answer {
  if (method !== 'GET' && method !== 'POST') return { status: 405, body: { error: 'GET or POST' } };
  const problem = method === 'POST' ? changeFaults(query) : undefined;
  if (problem !== undefined) return { status: 400, body: { error: problem } };
  return { status: 200, body: { faults: currentFaults() } };
}
