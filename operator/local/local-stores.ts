import {
  AUTHORIZATION_POLICY,
  ENDPOINT_SLICE,
  MESH_POLICY,
  NAMESPACE,
  NODE,
  POD,
  SERVICE,
  SERVICE_ACCOUNT,
  TRAFFIC_SPLIT,
} from '../api/index.ts';
import type { Api } from '../framework/api/api.ts';
import type { KubernetesObject } from '../framework/api/object.ts';
import type { ResourceKind } from '../framework/api/resource-kind.ts';
import type { Clock } from '../framework/clock.ts';
import { Informer, type Logger } from '../framework/index.ts';
import {
  CONFIG_MAP,
  DAEMON_SET,
  type Deployment,
  DEPLOYMENT,
  type LocalPod,
  REPLICA_SET,
  SECRET,
  type StatefulSet,
  STATEFUL_SET,
} from './cluster/kinds.ts';

/** What the local mode looks at. */
export interface LocalStoresOptions {
  readonly api: Api;
  readonly clock: Clock;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** Starts an informer for every kind that the local mode looks at; resolves when all of them have listed. */
export async function startStores({ api, clock, log, signal }: LocalStoresOptions) {
  const started: Promise<void>[] = [];
  const ended: Promise<void>[] = [];
  const follow = <T extends KubernetesObject>(kind: ResourceKind<T>) => {
    const informer = new Informer<T>({ api, kind, clock, logger: log });
    started.push(informer.started());
    ended.push(informer.run(signal));
    return informer.store;
  };
  const stores = {
    namespaces: follow(NAMESPACE),
    nodes: follow(NODE),
    pods: follow(POD as ResourceKind<LocalPod>),
    services: follow(SERVICE),
    serviceAccounts: follow(SERVICE_ACCOUNT),
    slices: follow(ENDPOINT_SLICE),
    deployments: [DEPLOYMENT, REPLICA_SET, DAEMON_SET].map((kind) => follow<Deployment>(kind)),
    statefulSets: follow<StatefulSet>(STATEFUL_SET),
    configMaps: follow(CONFIG_MAP),
    secrets: follow(SECRET),
    policies: [
      follow(MESH_POLICY as ResourceKind),
      follow(TRAFFIC_SPLIT as ResourceKind),
      follow(AUTHORIZATION_POLICY as ResourceKind),
    ],
  };
  await Promise.all(started);
  return { ...stores, ended: Promise.all(ended) };
}

/** The stores of the local mode. */
export type LocalStores = Awaited<ReturnType<typeof startStores>>;
