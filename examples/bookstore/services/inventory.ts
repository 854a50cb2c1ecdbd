// inventory: how many copies are in stock, over gRPC (bookstore.v1.Inventory/Check, and grpc.health.v1 for probes).
import { createServer, type IncomingHttpHeaders, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { applyFaults } from './shared/faults.ts';
import { bodyOf, frame, GRPC, unframe } from './shared/grpc.ts';
import { administer } from './shared/http-service.ts';
import { CHECK_PATH, decodeCheckRequest, encodeCheckResponse } from './shared/inventory-messages.ts';
import { peerIdentity } from './shared/peer.ts';
import { listenAddress, report, selfOf } from './shared/settings.ts';
import { onShutdown } from './shared/shutdown.ts';

const self = selfOf('inventory');
const HEALTH_PATH = '/grpc.health.v1.Health/Check';
const SERVING = Buffer.from([8, 1]);
const copies = new Map([
  ['1', 12],
  ['2', 3],
  ['3', 0],
  ['4', 41],
  ['5', 7],
]);

async function check(request: Buffer, headers: IncomingHttpHeaders): Promise<Buffer | number> {
  if ((await applyFaults()) !== undefined) return GRPC.unavailable;
  const { book } = decodeCheckRequest(unframe(request));
  const peer = peerIdentity(headers['x-forwarded-client-cert']) ?? '';
  return encodeCheckResponse({ copies: copies.get(book) ?? 0, version: self.version, pod: self.pod, peer });
}

function respond(stream: ServerHttp2Stream, answer: Buffer | number): void {
  const headers = { ':status': 200, 'content-type': 'application/grpc', 'x-served-by': self.pod };
  if (typeof answer === 'number') {
    stream.respond({ ...headers, 'grpc-status': String(answer) }, { endStream: true });
    return;
  }
  stream.respond(headers, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': String(GRPC.ok) }));
  stream.end(frame(answer));
}

async function serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
  const url = new URL(headers[':path'] ?? '/', 'http://localhost');
  if (url.pathname === '/admin/faults') {
    const { status, body } = administer(headers[':method'] ?? 'GET', url.searchParams);
    stream.respond({ ':status': status, 'content-type': 'application/json' });
    stream.end(`${JSON.stringify(body)}\n`);
    return;
  }
  const request = await bodyOf(stream);
  if (url.pathname === HEALTH_PATH) return respond(stream, SERVING);
  if (url.pathname !== CHECK_PATH) return respond(stream, GRPC.unimplemented);
  respond(stream, await check(request, headers).catch(() => GRPC.invalidArgument));
}

const sessions = new Set<ServerHttp2Session>();
const server = createServer();
server.on('session', (session) => {
  sessions.add(session);
  session.once('close', () => sessions.delete(session));
});
server.on('stream', (stream, headers) => {
  // A caller that has gone away takes its stream along.
  stream.on('error', () => undefined);
  serve(stream, headers).catch(() => stream.close());
});
const { host, port } = listenAddress(9090);
server.listen(port, host, () => {
  report({ listening: { ...self, host, port: (server.address() as AddressInfo).port } });
});
onShutdown(
  () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const session of sessions) session.close();
    }),
);
