import {
  AUTHORIZATION_POLICY,
  ENDPOINT_SLICE,
  MESH_POLICY,
  NAMESPACE,
  NODE,
  POD,
  SERVICE,
  TRAFFIC_SPLIT,
} from '../api/index.ts';
import {
  AUTHORIZATION_POLICIES,
  ENDPOINT_SLICES,
  MESH_POLICIES,
  NAMESPACES,
  NODES,
  PODS,
  SERVICES,
  TRAFFIC_SPLITS,
} from '../build/index.ts';
import type { Collection, ObjectChange } from '../framework/derive/index.ts';
import {
  type Api,
  type Clock,
  Informer,
  type KubernetesObject,
  type Logger,
  type MetricsRegistry,
  type ResourceKind,
} from '../framework/index.ts';

/** What informers are made of. */
export interface InformerSettings {
  readonly api: Api;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: MetricsRegistry;
  /** Whether the API is a cluster's, which has some objects of its own: see `neverEmpty` of informers. */
  readonly isCluster: boolean;
}

/** What an API server makes by itself: namespaces, and the Service of its own with its endpoints. */
const ALWAYS: readonly ResourceKind[] = [NAMESPACE, SERVICE, ENDPOINT_SLICE];

/** One informer for each kind that is read, and what hears of all of them. */
export function createInformers(
  { isCluster, ...settings }: InformerSettings,
  changed: (changes: readonly ObjectChange[]) => void,
) {
  const follow = <T extends KubernetesObject>(kind: ResourceKind<T>, collection: Collection<T>): Informer<T> => {
    const informer = new Informer<T>({ ...settings, kind, neverEmpty: isCluster && ALWAYS.includes(kind) });
    informer.store.subscribe((changes) =>
      changed(
        changes.map((change) =>
          change.kind === 'upsert'
            ? { collection, key: change.key, object: change.new }
            : { collection, key: change.key },
        ) as readonly ObjectChange[],
      ),
    );
    return informer;
  };
  return {
    namespaces: follow(NAMESPACE, NAMESPACES),
    nodes: follow(NODE, NODES),
    services: follow(SERVICE, SERVICES),
    endpointSlices: follow(ENDPOINT_SLICE, ENDPOINT_SLICES),
    pods: follow(POD, PODS),
    meshPolicies: follow(MESH_POLICY, MESH_POLICIES),
    trafficSplits: follow(TRAFFIC_SPLIT, TRAFFIC_SPLITS),
    authorizationPolicies: follow(AUTHORIZATION_POLICY, AUTHORIZATION_POLICIES),
  };
}

/** The informers of the kinds that are read. */
export type Informers = ReturnType<typeof createInformers>;
