import { sourceKey } from '@dot-kube/proxy/model';
import type { MeshStatus } from '../../api/index.ts';
import { type Api, applyStatus, type Clock, type KubernetesObject, type ResourceKind } from '../../framework/index.ts';
import type { Programming, Verdict } from './conditions-for.ts';
import { desiredStatus, statusChange } from './desired-status.ts';

/** One of our kinds, with the status that all of them have. */
export interface MeshObject extends KubernetesObject {
  readonly status?: MeshStatus;
}

/** Who writes what the operator owns, in `managedFields`. */
export const FIELD_MANAGER = 'dot-kube-operator';

/** A change of counts alone is written at most so often per object, in milliseconds; sooner while somebody may be waiting. */
const COUNTS_INTERVAL_MS = { settled: 30_000, pending: 2000 };

/**
 * For so long after a generation came in it is not said that proxies are waited for, in milliseconds: most have acknowledged by then,
 * and what would be written, and told as an event, is no longer true when it is read.
 */
export const PENDING_GRACE_MS = 200;

/** What a status reconciler works with. */
export interface StatusReconcilerOptions {
  readonly api: Api;
  readonly clock: Clock;
  readonly kindOf: (kind: string) => ResourceKind<MeshObject>;
  readonly get: (kind: string, namespace: string, name: string) => MeshObject | undefined;
  readonly verdictOf: (object: string) => Verdict;
  /** Undefined while the generation has not been compiled; then the object is touched again. */
  readonly programmingOf: (object: string, generation: number) => Programming | undefined;
  /** A condition went over to another status; for events. */
  readonly transitioned?: (object: MeshObject, desired: MeshStatus) => void;
}

/** What to look at: one object. */
export interface StatusRequest {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** gather (store, verdict, acknowledgements) → decide (`desiredStatus`) → apply, only when something is to be said. */
export class StatusReconciler {
  readonly #options: StatusReconcilerOptions;
  readonly #writtenAt = new Map<string, number>();
  /** Since when the present generation of an object has been waited for. */
  readonly #waiting = new Map<string, { readonly generation: number; readonly since: number }>();

  constructor(options: StatusReconcilerOptions) {
    this.#options = options;
  }

  /** From now on it is waited for proxies to acknowledge the present generation of an object, unless it has been so before. */
  awaited(request: StatusRequest): void {
    const object = this.#options.get(request.kind, request.namespace, request.name);
    if (object !== undefined) this.#waitingSince(sourceKey(request), object.metadata.generation ?? 0);
  }

  /** Milliseconds after which to look again, or undefined. */
  async reconcile(request: StatusRequest, signal?: AbortSignal): Promise<number | undefined> {
    const { clock, get, verdictOf, programmingOf } = this.#options;
    const key = sourceKey(request);
    const object = get(request.kind, request.namespace, request.name);
    if (object === undefined || object.metadata.deletionTimestamp !== undefined) {
      this.#writtenAt.delete(key);
      this.#waiting.delete(key);
      return undefined;
    }
    const generation = object.metadata.generation ?? 0;
    const programming = programmingOf(key, generation);
    if (programming === undefined) return undefined;
    const desired = desiredStatus({
      generation,
      current: object.status,
      verdict: verdictOf(key),
      programming,
      now: clock.now(),
    });
    const change = statusChange(object.status, desired);
    if (change === 'none') return undefined;
    const wait =
      change === 'counts' ? this.#countsWait(key, programming) : this.#pendingWait(key, generation, programming);
    if (wait > 0) return wait;
    const options = { fieldManager: FIELD_MANAGER, ...(signal && { signal }) };
    await applyStatus(this.#options.api, this.#options.kindOf(request.kind), object, desired, options);
    this.#writtenAt.set(key, clock.monotonic());
    if (change === 'conditions') this.#options.transitioned?.(object, desired);
    return undefined;
  }

  /** What is settled is written at once; so is what has been waited for before. */
  #pendingWait(key: string, generation: number, { kind }: Programming): number {
    if (kind !== 'waiting') {
      this.#waiting.delete(key);
      return 0;
    }
    return this.#waitingSince(key, generation) + PENDING_GRACE_MS - this.#options.clock.monotonic();
  }

  #waitingSince(key: string, generation: number): number {
    const known = this.#waiting.get(key);
    if (known?.generation === generation) return known.since;
    const since = this.#options.clock.monotonic();
    this.#waiting.set(key, { generation, since });
    return since;
  }

  #countsWait(key: string, { kind }: Programming): number {
    const written = this.#writtenAt.get(key);
    return written === undefined
      ? 0
      : written + COUNTS_INTERVAL_MS[kind === 'waiting' ? 'pending' : 'settled'] - this.#options.clock.monotonic();
  }
}
