import type { Status, StatusDetails } from './api.ts';

/** What an {@link ApiError} is made of. `code` is the HTTP status, 0 when no answer came; `retryAfter` is in milliseconds. */
export interface ApiErrorInit {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly retryAfter?: number;
  readonly details?: StatusDetails;
  readonly cause?: unknown;
}

/** The reasons that this framework tells apart, as `metav1.StatusReason` spells them; the last two are for no answer at all. */
export const REASON = {
  alreadyExists: 'AlreadyExists',
  badRequest: 'BadRequest',
  conflict: 'Conflict',
  expired: 'Expired',
  forbidden: 'Forbidden',
  gone: 'Gone',
  internalError: 'InternalError',
  invalid: 'Invalid',
  methodNotAllowed: 'MethodNotAllowed',
  notFound: 'NotFound',
  serviceUnavailable: 'ServiceUnavailable',
  timeout: 'Timeout',
  tooManyRequests: 'TooManyRequests',
  unauthorized: 'Unauthorized',
  unsupportedMediaType: 'UnsupportedMediaType',
  unreachable: 'Unreachable',
  unknown: 'Unknown',
} as const;

const REASON_BY_CODE: ReadonlyMap<number, string> = new Map([
  [400, REASON.badRequest],
  [401, REASON.unauthorized],
  [403, REASON.forbidden],
  [404, REASON.notFound],
  [405, REASON.methodNotAllowed],
  [409, REASON.conflict],
  [410, REASON.gone],
  [415, REASON.unsupportedMediaType],
  [422, REASON.invalid],
  [429, REASON.tooManyRequests],
  [500, REASON.internalError],
  [503, REASON.serviceUnavailable],
  [504, REASON.timeout],
]);

/** The one error of the Kubernetes API; `cause` keeps what it was made from. */
export class ApiError extends Error {
  /** The HTTP status; 0 when there was no answer. */
  readonly code: number;
  /** As `metav1.StatusReason`, or `Unreachable` or `Unknown`. */
  readonly reason: string;
  /** Milliseconds to wait before the next try, when the server said so. */
  readonly retryAfter: number | undefined;
  readonly details: StatusDetails | undefined;

  constructor(init: ApiErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.name = 'ApiError';
    this.code = init.code;
    this.reason = init.reason;
    this.retryAfter = init.retryAfter;
    this.details = init.details;
  }

  /** Any thrown value as an ApiError; one that is an ApiError already is returned as it is. */
  static from(thrown: unknown): ApiError {
    if (thrown instanceof ApiError) return thrown;
    if (isStatus(thrown)) return ApiError.fromStatus(thrown);
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    const reason = isNetworkError(thrown) ? REASON.unreachable : REASON.unknown;
    return new ApiError({ code: 0, reason, message, cause: thrown });
  }

  /** The error that a `Status` body stands for; `fallbackCode` is the HTTP status it came with. */
  static fromStatus(status: Status, fallbackCode = 500, retryAfter?: number): ApiError {
    const code = status.code ?? fallbackCode;
    const seconds = status.details?.retryAfterSeconds;
    const wait = retryAfter ?? (seconds === undefined ? undefined : seconds * 1000);
    return new ApiError({
      code,
      reason: status.reason ?? reasonForCode(code),
      message: status.message ?? `the server answered ${code}`,
      cause: status,
      ...(wait === undefined ? {} : { retryAfter: wait }),
      ...(status.details === undefined ? {} : { details: status.details }),
    });
  }

  /** The error as the `Status` that an API server would send. */
  toStatus(): Status {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      code: this.code,
      reason: this.reason,
      message: this.message,
      ...(this.details === undefined ? {} : { details: this.details }),
    };
  }
}

/** The reason that stands for an HTTP status where the body gives none. */
export function reasonForCode(code: number): string {
  return REASON_BY_CODE.get(code) ?? REASON.unknown;
}

/** Whether a thrown value says that the object (or its kind) is not there. */
export function isNotFound(thrown: unknown): boolean {
  return thrown instanceof ApiError && thrown.code === 404;
}

/** Whether a thrown value says that the object is there already. */
export function isAlreadyExists(thrown: unknown): boolean {
  return thrown instanceof ApiError && thrown.reason === REASON.alreadyExists;
}

/** Whether a thrown value says that somebody else wrote first, or owns the fields. */
export function isConflict(thrown: unknown): boolean {
  return thrown instanceof ApiError && thrown.code === 409 && thrown.reason === REASON.conflict;
}

/** Whether a thrown value says that the resourceVersion (or the continue token) is too old. */
export function isExpired(thrown: unknown): boolean {
  return thrown instanceof ApiError && thrown.code === 410;
}

/** Whether a JSON value is a `Status` that reports a failure. */
export function isStatus(value: unknown): value is Status {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'Status' && 'status' in value;
}

function isNetworkError(thrown: unknown): boolean {
  return (
    thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' && /^E[A-Z]+$/.test(thrown.code)
  );
}
