import type { Api, SelectOptions } from '../api/api.ts';
import type { KubernetesObject } from '../api/object.ts';
import { type ResourceKind, resourceNameOf } from '../api/resource-kind.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { Runnable, Stage } from '../manager/runnable.ts';
import type { MetricsRegistry } from '../metrics.ts';
import type { Mutation } from '../store/change.ts';
import { type ReadonlyStore, Store } from '../store/store.ts';
import type { WatcherOutput, WatcherState } from './state.ts';
import { Watcher, type WatchTimings } from './watcher.ts';

/** What an {@link Informer} is made of. */
export interface InformerOptions<T extends KubernetesObject> {
  readonly api: Api;
  readonly kind: ResourceKind<T>;
  /** Default: all objects in all namespaces. */
  readonly select?: Omit<SelectOptions, 'signal'>;
  /** Applied to every object on entry. Default: managedFields are taken out. */
  readonly transform?: (object: T) => T;
  /**
   * Whether the kind may be missing on the server, as those of uninstalled CRDs are: then the informer counts as in sync
   * and empty, and looks for the kind once a minute. Default: false.
   */
  readonly optional?: boolean;
  /**
   * Whether there are always objects of the kind, as there are Namespaces and Services in every cluster: an empty list is then not
   * believed at the start either. Default: false.
   */
  readonly neverEmpty?: boolean;
  readonly timings?: Partial<WatchTimings>;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly metrics?: MetricsRegistry;
  readonly random?: () => number;
}

/** Keeps a store in sync with the objects of one kind. */
export class Informer<T extends KubernetesObject = KubernetesObject> implements Runnable {
  readonly name: string;
  readonly stage: Stage = 'cache';
  readonly #store: Store<T>;
  readonly #watcher: Watcher<T>;
  readonly #synced = Promise.withResolvers<void>();
  #hasSynced = false;
  #isAbsent = false;

  constructor(options: InformerOptions<T>) {
    const { transform, optional = false, ...watch } = options;
    this.name = `informer/${resourceNameOf(options.kind)}`;
    const store = new Store<T>(transform);
    this.#store = store;
    this.#watcher = new Watcher<T>({
      ...watch,
      known: {
        size: () => store.size,
        versionOf: (key) => store.get(key)?.metadata.resourceVersion,
      },
      emit: (outputs) => this.#emit(outputs),
      ...(optional ? { onAbsent: () => this.#absent() } : {}),
    });
  }

  get store(): ReadonlyStore<T> & Pick<Store<T>, 'addIndex'> {
    return this.#store;
  }

  /** Whether the store has had all objects at least once. */
  get hasSynced(): boolean {
    return this.#hasSynced;
  }

  /** Whether the server did not know the kind when it was last asked. */
  get isAbsent(): boolean {
    return this.#isAbsent;
  }

  get state(): WatcherState<T> {
    return this.#watcher.state;
  }

  /** Resolves when the store has all objects for the first time. */
  started(): Promise<void> {
    return this.#synced.promise;
  }

  run(signal: AbortSignal): Promise<void> {
    return this.#watcher.run(signal);
  }

  #emit(outputs: readonly WatcherOutput<T>[]): void {
    let mutations: Mutation<T>[] = [];
    for (const output of outputs) {
      if (output.kind !== 'replace') {
        mutations.push(output);
        continue;
      }
      this.#store.apply(mutations);
      mutations = [];
      this.#isAbsent = false;
      try {
        this.#store.replace(output.objects);
      } finally {
        this.#sync();
      }
    }
    this.#store.apply(mutations);
  }

  #absent(): void {
    this.#isAbsent = true;
    this.#sync();
  }

  #sync(): void {
    this.#hasSynced = true;
    this.#synced.resolve();
  }
}
