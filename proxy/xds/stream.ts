import { constants, type ServerHttp2Stream } from 'node:http2';
import type { ByteBudget } from './byte-budget.ts';
import type { Clock } from './clock.ts';
import type { Limits } from './limits.ts';
import type { Session } from './session.ts';
import { FrameReader } from './wire/frame-reader.ts';
import { GrpcError, grpcMessage, type GrpcStatus, grpcStatus } from './wire/grpc-status.ts';
import { decodeRequest, type DeltaRequest } from './wire/request.ts';
import { type DeltaResponse, encodeResponse } from './wire/response.ts';

/** What a stream works with. */
export interface XdsStreamOptions {
  readonly http2: ServerHttp2Stream;
  readonly limits: Limits;
  readonly clock: Clock;
  /** Bytes that all streams that are not authenticated yet may hold together. */
  readonly budget: ByteBudget;
  /**
   * Judges who is there by the first request; throws what ends the stream. What it answers makes a session, or, when the
   * stream is gone by then, ends what was begun.
   */
  readonly authenticate: (first: DeltaRequest) => Promise<Admission>;
  /** Called once. */
  readonly closed: (reason: string) => void;
}

/** Somebody who is let in. */
export interface Admission {
  /** Makes the session. */
  readonly open: () => Session;
  /** The session is in place and may be used, or ended. */
  readonly opened: () => void;
  /** The stream was gone before it could be opened. */
  readonly abandon: () => void;
}

/**
 * One gRPC stream: bytes in, requests to a {@link Session}, responses out as bytes. Whatever a peer does, it
 * costs that peer's stream and a bounded number of bytes.
 */
export class XdsStream {
  readonly #http2: ServerHttp2Stream;
  readonly #options: XdsStreamOptions;
  readonly #reader: FrameReader;
  readonly #cancelDeadline: () => void;
  #session: Session | undefined;
  #opening = false;
  #closeReason: string | undefined;
  #accounted = 0;
  #trailers: Record<string, string> = { 'grpc-status': String(grpcStatus.ok) };
  #written = 0;
  #drained = 0;
  #drainedAt: number;

  constructor(options: XdsStreamOptions) {
    const { http2, limits, clock } = options;
    this.#options = options;
    this.#http2 = http2;
    this.#reader = new FrameReader(limits.unauthenticatedMessage);
    this.#drainedAt = clock.monotonic();
    this.#cancelDeadline = clock.setTimeout(
      () => this.fail(new GrpcError(grpcStatus.deadlineExceeded, 'no authenticated request in time')),
      limits.authenticationMs,
    );
    http2.on('data', (chunk: Uint8Array) => this.#data(chunk));
    http2.on('end', () => this.end(grpcStatus.ok, 'the proxy closed the stream'));
    http2.on('drain', () => this.#drain());
    http2.on('wantTrailers', () => {
      http2.sendTrailers(this.#trailers);
      this.#finish();
    });
    http2.on('error', (error: Error) => this.#close(error.message));
    http2.on('close', () => this.#close('the connection closed'));
  }

  /** Bytes that were handed to the network, gRPC prefixes included. */
  get bytesWritten(): number {
    return this.#written;
  }

  /** Whether the peer reads: no more than a bounded number of bytes waits for it. */
  writable(): boolean {
    return this.#http2.writable && this.#http2.bufferSize <= this.#options.limits.unreadBytes;
  }

  /** Writes a response; answers its size. */
  write(response: DeltaResponse): number {
    const chunks = encodeResponse(response);
    let bytes = 0;
    for (const chunk of chunks) {
      if (this.#http2.writable) this.#http2.write(chunk);
      bytes += chunk.length;
    }
    this.#written += bytes;
    return bytes;
  }

  /** Closes the stream when its peer has taken nothing for too long although something waits for it. */
  checkProgress(): void {
    const now = this.#options.clock.monotonic();
    const waiting = this.#http2.bufferSize;
    const drained = this.#written - waiting;
    const progressed = waiting === 0 || drained > this.#drained;
    this.#drained = drained;
    if (progressed) this.#drainedAt = now;
    else if (now - this.#drainedAt >= this.#options.limits.stuckMs) {
      this.#close('the proxy does not read');
      this.#http2.close(constants.NGHTTP2_CANCEL);
    }
  }

  /** Ends the stream with a status that its peer is told. */
  end(status: GrpcStatus, reason: string): void {
    this.#close(reason);
    if (this.#http2.destroyed || this.#http2.writableEnded) return;
    const message = grpcMessage(reason);
    this.#trailers = { 'grpc-status': String(status), 'grpc-message': message };
    if (this.#http2.headersSent) this.#http2.end();
    else
      this.#http2.respond(
        { ':status': 200, 'content-type': 'application/grpc', ...this.#trailers },
        { endStream: true },
      );
    // What the peer may still send is of no interest; a stranger is not even given room to send it.
    if (this.#session === undefined) this.#finish();
    else this.#http2.resume();
    this.#cancelLater();
  }

  /** Ends the stream for an error; what it says is told to the peer if it is a {@link GrpcError}. */
  fail(error: unknown): void {
    if (error instanceof GrpcError) this.end(error.status, error.message);
    else this.end(grpcStatus.internal, 'internal error');
  }

  #data(chunk: Uint8Array): void {
    if (this.#closeReason !== undefined) return;
    this.#reader.push(chunk);
    this.#read();
    this.#account();
  }

  #drain(): void {
    this.#session?.flush();
    this.#read();
  }

  /** Handles what has come in, as long as the peer takes the answers. */
  #read(): void {
    try {
      while (this.#closeReason === undefined && !this.#opening) {
        if (!this.writable()) {
          this.#http2.pause();
          return;
        }
        const message = this.#reader.next();
        if (message === undefined) break;
        const request = decode(message);
        if (this.#session === undefined) this.#open(request);
        else this.#session.request(request);
      }
      if (!this.#opening) this.#http2.resume();
    } catch (error) {
      this.fail(error);
    }
  }

  #open(first: DeltaRequest): void {
    this.#opening = true;
    // Nothing more is taken in from somebody unknown.
    this.#http2.pause();
    this.#options.authenticate(first).then(
      (admission) => this.#opened(admission, first),
      (error: unknown) => this.fail(error),
    );
  }

  #opened(admission: Admission, first: DeltaRequest): void {
    this.#opening = false;
    if (this.#closeReason !== undefined) return admission.abandon();
    this.#cancelDeadline();
    const session = admission.open();
    this.#session = session;
    this.#account();
    this.#reader.limit = this.#options.limits.message;
    this.#http2.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    try {
      admission.opened();
      if (this.#closeReason !== undefined) return;
      session.request(first);
    } catch (error) {
      return this.fail(error);
    }
    this.#read();
  }

  /** Counts what it holds against the budget of those that are not authenticated. */
  #account(): void {
    const held = this.#session === undefined && this.#closeReason === undefined ? this.#reader.buffered : 0;
    const { budget } = this.#options;
    budget.add(held - this.#accounted);
    this.#accounted = held;
    if (held > 0 && budget.exceeded)
      this.fail(new GrpcError(grpcStatus.unavailable, 'too much is being authenticated'));
  }

  #close(reason: string): void {
    if (this.#closeReason !== undefined) return;
    this.#closeReason = reason;
    this.#cancelDeadline();
    this.#reader.clear();
    this.#account();
    this.#session?.close();
    this.#options.closed(reason);
  }

  /** All is said: what the peer may still send is of no interest. */
  #finish(): void {
    setImmediate(() => this.#http2.close(constants.NGHTTP2_NO_ERROR));
  }

  /** A peer that does not read cannot keep an ended stream. */
  #cancelLater(): void {
    const cancel = this.#options.clock.setTimeout(() => this.#http2.close(constants.NGHTTP2_CANCEL), 5000);
    this.#http2.once('close', cancel);
  }
}

function decode(message: Uint8Array): DeltaRequest {
  try {
    return decodeRequest(message);
  } catch (cause) {
    throw new GrpcError(grpcStatus.invalidArgument, 'not a DeltaDiscoveryRequest', { cause });
  }
}
