import { ENDPOINT_SLICE, NODE, POD, SERVICE, SERVICE_ACCOUNT } from '../../api/index.ts';
import type { EndpointSlice, Namespace, Node, Pod, Service, ServiceAccount } from '../../api/index.ts';
import type { Api, ApplyObject } from '../../framework/api/api.ts';
import { isAlreadyExists, isNotFound } from '../../framework/api/api-error.ts';
import { jsonEqual } from '../../framework/api/json.ts';
import { keyOfObject, type KubernetesObject, refOf } from '../../framework/api/object.ts';
import type { ResourceKind } from '../../framework/api/resource-kind.ts';
import type { CancelTimer, Clock } from '../../framework/clock.ts';
import type { Logger } from '../../framework/log.ts';
import { byOwnerUid } from '../../framework/store/index-function.ts';
import type { ReadonlyStore, Store } from '../../framework/store/store.ts';
import { endpointSlicesFor, isOwnSlice } from './endpoint-slices.ts';
import { injectionOf, type NamespaceLabels } from './injection.ts';
import type { Deployment, LocalPod, StatefulSet } from './kinds.ts';
import { nodeNameOf, nodesFor } from './locality.ts';
import { planDeployment, planStatefulSet, type ReplicaPlan } from './replicas.ts';
import { allocateAddresses } from './service-addresses.ts';

/** Who writes what a cluster's own controllers would. */
export const CLUSTER_MANAGER = 'dotkube-local-cluster';

/** The objects that a cluster's own controllers look at, as informers keep them. */
export interface ClusterStores {
  readonly namespaces: ReadonlyStore<Namespace>;
  readonly nodes: ReadonlyStore<Node>;
  readonly pods: ReadonlyStore<LocalPod> & Pick<Store<LocalPod>, 'addIndex'>;
  readonly services: ReadonlyStore<Service>;
  readonly serviceAccounts: ReadonlyStore<ServiceAccount>;
  readonly slices: ReadonlyStore<EndpointSlice>;
  /** Deployments, ReplicaSets and DaemonSets. */
  readonly deployments: readonly ReadonlyStore<Deployment>[];
  readonly statefulSets: ReadonlyStore<StatefulSet>;
}

/** What a cluster controller works with. */
export interface ClusterControllerOptions {
  readonly api: Api;
  readonly stores: ClusterStores;
  readonly clock: Clock;
  readonly log: Logger;
}

const RETRY_MS = 500;

/**
 * What a cluster would add to the objects of the folder: addresses of Services, service accounts, replicas, endpoints, nodes.
 * Looks at everything after every change: a laptop's mesh is small, and what is decided is pure.
 */
export class ClusterController {
  readonly #options: ClusterControllerOptions;
  readonly #written = new Map<string, unknown>();
  readonly #ends: (() => void)[] = [];
  #working: Promise<void> | undefined;
  #again = false;
  #closed = false;
  #cancelRetry: CancelTimer | undefined;

  constructor(options: ClusterControllerOptions) {
    this.#options = options;
    options.stores.pods.addIndex('owner', byOwnerUid);
  }

  /** Follows the stores from now on. */
  start(): void {
    const { deployments, namespaces, pods, services, statefulSets } = this.#options.stores;
    for (const store of [namespaces, pods, services, statefulSets, ...deployments] as readonly ReadonlyStore[])
      this.#ends.push(store.subscribe(() => this.#workSoon()));
    this.#workSoon();
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const end of this.#ends) end();
    this.#cancelRetry?.();
    await this.#working;
  }

  #workSoon(): void {
    this.#again = true;
    this.#working ??= this.#work();
  }

  async #work(): Promise<void> {
    // What comes in the same turn is one piece of work.
    await Promise.resolve();
    try {
      while (this.#again && !this.#closed) {
        this.#again = false;
        await this.#reconcile();
      }
    } catch (error) {
      this.#options.log.error('the local cluster could not be reconciled', { error });
      this.#cancelRetry = this.#options.clock.setTimeout(() => this.#workSoon(), RETRY_MS);
    } finally {
      this.#working = undefined;
    }
  }

  async #reconcile(): Promise<void> {
    const { deployments, namespaces, pods, services, statefulSets } = this.#options.stores;
    for (const namespace of namespaces.list()) await this.#ensureAccount(namespace);
    for (const [key, address] of allocateAddresses(services.list())) await this.#giveAddress(key, address);
    for (const pod of pods.list()) await this.#admit(pod);
    for (const workload of deployments.flatMap((store) => store.list()))
      await this.#carryOut(planDeployment(this.#replicasOf(workload)));
    for (const workload of statefulSets.list()) await this.#carryOut(planStatefulSet(this.#replicasOf(workload)));
    await this.#applyAll(NODE, nodesFor(pods.list()), this.#options.stores.nodes.list());
    const slices = services.list().flatMap((service) => endpointSlicesFor(service, pods.list()));
    await this.#applyAll(ENDPOINT_SLICE, slices, this.#options.stores.slices.list().filter(isOwnSlice));
  }

  #replicasOf<T extends KubernetesObject>(workload: T) {
    const pods = this.#options.stores.pods.byIndex('owner', workload.metadata.uid ?? '');
    return { workload, pods, namespace: this.#labelsOf(workload.metadata.namespace) };
  }

  #labelsOf(namespace = 'default'): NamespaceLabels {
    return this.#options.stores.namespaces.get(namespace)?.metadata.labels ?? {};
  }

  async #carryOut({ create, remove }: ReplicaPlan): Promise<void> {
    const { api } = this.#options;
    for (const pod of remove) await unless(isNotFound, api.delete(POD, refOf(pod)));
    for (const pod of create)
      await unless(isAlreadyExists, api.create<Pod>(POD, pod, { fieldManager: CLUSTER_MANAGER }));
  }

  async #ensureAccount({ metadata }: Namespace): Promise<void> {
    const account: ServiceAccount = {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default', namespace: metadata.name },
    };
    if (this.#options.stores.serviceAccounts.get(account.metadata) === undefined)
      await this.#apply(SERVICE_ACCOUNT, account, metadata.uid);
  }

  async #giveAddress(key: string, address: string): Promise<void> {
    const service = this.#options.stores.services.get(key);
    if (service === undefined) return;
    const { apiVersion, kind, metadata } = service;
    const { name, namespace = 'default' } = metadata;
    const spec = { clusterIP: address, clusterIPs: [address] };
    await this.#apply(SERVICE, { apiVersion, kind, metadata: { name, namespace }, spec }, metadata.uid);
  }

  /** A pod of the folder itself is scheduled and injected as those of workloads are at their birth. */
  async #admit({ apiVersion, kind, metadata, spec }: LocalPod): Promise<void> {
    if (spec?.nodeName !== undefined) return;
    const { labels } = injectionOf(metadata.labels, this.#labelsOf(metadata.namespace));
    const { name, namespace = 'default' } = metadata;
    const scheduled = {
      nodeName: nodeNameOf(metadata.labels),
      serviceAccountName: spec?.serviceAccountName ?? 'default',
    };
    const admitted = { apiVersion, kind, metadata: { name, namespace, labels }, spec: scheduled };
    await this.#apply(POD, admitted, metadata.uid);
  }

  /** Writes what is new or changed of these, and deletes what is there beyond. */
  async #applyAll(kind: ResourceKind, wanted: readonly KubernetesObject[], present: readonly KubernetesObject[]) {
    const keys = new Set(wanted.map(keyOfObject));
    for (const object of wanted) await this.#apply(kind, object);
    for (const object of present) {
      if (keys.has(keyOfObject(object))) continue;
      this.#written.delete(`${kind.kind}/${keyOfObject(object)}`);
      await unless(isNotFound, this.#options.api.delete(kind, refOf(object)));
    }
  }

  /** `sake`: the object for whose sake it is written; another one under the same name gets it anew. */
  async #apply(kind: ResourceKind, object: ApplyObject, sake = ''): Promise<void> {
    const key = `${kind.kind}/${keyOfObject(object)}`;
    if (jsonEqual(this.#written.get(key), [object, sake])) return;
    await this.#options.api.apply(kind, object, { fieldManager: CLUSTER_MANAGER, force: true });
    this.#written.set(key, [object, sake]);
  }
}

/** Waits for a call that may fail in one way. */
async function unless(expected: (error: unknown) => boolean, call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!expected(error)) throw error;
  }
}
