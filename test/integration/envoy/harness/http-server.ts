import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo, Server as NetServer, Socket } from 'node:net';
import { loopbackAddress } from './loopback.ts';

/** A request as an application sees it. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly delayMs?: number;
  /** Answers when this has resolved. */
  readonly when?: Promise<unknown>;
  /** Ends the connection instead of answering. */
  readonly reset?: true;
}

/** An application of a few lines. */
export interface TestServer extends AsyncDisposable {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** How many requests it got, answered or not. */
  requests: number;
  /** Requests that are under way, and the most there ever were. */
  active: number;
  mostActive: number;
  /** Connections that were made to it. */
  connections: number;
  readonly last: ReceivedRequest | undefined;
  /** May be set at any time. Default: 200 with the request as JSON. */
  respond: (request: ReceivedRequest) => Reply;
}

export interface TestServerOptions {
  readonly name?: string;
  /** Default: an address of its own. */
  readonly address?: string;
  /** Default: 8080; 0 is any that is free. */
  readonly port?: number;
  readonly http2?: boolean;
  readonly respond?: (request: ReceivedRequest) => Reply;
}

/** Starts an HTTP server; its name is in the header `x-server` of each answer. */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { name = 'server', address = loopbackAddress() } = options;
  let last: ReceivedRequest | undefined;
  const sockets = new Set<Socket>();
  const server: NetServer = options.http2 ? createHttp2Server() : createServer({ keepAliveTimeout: 60_000 });
  const self: TestServer = {
    name,
    address,
    get port() {
      return (server.address() as AddressInfo).port;
    },
    requests: 0,
    active: 0,
    mostActive: 0,
    connections: 0,
    get last() {
      return last;
    },
    respond: options.respond ?? ((request) => ({ body: JSON.stringify(request) })),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
  server.on('connection', (socket: Socket) => {
    self.connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  // HTTP/1 and HTTP/2 servers emit the same requests.
  (server as Server).on('request', (request, response) => {
    self.requests += 1;
    self.active += 1;
    self.mostActive = Math.max(self.mostActive, self.active);
    response.once('close', () => {
      self.active -= 1;
    });
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      last = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
      const reply = self.respond(last);
      const answer = () => {
        if (reply.reset) {
          request.socket.destroy();
          return;
        }
        response.writeHead(reply.status ?? 200, { 'x-server': name, ...reply.headers });
        response.end(reply.body ?? '');
      };
      if (reply.when !== undefined) void reply.when.then(answer);
      else if (reply.delayMs) setTimeout(answer, reply.delayMs).unref();
      else answer();
    });
  });
  await listen(server, address, options.port ?? 8080);
  return self;
}

/** Several alike: `reviews-0`, `reviews-1`, … */
export function startServers(
  count: number,
  name: string,
  options: TestServerOptions = {},
): Promise<readonly TestServer[]> {
  return Promise.all(
    Array.from({ length: count }, (_, index) => startServer({ ...options, name: `${name}-${index}` })),
  );
}

/** Resolves when the server takes connections. */
export async function listen(server: NetServer, address: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, resolve);
  });
}
