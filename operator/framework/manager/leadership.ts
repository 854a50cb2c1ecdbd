import { ApiError } from '../api/api-error.ts';
import type { Api, CallOptions } from '../api/api.ts';
import type { CancelTimer, Clock } from '../clock.ts';

/**
 * The right to write that a held lease gives: it ends by itself on the monotonic clock, whether or not anybody gets to
 * run at that time, and always before another candidate may take the lease.
 */
export class Leadership {
  readonly #clock: Clock;
  readonly #controller = new AbortController();
  #validUntil: number;
  #cancel: CancelTimer;

  /** `validUntil` is on the monotonic clock. */
  constructor(clock: Clock, validUntil: number) {
    this.#clock = clock;
    this.#validUntil = validUntil;
    this.#cancel = this.#arm();
  }

  /** Aborted when the right has ended. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether writing is allowed now. Asks the clock, so that a process that was frozen does not go on where it stopped. */
  get isValid(): boolean {
    if (!this.#controller.signal.aborted && this.#clock.monotonic() >= this.#validUntil) this.end();
    return !this.#controller.signal.aborted;
  }

  /** Moves the end; what has ended stays so. */
  extend(validUntil: number): void {
    if (!this.isValid) return;
    this.#validUntil = validUntil;
    this.#cancel();
    this.#cancel = this.#arm();
  }

  /** Ends the right now. */
  end(): void {
    this.#cancel();
    this.#controller.abort(notLeader());
  }

  #arm(): CancelTimer {
    return this.#clock.setTimeout(() => this.end(), this.#validUntil - this.#clock.monotonic());
  }
}

/**
 * An API that writes only while `leadership` is valid: later writes are refused with an ApiError `NotLeader`, and those
 * under way are aborted when it ends. Reads pass. Without a leadership (none has been won yet) nothing is written.
 */
export function fencedApi(api: Api, leadership: () => Leadership | undefined): Api {
  const fenced = async <T, O extends CallOptions>(
    options: O | undefined,
    write: (options: O) => Promise<T>,
  ): Promise<T> => {
    const current = leadership();
    if (current === undefined || !current.isValid) throw notLeader();
    const signal = options?.signal;
    const either = signal === undefined ? current.signal : AbortSignal.any([signal, current.signal]);
    return write({ ...options, signal: either } as O);
  };
  return {
    list: (kind, options) => api.list(kind, options),
    watch: (kind, options) => api.watch(kind, options),
    get: (kind, ref, options) => api.get(kind, ref, options),
    create: (kind, object, options) => fenced(options, (o) => api.create(kind, object, o)),
    createSubresource: (kind, ref, subresource, body, options) =>
      fenced(options, (o) => api.createSubresource(kind, ref, subresource, body, o)),
    replace: (kind, object, options) => fenced(options, (o) => api.replace(kind, object, o)),
    apply: (kind, object, options) => fenced(options, (o) => api.apply(kind, object, o)),
    delete: (kind, ref, options) => fenced(options, (o) => api.delete(kind, ref, o)),
  };
}

function notLeader(): ApiError {
  return new ApiError({
    code: 0,
    reason: 'NotLeader',
    message: 'this replica does not lead (any more) and must not write',
  });
}
