/** A call that a caller makes. */
export interface CallRequest {
  /** Default: `http`. */
  readonly protocol?: 'http' | 'grpc' | 'tcp';
  /** Name of a Service of the caller's namespace, or the address of a pod or a node. */
  readonly to: string;
  readonly port: number;
  /** Of HTTP; default: GET. */
  readonly method?: string;
  /** Of HTTP and gRPC; default: `/`. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of gRPC: the message, base64. */
  readonly message?: string;
  /** Of TCP: what is said once the server has said its first line; each line waits for the answer to the one before. */
  readonly lines?: readonly string[];
  /** Of TCP: for so long the connection is left open after that, unless it is closed. Default: 0. */
  readonly holdMs?: number;
  /** Default: 5,000. */
  readonly timeoutMs?: number;
}

/** What came of a call. */
export interface CallResult {
  /** HTTP status; 0 for TCP; -1 when there was no answer. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Of HTTP: as it came. Of gRPC: the message, base64, without its frame. Of TCP: the lines that came. */
  readonly body: string;
  /** Of gRPC. */
  readonly grpcStatus?: number;
  /** Why there was no answer, or, of TCP, no further one: an error code such as `ECONNRESET`, or Node's own words. */
  readonly error?: string;
  /** Of TCP: whether the server's side closed the connection before we did. */
  readonly closed?: boolean;
  readonly durationMs: number;
}

/** The same call several times. */
export interface CallBatch {
  readonly call: CallRequest;
  readonly count: number;
  /** How many at once. */
  readonly concurrency: number;
}
