import { GrpcError, grpcStatus } from './grpc-status.ts';

const SMALLEST = 4096;
const NOTHING = Buffer.alloc(0);

/**
 * Cuts a gRPC byte stream into messages (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md):
 * a flag byte, four bytes of length, the message. Holds no more than the limit allows, however small the pieces are in
 * which it comes.
 */
export class FrameReader {
  /** Largest message that is taken, in bytes. May be raised once the peer is known. */
  limit: number;
  /** What is not read yet is from `#start` to `#end`. */
  #buffer: Buffer = NOTHING;
  #start = 0;
  #end = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Bytes that wait for the rest of their message. */
  get buffered(): number {
    return this.#end - this.#start;
  }

  /** Takes bytes in. */
  push(chunk: Uint8Array): void {
    if (this.buffered === 0) {
      // Most chunks are whole messages: these are read where they are.
      this.#buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
      this.#start = 0;
      this.#end = chunk.length;
      return;
    }
    if (this.#end + chunk.length > this.#buffer.length) this.#makeRoom(chunk.length);
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /**
   * The next whole message, a copy of its own, or undefined until more bytes come. Throws a {@link GrpcError} for one
   * that cannot be taken.
   */
  next(): Uint8Array | undefined {
    if (this.buffered < 5) return undefined;
    if (this.#buffer[this.#start] !== 0) {
      throw new GrpcError(grpcStatus.unimplemented, 'compressed messages are not supported');
    }
    const size = this.#buffer.readUInt32BE(this.#start + 1);
    if (size > this.limit) {
      throw new GrpcError(grpcStatus.resourceExhausted, `message of ${size} bytes is larger than ${this.limit}`);
    }
    if (this.buffered < 5 + size) return undefined;
    const message = Uint8Array.prototype.slice.call(this.#buffer, this.#start + 5, this.#start + 5 + size);
    this.#start += 5 + size;
    if (this.#start === this.#end) this.clear();
    return message;
  }

  #makeRoom(more: number): void {
    const needed = this.buffered + more;
    // What is announced is room enough, however it comes: whoever sends a megabyte costs no two.
    const announced = this.buffered < 5 ? 0 : 5 + this.#buffer.readUInt32BE(this.#start + 1);
    const room = announced < needed ? needed * 2 : Math.min(needed * 2, announced);
    const roomy = Buffer.allocUnsafe(
      Math.max(SMALLEST, needed <= this.#buffer.length / 2 ? this.#buffer.length : room),
    );
    this.#buffer.copy(roomy, 0, this.#start, this.#end);
    this.#end = this.buffered;
    this.#start = 0;
    this.#buffer = roomy;
  }

  /** Forgets what it holds: an idle stream keeps no memory, nor does one that is over. */
  clear(): void {
    this.#buffer = NOTHING;
    this.#start = 0;
    this.#end = 0;
  }
}
