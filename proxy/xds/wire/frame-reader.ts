import { GrpcError, grpcStatus } from './grpc-status.ts';

/**
 * Cuts a gRPC byte stream into messages (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md):
 * a flag byte, four bytes of length, the message. Holds no more than the limit allows.
 */
export class FrameReader {
  /** Largest message that is taken, in bytes. May be raised once the peer is known. */
  limit: number;
  #chunks: Uint8Array[] = [];
  #buffered = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Takes bytes in. */
  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
  }

  /** The next whole message, or undefined until more bytes come. Throws a {@link GrpcError} for one that cannot be taken. */
  next(): Uint8Array | undefined {
    if (this.#buffered < 5) return undefined;
    const prefix = this.#peek(5);
    if (prefix[0] !== 0) throw new GrpcError(grpcStatus.unimplemented, 'compressed messages are not supported');
    const size = new DataView(prefix.buffer, prefix.byteOffset, 5).getUint32(1);
    if (size > this.limit) {
      throw new GrpcError(grpcStatus.resourceExhausted, `message of ${size} bytes is larger than ${this.limit}`);
    }
    if (this.#buffered < 5 + size) return undefined;
    const whole = this.#peek(5 + size);
    const rest = this.#chunks[0]?.subarray(5 + size);
    this.#chunks = rest === undefined || rest.length === 0 ? this.#chunks.slice(1) : [rest, ...this.#chunks.slice(1)];
    this.#buffered -= 5 + size;
    return whole.subarray(5, 5 + size);
  }

  /** The first chunk, joined with as many of the following ones as it takes to hold so many bytes. */
  #peek(size: number): Uint8Array {
    const [first] = this.#chunks;
    if (first !== undefined && first.length >= size) return first;
    let count = 0;
    for (let length = 0; length < size; count++) length += this.#chunks[count]?.length ?? 0;
    const joined = Buffer.concat(this.#chunks.slice(0, count));
    this.#chunks = [joined, ...this.#chunks.slice(count)];
    return joined;
  }
}
