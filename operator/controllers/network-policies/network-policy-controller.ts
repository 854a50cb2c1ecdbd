import type { SourceRef } from '@dot-kube/proxy/model';
import { NETWORK_POLICY, type NetworkPolicy } from '../../api/index.ts';
import type { GeneratedNetworkPolicy } from '../../build/index.ts';
import {
  type Api,
  type Clock,
  Controller,
  counter,
  done,
  fromObject,
  Informer,
  isNotFound,
  type KubernetesObject,
  type Logger,
  type MetricsRegistry,
  refOf,
  type ReconcileContext,
  type Runnable,
  watches,
} from '../../framework/index.ts';
import { differenceOf, LABEL_SELECTOR, networkPolicyObject } from './network-policy-object.ts';

/** What the controller works with. */
export interface NetworkPolicyControllerOptions {
  readonly api: Api;
  /** The NetworkPolicies that belong into a namespace. */
  readonly generated: (namespace: string) => readonly GeneratedNetworkPolicy[];
  /** The namespaces that may have some at the start; of later changes `touch` tells. */
  readonly namespaces: () => Iterable<string>;
  /** A policy as it is stored. */
  readonly objectOf: (ref: SourceRef) => KubernetesObject | undefined;
  readonly fieldManager: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: MetricsRegistry;
}

/**
 * Keeps the generated NetworkPolicies in their namespaces: written by server-side apply where they are not so already, written
 * again when somebody edits or deletes them, deleted when nothing wants them any more.
 */
export class NetworkPolicyController {
  readonly runnables: readonly Runnable[];
  readonly #options: NetworkPolicyControllerOptions;
  readonly #live: Informer<NetworkPolicy>;
  readonly #controller: Controller;
  readonly #writes: { inc(labels: { readonly outcome: 'written' | 'deleted' }, by?: number): void };

  constructor(options: NetworkPolicyControllerOptions) {
    this.#options = options;
    const { api, clock, logger, metrics, namespaces } = options;
    const select = { labelSelector: LABEL_SELECTOR };
    this.#live = new Informer({ api, kind: NETWORK_POLICY, select, clock, logger, metrics });
    this.#writes = counter(metrics, {
      name: 'dotkube_network_policy_writes_total',
      help: 'Generated NetworkPolicies that were written or deleted.',
      labelNames: ['outcome'],
    });
    for (const outcome of ['written', 'deleted'] as const) this.#writes.inc({ outcome }, 0);
    this.#controller = new Controller({
      name: 'network-policies',
      sources: [
        (enqueue) => {
          for (const name of namespaces()) enqueue({ name });
          return () => {};
        },
        watches(this.#live.store, {
          map: fromObject<NetworkPolicy>(({ metadata: { namespace: name = '' } }) => [{ name }]),
        }),
      ],
      concurrency: 4,
      clock,
      logger,
      metrics,
      reconcile: ({ name }, context) => this.#reconcile(name, context),
    });
    this.runnables = [this.#live, this.#controller];
  }

  /** What belongs into a namespace may be different. */
  touch(namespace: string): void {
    this.#controller.enqueue({ name: namespace });
  }

  async #reconcile(namespace: string, { logger, signal }: ReconcileContext): Promise<ReturnType<typeof done>> {
    const { api, fieldManager, generated, objectOf } = this.#options;
    const wanted = generated(namespace).map((each) => networkPolicyObject(each, objectOf));
    const live = this.#live.store.list().filter(({ metadata }) => metadata.namespace === namespace);
    const { apply, remove } = differenceOf(wanted, live);
    // New ones first: nobody is without what lets him in, nor a pod open, while selectors change hands.
    for (const object of apply) {
      await api.apply(NETWORK_POLICY, object, { fieldManager, force: true, signal });
      this.#writes.inc({ outcome: 'written' });
      logger.info('wrote a NetworkPolicy', { networkPolicy: `${namespace}/${object.metadata.name}` });
    }
    for (const object of remove) await this.#remove(object, signal, logger);
    return done();
  }

  async #remove(object: NetworkPolicy, signal: AbortSignal, logger: Logger): Promise<void> {
    const { uid } = object.metadata;
    try {
      await this.#options.api.delete(NETWORK_POLICY, refOf(object), { preconditions: { ...(uid && { uid }) }, signal });
    } catch (thrown) {
      if (!isNotFound(thrown)) throw thrown;
      return;
    }
    this.#writes.inc({ outcome: 'deleted' });
    logger.info('deleted a NetworkPolicy', { networkPolicy: `${object.metadata.namespace}/${object.metadata.name}` });
  }
}
