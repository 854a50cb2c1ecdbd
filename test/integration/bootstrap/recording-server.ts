import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';

/** A certificate with its key, PEM. */
export interface ServerCertificate {
  readonly certChainPem: string;
  readonly privateKeyPem: string;
}

/** What a stream was opened with. */
export interface RecordedStream {
  readonly authority: string | undefined;
  readonly path: string | undefined;
  readonly authorization: string | undefined;
}

/** A gRPC server that answers nothing: it records with which token each stream is opened. */
export class RecordingServer implements AsyncDisposable {
  readonly #server: Http2SecureServer;
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #streams: RecordedStream[] = [];
  #refusals = 0;
  #wake = Promise.withResolvers<void>();

  /** Listens on a free port of 127.0.0.1. */
  static async start(certificate: ServerCertificate): Promise<RecordingServer> {
    const server = new RecordingServer(certificate);
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', reject);
      server.#server.listen(0, '127.0.0.1', resolve);
    });
    return server;
  }

  private constructor(certificate: ServerCertificate) {
    this.#server = createSecureServer(tlsOf(certificate));
    this.#server.on('session', (session) => {
      this.#sessions.add(session);
      session.on('error', () => undefined);
      session.once('close', () => this.#sessions.delete(session));
    });
    this.#server.on('stream', (stream, headers) => {
      stream.on('error', () => undefined);
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
      this.#streams.push({
        authority: headers[':authority'],
        path: headers[':path'],
        authorization: headers.authorization,
      });
      this.#changed();
    });
    this.#server.on('tlsClientError', () => {
      this.#refusals += 1;
      this.#changed();
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** How many handshakes the client broke off. */
  get refusals(): number {
    return this.#refusals;
  }

  /** All streams so far. */
  get streams(): readonly RecordedStream[] {
    return this.#streams;
  }

  /** Presents another certificate to the connections that follow. */
  present(certificate: ServerCertificate): void {
    this.#server.setSecureContext(tlsOf(certificate));
  }

  /** Ends all connections, so that clients connect anew. */
  disconnect(): void {
    for (const session of this.#sessions) session.destroy();
  }

  /** Waits until it holds, looking again whenever a stream or a refusal came. Throws after 10 s. */
  async until(what: string, holds: () => boolean): Promise<void> {
    const late = AbortSignal.timeout(10_000);
    while (!holds()) {
      const timeout = new Promise<never>((_, reject) => {
        late.addEventListener('abort', () => reject(new Error(`not within 10 s: ${what}`)), { once: true });
      });
      await Promise.race([this.#wake.promise, timeout]);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.disconnect();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  #changed(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }
}

function tlsOf({ certChainPem, privateKeyPem }: ServerCertificate) {
  return { cert: certChainPem, key: privateKeyPem, minVersion: 'TLSv1.3', ALPNProtocols: ['h2'] } as const;
}
