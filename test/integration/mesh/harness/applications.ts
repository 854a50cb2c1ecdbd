import { createServer as createHttp2Server } from 'node:http2';
import type { ServerResponse } from 'node:http';
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

/** Says what it hears. */
export function serveEcho(pod: NetworkPod, port: number): Promise<void> {
  return pod.serveTcp(port, (socket) => {
    socket.on('error', () => {});
    socket.pipe(socket);
  });
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
