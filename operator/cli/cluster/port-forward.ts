import http from 'node:http';
import https from 'node:https';
import { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import { ApiError, REASON } from '../../framework/api/api-error.ts';
import { readBody } from '../../framework/client/body.ts';
import type { Connection } from '../../framework/client/index.ts';
import type { ObjectRef } from '../../framework/api/object.ts';
import { refusalOf } from './cluster.ts';
import { binaryFrame, handshake, MessageReader } from './web-socket.ts';

/**
 * The protocol that API servers hand on to kubelets, which speak it with the container runtime: every message begins with the
 * number of a channel, 0 for data and 1 for errors, and the first one of each channel has the port.
 */
const PROTOCOL = 'v4.channel.k8s.io';
const CHANNEL = { data: 0, error: 1 } as const;
const TIMEOUT_MS = 15_000;

/**
 * A connection to a port of a pod, as `kubectl port-forward` makes it: the kubelet connects to the pod's own loopback, so that
 * no NetworkPolicy has a say, and what listens there alone is reached. Needs `get` and `create` of `pods/portforward`. Rejects
 * with an ApiError.
 */
export async function portForward(connection: Connection, pod: Required<ObjectRef>, port: number): Promise<Duplex> {
  const { headers, tls } = await connection.credentials();
  const server = new URL(connection.server);
  const isTls = server.protocol === 'https:';
  const { accept, headers: upgrade } = handshake([PROTOCOL]);
  const [namespace, name] = [pod.namespace, pod.name].map(encodeURIComponent);
  const request = (isTls ? https : http).request({
    method: 'GET',
    host: server.hostname.replace(/^\[|\]$/g, ''),
    port: server.port === '' ? (isTls ? 443 : 80) : server.port,
    path: `${server.pathname.replace(/\/$/, '')}/api/v1/namespaces/${namespace}/pods/${name}/portforward?ports=${port}`,
    headers: { 'user-agent': 'dotkube', ...headers, ...upgrade },
    agent: false,
    timeout: TIMEOUT_MS,
    ...tls,
  });
  return await new Promise((resolve, reject) => {
    request.once('upgrade', (response, socket: Socket, head) => {
      if (response.headers['sec-websocket-accept'] === accept) resolve(forwarded(socket, head));
      else reject(failure('the API server answers no WebSocket'));
    });
    request.once('response', (response) => {
      readBody(response).then((body) => reject(refusalOf(response.statusCode ?? 0, body)), reject);
    });
    request.once('timeout', () => request.destroy(failure(`no answer within ${TIMEOUT_MS} ms`)));
    request.once('error', (error) =>
      reject(error instanceof ApiError ? error : failure(`cannot reach ${server.origin}: ${error.message}`)),
    );
    request.end();
  });
}

/** The data channel of the WebSocket as a stream. */
function forwarded(socket: Socket, head: Buffer): Duplex {
  socket.setTimeout(0);
  socket.pause();
  const seen = new Set<number>();
  let isRead = false;
  const stream = new Duplex({
    // Before somebody reads, nobody would hear of an error.
    read: () => (isRead ? void socket.resume() : begin()),
    write: (chunk: Buffer, _encoding, done) =>
      void socket.write(binaryFrame(Buffer.concat([Buffer.of(CHANNEL.data), chunk])), done),
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  const end = (): void => void stream.push(null);
  const reader = new MessageReader(
    socket,
    (message) => {
      const channel = message[0] ?? CHANNEL.data;
      if (!seen.has(channel)) return void seen.add(channel);
      const payload = message.subarray(1);
      if (channel === CHANNEL.error && payload.length > 0) stream.destroy(failure(payload.toString('utf8').trim()));
      else if (channel === CHANNEL.data && payload.length > 0 && !stream.push(payload)) socket.pause();
    },
    end,
  );
  const take = (bytes: Buffer): void => {
    try {
      reader.take(bytes);
    } catch (cause) {
      stream.destroy(cause instanceof Error ? cause : new Error(String(cause)));
    }
  };
  const begin = (): void => {
    isRead = true;
    socket.on('data', take);
    socket.once('end', end);
    if (head.length > 0) take(head);
    socket.resume();
  };
  socket.once('error', (error) => stream.destroy(error));
  return stream;
}

function failure(message: string): ApiError {
  return new ApiError({ code: 0, reason: REASON.unreachable, message });
}
