import { parseSourceKey, sourceKey } from '@dot-kube/proxy/model';
import type { MeshStatus } from '../../api/index.ts';
import {
  type Api,
  type Clock,
  Controller,
  done,
  type EventRecorder,
  generationChanged,
  type Informer,
  type Logger,
  type MetricsRegistry,
  requeueAfter,
  type ResourceKind,
  transitionEvents,
  watches,
} from '../../framework/index.ts';
import type { Programming, Verdict } from './conditions-for.ts';
import { type MeshObject, StatusReconciler } from './status-reconciler.ts';

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
}

/** A controller for each of our kinds that keeps the statuses true. */
export class StatusControllers {
  readonly controllers: readonly Controller[];
  readonly #byKind: ReadonlyMap<string, Controller>;

  constructor(options: StatusControllersOptions) {
    const { kinds, api, clock, logger, metrics, events } = options;
    const byName = new Map(kinds.map((each) => [each.kind.kind, each]));
    const reconciler = new StatusReconciler({
      api,
      clock,
      kindOf: (kind) => entryOf(byName, kind).kind,
      get: (kind, namespace, name) => byName.get(kind)?.informer.store.get({ namespace, name }),
      verdictOf: options.verdictOf,
      programmingOf: options.programmingOf,
      transitioned: (object, desired) => recordTransitions(events, object, desired),
    });
    this.#byKind = new Map(
      kinds.map(({ kind, informer }) => [
        kind.kind,
        new Controller({
          name: `${kind.kind.toLowerCase()}-status`,
          sources: [watches(informer.store, { predicate: generationChanged })],
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

  /** Something that the status of an object speaks of has changed. The key is a source key. */
  touch(object: string): void {
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

function recordTransitions(events: EventRecorder, object: MeshObject, desired: MeshStatus): void {
  for (const event of transitionEvents(object.status?.conditions, desired.conditions ?? []))
    events.record(object, event);
}

function entryOf(byName: ReadonlyMap<string, StatusKind>, kind: string): StatusKind {
  const entry = byName.get(kind);
  if (entry === undefined) throw new Error(`no status is kept for the kind ${kind}`);
  return entry;
}
