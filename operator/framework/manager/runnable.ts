/**
 * When something runs. A manager starts the stages in this order and stops them in the reverse one: `server` answers
 * others (health, webhooks), `cache` fills stores, `worker` runs on every replica once the caches are in sync, `leader`
 * only while this replica leads.
 */
export type Stage = 'server' | 'cache' | 'worker' | 'leader';

/** Something with a life: a controller, an informer, a server. */
export interface Runnable {
  readonly name: string;
  readonly stage: Stage;
  /** Runs until the signal aborts, and resolves when all has ended. To end earlier or to reject is a failure of the whole. */
  run(signal: AbortSignal): Promise<void>;
  /** Resolves when those of later stages may start. Default: at once. */
  started?(): Promise<void>;
}
