import { parseSourceKey, sourceKey } from '@dot-kube/proxy/model';
import type { MeshStatus } from '../../api/index.ts';
import {
  type Api,
  type Clock,
  Controller,
  done,
  type EventRecorder,
  type Informer,
  type Logger,
  type MetricsRegistry,
  refOf,
  requeueAfter,
  type ResourceKind,
  type Source,
  transitionEvents,
} from '../../framework/index.ts';
import type { Programming, Verdict } from './conditions-for.ts';
import { DeferredKeys } from './deferred-keys.ts';
import { type MeshObject, PENDING_GRACE_MS, StatusReconciler } from './status-reconciler.ts';

/** One of our kinds and its objects. */
export interface StatusKind {
  readonly kind: ResourceKind<MeshObject>;
  readonly informer: Informer<MeshObject>;
}

/** What the status controllers work with. */
export interface StatusControllersOptions {
  readonly kinds: readonly StatusKind[];
  readonly api: Api;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: MetricsRegistry;
  readonly events: EventRecorder;
  readonly verdictOf: (object: string) => Verdict;
  readonly programmingOf: (object: string, generation: number) => Programming | undefined;
  /** The controllers no longer run, as another replica leads or this one ends. */
  readonly stopped?: () => void;
}

/** A controller for each of our kinds that keeps the statuses true. */
export class StatusControllers {
  readonly controllers: readonly Controller[];
  readonly #byKind: ReadonlyMap<string, Controller>;
  readonly #reconciler: StatusReconciler;
  readonly #touched: DeferredKeys;

  constructor(options: StatusControllersOptions) {
    const { kinds, api, clock, logger, metrics, events } = options;
    const byName = new Map(kinds.map((each) => [each.kind.kind, each]));
    this.#touched = new DeferredKeys(clock, PENDING_GRACE_MS, (object) => this.#enqueue(object));
    const reconciler = new StatusReconciler({
      api,
      clock,
      kindOf: (kind) => entryOf(byName, kind).kind,
      get: (kind, namespace, name) => byName.get(kind)?.informer.store.get({ namespace, name }),
      verdictOf: options.verdictOf,
      programmingOf: options.programmingOf,
      transitioned: (object, desired) => recordTransitions(events, object, desired),
    });
    this.#reconciler = reconciler;
    this.#byKind = new Map(
      kinds.map(({ kind, informer }) => [
        kind.kind,
        new Controller({
          name: `${kind.kind.toLowerCase()}-status`,
          sources: [presentIn(informer, options.stopped)],
          clock,
          logger,
          metrics,
          concurrency: 4,
          reconcile: async ({ namespace = '', name }, { signal }) => {
            const wait = await reconciler.reconcile({ kind: kind.kind, namespace, name }, signal);
            return wait === undefined ? done() : requeueAfter(wait);
          },
        }),
      ]),
    );
    this.controllers = [...this.#byKind.values()];
  }

  /**
   * Something that the status of an object speaks of has changed, and a generation of it has been compiled. The key is a source key.
   * `waits`: nothing but whom is waited for, of which nothing is said until {@link PENDING_GRACE_MS} have passed.
   */
  touch(object: string, waits = false): void {
    if (!waits) return this.#touched.now(object);
    this.#reconciler.awaited(parseSourceKey(object));
    this.#touched.later(object);
  }

  #enqueue(object: string): void {
    const { kind, namespace, name } = parseSourceKey(object);
    this.#byKind.get(kind)?.enqueue({ namespace, name });
  }

  /** All objects, as something changed that concerns every one. */
  touchAll(kinds: readonly StatusKind[]): void {
    for (const { kind, informer } of kinds) {
      for (const { metadata } of informer.store.list()) {
        this.touch(sourceKey({ kind: kind.kind, namespace: metadata.namespace ?? '', name: metadata.name }));
      }
    }
  }
}

/** What is there at the start: whatever changes later is told by whoever compiled it, as before that there is nothing to say. */
function presentIn({ store }: Informer<MeshObject>, stopped: () => void = () => {}): Source {
  return (enqueue) => {
    for (const object of store.list()) enqueue(refOf(object));
    return stopped;
  };
}

function recordTransitions(events: EventRecorder, object: MeshObject, desired: MeshStatus): void {
  for (const event of transitionEvents(object.status?.conditions, desired.conditions ?? []))
    events.record(object, event);
}

function entryOf(byName: ReadonlyMap<string, StatusKind>, kind: string): StatusKind {
  const entry = byName.get(kind);
  if (entry === undefined) throw new Error(`no status is kept for the kind ${kind}`);
  return entry;
}
