/** The gRPC status codes that are used here. https://grpc.io/docs/guides/status-codes/ */
export const grpcStatus = {
  ok: 0,
  invalidArgument: 3,
  deadlineExceeded: 4,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** One of {@link grpcStatus}. */
export type GrpcStatus = (typeof grpcStatus)[keyof typeof grpcStatus];

/** Ends a stream with a status of its own. */
export class GrpcError extends Error {
  override readonly name = 'GrpcError';
  readonly status: GrpcStatus;

  constructor(status: GrpcStatus, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** `grpc-message` as the protocol wants it: percent-encoded outside of printable ASCII, and short. */
export function grpcMessage(text: string): string {
  return encodeURIComponent(text.slice(0, 1024).toWellFormed()).replaceAll('%20', ' ');
}
