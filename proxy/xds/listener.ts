import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type ServerHttp2Session,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { Clock } from './clock.ts';
import type { Limits } from './limits.ts';

/** A certificate for the server, in PEM. */
export interface ServerCertificate {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
}

/** Where a server is reached. */
export interface ListenAddress {
  /** 0: any that is free. */
  readonly port: number;
  /** Default: all addresses; for plaintext `127.0.0.1`. */
  readonly host?: string;
}

/** Whether a host is this machine and nobody else can reach it. */
export function isLoopback(host: string): boolean {
  return host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** An HTTP/2 server that only speaks TLS. */
export function secureServer(certificate: ServerCertificate, limits: Limits): Http2SecureServer {
  return createSecureServer({
    ...settings(limits),
    ...certificate,
    allowHTTP1: false,
    minVersion: 'TLSv1.2',
    handshakeTimeout: limits.authenticationMs,
  });
}

/** An HTTP/2 server without TLS. */
export function plaintextServer(limits: Limits): Http2Server {
  return createServer(settings(limits));
}

/** Starts to listen. Throws when the address is taken. */
export async function listen(server: Http2Server | Http2SecureServer, address: ListenAddress): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address.port, address.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('a TCP server has a port');
  return bound;
}

/** Pings a connection until it closes, and destroys it when an answer fails to come. */
export function keepAlive(session: ServerHttp2Session, clock: Clock, limits: Limits): void {
  let cancel = (): void => {};
  const ping = (): void => {
    if (session.destroyed) return;
    cancel = clock.setTimeout(() => session.destroy(), limits.pingTimeoutMs);
    const sent = session.ping(() => {
      cancel();
      if (!session.destroyed) cancel = clock.setTimeout(ping, limits.pingMs);
    });
    // Earlier pings are still without an answer.
    if (!sent) session.destroy();
  };
  cancel = clock.setTimeout(ping, limits.pingMs);
  session.once('close', () => cancel());
}

/** Destroys a connection on which nobody asks for anything. */
export function expectStream(session: ServerHttp2Session, clock: Clock, limits: Limits): void {
  const cancel = clock.setTimeout(() => session.destroy(), limits.authenticationMs);
  session.once('stream', cancel);
  session.once('close', cancel);
}

function settings(limits: Limits): object {
  return {
    maxSessionMemory: 64,
    maxHeaderListPairs: 64,
    // Whoever opens streams to reset them is up to no good: Envoy has one, and resets it when it leaves.
    streamResetBurst: 100,
    streamResetRate: 10,
    settings: {
      maxConcurrentStreams: limits.streamsPerConnection,
      maxHeaderListSize: limits.headers,
      enablePush: false,
    },
  };
}
