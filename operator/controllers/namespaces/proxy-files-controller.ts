import type { Namespace, Pod } from '../../api/index.ts';
import {
  type Api,
  type Clock,
  Controller,
  counter,
  done,
  fromObject,
  gauge,
  Informer,
  isNotFound,
  type Logger,
  type MetricsRegistry,
  type ReconcileContext,
  requeueAfter,
  type Result,
  type Runnable,
  type Source,
  watches,
} from '../../framework/index.ts';
import type { InjectionSettings } from '../../webhooks/index.ts';
import {
  CONFIG_MAP,
  type ConfigMap,
  holdsFiles,
  isMeshedNamespace,
  isOurs,
  podNeedsFiles,
  proxyFilesOf,
} from './proxy-files.ts';

/** What the controller works with. */
export interface ProxyFilesControllerOptions {
  readonly api: Api;
  readonly namespaces: Informer<Namespace>;
  readonly pods: Informer<Pod>;
  readonly settings: InjectionSettings;
  /** Namespaces that have the ConfigMap whatever is in them, those of the system too. Default: none. */
  readonly always?: readonly string[];
  /** The data of the ConfigMap: see `proxyFiles`. */
  readonly files: () => Readonly<Record<string, string>>;
  /** Calls back whenever `files` would answer something else; returns how to stop that. */
  readonly onFilesChange: (changed: () => void) => () => void;
  readonly fieldManager: string;
  /**
   * What nobody needs any more is left for so long, as Jobs come and go, and a pod whose ConfigMap is not there yet waits for the
   * kubelet's next try. Milliseconds. Default: 30 s.
   */
  readonly lingerMs?: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: MetricsRegistry;
}

const LINGER_MS = 30_000;
const POD_INDEX = 'proxy-files';

/**
 * Keeps a ConfigMap with what proxies start with in every namespace that has them, and in no other: written by server-side apply
 * where it is not so already, written again when somebody edits or deletes it, deleted when the namespace needs it no more.
 */
export class ProxyFilesController {
  readonly runnables: readonly Runnable[];
  readonly #options: ProxyFilesControllerOptions;
  readonly #configMaps: Informer<ConfigMap>;
  readonly #writes: { inc(labels: { readonly outcome: 'written' | 'deleted' }): void };
  /** Namespaces with files that nobody needs, and since when. */
  readonly #spare = new Map<string, number>();

  constructor(options: ProxyFilesControllerOptions) {
    this.#options = options;
    const { api, clock, logger, metrics, namespaces, pods, settings } = options;
    const select = { fieldSelector: `metadata.name=${settings.configMap}` };
    this.#configMaps = new Informer({ api, kind: CONFIG_MAP, select, clock, logger, metrics });
    const writes = counter(metrics, {
      name: 'dotkube_proxy_files_writes_total',
      help: 'ConfigMaps with what proxies start with that were written or deleted.',
      labelNames: ['outcome'],
    });
    for (const outcome of ['written', 'deleted']) writes.inc({ outcome }, 0);
    this.#writes = writes;
    const behind: { set(value: number): void } = gauge(metrics, {
      name: 'dotkube_proxy_files_behind',
      help: 'Namespaces whose ConfigMap with what proxies start with is not what it should be.',
      collect: (): void => behind.set(this.behind().length),
    });
    pods.store.addIndex(POD_INDEX, (pod) => (podNeedsFiles(pod, settings) ? [pod.metadata.namespace ?? ''] : []));
    const needs = (pod: Pod | undefined): boolean => pod !== undefined && podNeedsFiles(pod, settings);
    const ofNamespace = fromObject<Pod | ConfigMap>(({ metadata: { namespace: name = '' } }) => [{ name }]);
    const roots: Source = (enqueue) =>
      options.onFilesChange(() => namespaces.store.list().forEach(({ metadata: { name } }) => enqueue({ name })));
    const controller = new Controller({
      name: 'proxy-files',
      sources: [
        watches(namespaces.store),
        watches(this.#configMaps.store, { map: ofNamespace }),
        watches(pods.store, {
          map: ofNamespace,
          predicate: (change) => needs(change.old) !== (change.kind === 'upsert' && needs(change.new)),
        }),
        roots,
      ],
      concurrency: 4,
      clock,
      logger,
      metrics,
      reconcile: ({ name }, context) => this.#reconcile(name, context),
    });
    this.runnables = [this.#configMaps, controller];
  }

  /** The ConfigMaps that do not hold the present files yet, as far as is known; sorted. */
  behind(): readonly string[] {
    const { namespaces } = this.#options;
    const names = namespaces.store.list().filter((namespace) => this.#isNeeded(namespace));
    return names
      .map(({ metadata: { name } }) => this.#wanted(name))
      .filter((wanted) => !holdsFiles(this.#configMaps.store.get(wanted.metadata), wanted))
      .map(({ metadata: { name, namespace = '' } }) => `ConfigMap ${namespace}/${name}`)
      .sort();
  }

  async #reconcile(name: string, { logger, signal }: ReconcileContext): Promise<Result> {
    const { api, fieldManager, namespaces, settings } = this.#options;
    const namespace = namespaces.store.get(name);
    // What is in a namespace that goes, goes with it.
    const isThere = namespace !== undefined && namespace.metadata.deletionTimestamp === undefined;
    if (!isThere || (settings.systemNamespaces.includes(name) && !this.#isAlways(name))) return done();
    const wanted = this.#wanted(name);
    const live = this.#configMaps.store.get(wanted.metadata);
    if (!this.#isNeeded(namespace)) return live === undefined ? done() : await this.#prune(live, logger, signal);
    this.#spare.delete(name);
    if (holdsFiles(live, wanted)) return done();
    // Somebody has made it so that it cannot be changed.
    if (live?.immutable === true) await this.#delete(live, signal);
    await api.apply(CONFIG_MAP, wanted, { fieldManager, force: true, signal });
    this.#writes.inc({ outcome: 'written' });
    logger.info('what proxies start with was written', { namespace: name });
    return done();
  }

  async #prune(live: ConfigMap, logger: Logger, signal: AbortSignal): Promise<Result> {
    const { clock, lingerMs = LINGER_MS } = this.#options;
    const namespace = live.metadata.namespace ?? '';
    if (!isOurs(live)) return done();
    const since = this.#spare.get(namespace) ?? clock.monotonic();
    this.#spare.set(namespace, since);
    const left = since + lingerMs - clock.monotonic();
    if (left > 0) return requeueAfter(left);
    await this.#delete(live, signal);
    this.#spare.delete(namespace);
    this.#writes.inc({ outcome: 'deleted' });
    logger.info('what proxies start with was deleted, as nobody needs it any more', { namespace });
    return done();
  }

  async #delete({ metadata }: ConfigMap, signal: AbortSignal): Promise<void> {
    const { api } = this.#options;
    const { resourceVersion = '', uid = '' } = metadata;
    try {
      await api.delete(CONFIG_MAP, metadata, { preconditions: { resourceVersion, uid }, signal });
    } catch (thrown) {
      if (!isNotFound(thrown)) throw thrown;
    }
  }

  #isNeeded(namespace: Namespace): boolean {
    const { pods, settings } = this.#options;
    const { deletionTimestamp, name } = namespace.metadata;
    if (deletionTimestamp !== undefined) return false;
    if (this.#isAlways(name)) return true;
    if (settings.systemNamespaces.includes(name)) return false;
    return isMeshedNamespace(namespace, settings) || pods.store.byIndex(POD_INDEX, name).length > 0;
  }

  #isAlways(namespace: string): boolean {
    return this.#options.always?.includes(namespace) === true;
  }

  #wanted(namespace: string): ConfigMap & { readonly metadata: { readonly namespace?: string } } {
    const { files, settings } = this.#options;
    return proxyFilesOf(namespace, settings, files());
  }
}
