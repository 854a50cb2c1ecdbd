import {
  type ClientHttp2Session,
  connect,
  constants,
  type Http2Stream,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
} from 'node:http2';
import { type Address, authority } from './settings.ts';

/** Status codes of gRPC that are used here. */
export const GRPC = {
  ok: 0,
  unknown: 2,
  invalidArgument: 3,
  permissionDenied: 7,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** A gRPC message with its length before it; never compressed. */
export function frame(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** The one message of a unary call's body. Throws where there is none, or it is compressed or cut off. */
export function unframe(body: Buffer): Buffer {
  if (body.length < 5 || body[0] !== 0 || body.length !== 5 + body.readUInt32BE(1)) throw new Error('not one message');
  return body.subarray(5);
}

/** Everything that a stream brings. */
export async function bodyOf(stream: Http2Stream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** How a unary call ended. */
export interface UnaryResult {
  /** gRPC status, 14 (unavailable) when there was no answer. */
  readonly status: number;
  readonly message?: Buffer;
  readonly detail?: string;
}

/** Makes unary calls to one address over one HTTP/2 connection, which is made anew when it has ended. */
export class GrpcClient {
  readonly #address: Address;
  #session: ClientHttp2Session | undefined;

  constructor(address: Address) {
    this.#address = address;
  }

  /** Never throws: what goes wrong stands in the result. */
  async call(path: string, request: Buffer, timeoutMs = 5000): Promise<UnaryResult> {
    try {
      return await this.#exchange(path, request, timeoutMs);
    } catch (error) {
      return { status: GRPC.unavailable, detail: String(error) };
    }
  }

  /** Ends the connection. */
  close(): void {
    this.#session?.close();
  }

  async #exchange(path: string, request: Buffer, timeoutMs: number): Promise<UnaryResult> {
    const stream = this.#connection().request(
      {
        ':method': 'POST',
        ':path': path,
        te: 'trailers',
        'content-type': 'application/grpc',
        'grpc-timeout': `${timeoutMs}m`,
      },
      { signal: AbortSignal.timeout(timeoutMs) },
    );
    let [status, detail] = [0, ''];
    const note = (headers: IncomingHttpHeaders & IncomingHttpStatusHeader): void => {
      const { ':status': http = 200, 'grpc-message': message } = headers;
      if (http !== 200) [status, detail] = [grpcStatusOf(http), `HTTP status ${http}`];
      if (headers['grpc-status'] !== undefined) status = Number(headers['grpc-status']);
      if (typeof message === 'string') detail = decodeURIComponent(message);
    };
    stream.on('response', note);
    stream.on('trailers', note);
    stream.end(frame(request));
    const body = await bodyOf(stream);
    if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) return { status: GRPC.unavailable, detail: 'stream was reset' };
    if (status !== GRPC.ok) return { status, detail };
    return { status, message: unframe(body) };
  }

  #connection(): ClientHttp2Session {
    if (this.#session !== undefined && !this.#session.closed && !this.#session.destroyed) return this.#session;
    const session = connect(`http://${authority(this.#address)}`);
    // The stream that was waiting for it fails with the same error.
    session.on('error', () => undefined);
    session.on('goaway', () => session.close());
    session.unref();
    this.#session = session;
    return session;
  }
}

/** https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md */
function grpcStatusOf(httpStatus: number): number {
  if (httpStatus === 400) return GRPC.internal;
  if (httpStatus === 401) return GRPC.unauthenticated;
  if (httpStatus === 403) return GRPC.permissionDenied;
  if (httpStatus === 404) return GRPC.unimplemented;
  return [429, 502, 503, 504].includes(httpStatus) ? GRPC.unavailable : GRPC.unknown;
}
