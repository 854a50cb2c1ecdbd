import { connect as connectTcp } from 'node:net';
import { connect, type ConnectionOptions, createServer, type TLSSocket } from 'node:tls';
import { listen } from './http-server.ts';
import { loopbackAddress } from './loopback.ts';

/** A certificate and its key, PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface TlsServer extends AsyncDisposable {
  readonly address: string;
  readonly port: number;
}

/** An application that speaks TLS of its own, and says `greeting` to everybody who asks for something. */
export async function startTlsServer(certificate: Certificate, greeting: string): Promise<TlsServer> {
  const sockets = new Set<TLSSocket>();
  const server = createServer({ ...certificate }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', () => socket.end(greeting));
  });
  const [address, port] = [loopbackAddress(), 8443];
  await listen(server, address, port);
  return {
    address,
    port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

/**
 * Says `request` over TLS and hears the answer to its end or for 2 s; rejects when the connection ends without one. `preamble` goes
 * before the handshake.
 */
export function askOverTls(
  to: { readonly address: string; readonly port: number },
  request: string,
  { preamble, ...options }: ConnectionOptions & { readonly preamble?: string },
): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const below = connectTcp({ host: to.address, port: to.port });
    below.on('error', reject);
    if (preamble !== undefined) below.write(preamble);
    const socket = connect({ ...options, socket: below, rejectUnauthorized: false }, () => {
      socket.write(request);
    });
    const finish = () => {
      socket.destroy();
      if (answer === '') reject(new Error('the connection ended without an answer'));
      else resolve(answer);
    };
    socket.setTimeout(2000, finish);
    socket.on('data', (chunk: Buffer) => (answer += String(chunk)));
    socket.on('error', reject);
    socket.on('close', finish);
  });
}
