import { createServer as createHttp2Server } from 'node:http2';
import { createServer as createHttpServer, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { NetworkPod } from '../../harness/index.ts';
import { BEAT_MS } from './long-stream.ts';

/** Answers every request at once. */
export function serveHttp1(pod: NetworkPod, port: number, host?: string): Promise<void> {
  return pod.serveHttp(port, ({ headers }, response) => void response.end(JSON.stringify(headers)), host);
}

/** The same over HTTP/2 with prior knowledge. */
export function serveHttp2(pod: NetworkPod, port: number): Promise<void> {
  const server = createHttp2Server((_request, response) => void response.end('ok'));
  return pod.serveTcp(port, (socket) => void server.emit('connection', socket));
}

/** gRPC that says what it hears, message by message, and ends well. */
export function serveGrpc(pod: NetworkPod, port: number): Promise<void> {
  const server = createHttp2Server();
  server.on('stream', (stream) => {
    stream.on('error', () => {});
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.pipe(stream);
  });
  return pod.serveTcp(port, (socket) => void server.emit('connection', socket));
}

/** Takes any upgrade, and says what it hears from then on. */
export function serveWebSocket(pod: NetworkPod, port: number): Promise<void> {
  const server = createHttpServer();
  server.on('upgrade', (_request, socket) => {
    socket.on('error', () => {});
    socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n');
    socket.pipe(socket);
  });
  return pod.serveTcp(port, (socket) => void server.emit('connection', socket));
}

/** Says what it hears. */
export function serveEcho(pod: NetworkPod, port: number, host?: string): Promise<void> {
  return pod.serveTcp(
    port,
    (socket) => {
      socket.on('error', () => {});
      socket.pipe(socket);
    },
    host,
  );
}

/** Begins an answer and never ends it. */
export function serveHttpStream(pod: NetworkPod, port: number): Promise<void> {
  return pod.serveHttp(port, (_request, response) => {
    response.flushHeaders();
    beat(response);
  });
}

/** Speaks first, and goes on. */
export function serveTcpStream(pod: NetworkPod, port: number): Promise<void> {
  return pod.serveTcp(port, (socket) => {
    socket.on('error', () => {});
    beat(socket);
  });
}

function beat(to: Socket | ServerResponse): void {
  const timer = setInterval(() => void to.write('.'), BEAT_MS);
  to.once('close', () => clearInterval(timer));
}
