import type { ObjectRef } from '../api/object.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';

/**
 * What a reconciler is asked to bring in order: the object of this name. It says nothing about what happened to it, on
 * purpose: the reconciler reads the state as it is (the object may be gone) and makes the world follow.
 */
export type Request = ObjectRef;

/** How a reconcile ended, when it did not throw. */
export type Result =
  /** All is as it should be until something changes. */
  | { readonly kind: 'done' }
  /** Look again after so many milliseconds, though nothing may have changed. */
  | { readonly kind: 'requeue'; readonly after: number };

const DONE: Result = { kind: 'done' };

/** Nothing more to do until something changes. */
export function done(): Result {
  return DONE;
}

/** Look again after so many milliseconds. */
export function requeueAfter(milliseconds: number): Result {
  return { kind: 'requeue', after: milliseconds };
}

/** What a reconciler is given beside the request. */
export interface ReconcileContext {
  /** Carries the controller, the request and the id of this reconcile. */
  readonly logger: Logger;
  readonly clock: Clock;
  /** Aborted when the controller stops. */
  readonly signal: AbortSignal;
}

/**
 * Brings the world in line with one object. Called for one object by one worker at a time. Throwing means "try again
 * later, with back-off"; a {@link TerminalError} means "not before something changes".
 */
export type Reconciler = (request: Request, context: ReconcileContext) => Promise<Result>;

/** An error that trying again cannot mend: it is logged and counted, and the request is dropped. */
export class TerminalError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TerminalError';
  }

  /** Any thrown value as a terminal error. */
  static from(thrown: unknown): TerminalError {
    if (thrown instanceof TerminalError) return thrown;
    return new TerminalError(thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
  }
}

/** Whether a thrown value is a bug in the reconciler and not a failure of what it talks to. */
export function isPanic(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return true;
  return (
    thrown instanceof TypeError ||
    thrown instanceof RangeError ||
    thrown instanceof ReferenceError ||
    thrown instanceof SyntaxError
  );
}
