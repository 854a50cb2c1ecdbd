import { sourceKey } from '@dot-kube/proxy/model';
import {
  AUTHORIZATION_POLICIES,
  COLLECTIONS,
  MESH_POLICIES,
  namespaceNetworkPolicies,
  PODS,
  SERVICES,
  SETTINGS,
  TRAFFIC_SPLITS,
} from '../../build/index.ts';
import { classKeyOf, isAlive, isMeshed } from '../../build/pod-class.ts';
import { policyStatus, policyStatusKeys } from '../../build/status/policy-status.ts';
import { type Collection, DerivedGraph, type Derivation, type ObjectChange } from '../../framework/derive/index.ts';
import type { KubernetesObject } from '../../framework/index.ts';
import { serviceNotes } from '../services/service-notes.ts';
import { LOCALITIES } from './localities.ts';
import type { TrackedObject } from './mesh-controller.ts';
import { placedEndpoints, placedService } from './service-resources.ts';
import {
  type Capture,
  EXPLICIT_PROXIES,
  placedMesh,
  placedMeshExplicit,
  placedProxy,
  placedWorkload,
  placedWorkloadExplicit,
} from './workload-resources.ts';

/** The collections of our own kinds, whose programming is tracked. */
export const POLICY_COLLECTIONS: readonly Collection<KubernetesObject>[] = [
  MESH_POLICIES,
  TRAFFIC_SPLITS,
  AUTHORIZATION_POLICIES,
] as readonly Collection<KubernetesObject>[];

/** A graph from Kubernetes objects to encoded resources, and which of its derivations are such. */
export interface MeshGraph {
  readonly graph: DerivedGraph;
  readonly placed: ReadonlySet<Derivation<unknown>>;
}

/** Everything that is compiled, and what asks for it. */
export function createMeshGraph(capture: Capture): MeshGraph {
  const graph = new DerivedGraph([...COLLECTIONS, LOCALITIES, EXPLICIT_PROXIES]);
  const [mesh, workload] =
    capture === 'redirect' ? [placedMesh, placedWorkload] : [placedMeshExplicit, placedWorkloadExplicit];
  graph.root(mesh, SETTINGS, () => ['mesh']);
  graph.root(placedService, SERVICES, (service) => [SERVICES.keyOf(service)]);
  graph.root(placedEndpoints, SERVICES, (service) => [SERVICES.keyOf(service)]);
  graph.root(serviceNotes, SERVICES, (service) => [SERVICES.keyOf(service)]);
  graph.root(workload, PODS, (pod) => (isMeshed(pod) && isAlive(pod) ? [classKeyOf(pod)] : []));
  graph.root(namespaceNetworkPolicies, PODS, (pod) =>
    isMeshed(pod) && isAlive(pod) ? [pod.metadata.namespace ?? ''] : [],
  );
  graph.root(placedProxy, EXPLICIT_PROXIES, ({ proxyId }) => [proxyId]);
  for (const collection of POLICY_COLLECTIONS) {
    graph.root(policyStatus, collection, policyStatusKeys);
  }
  return { graph, placed: new Set([mesh, workload, placedService, placedEndpoints, placedProxy]) };
}

/** Which version of an object of ours a change brings; undefined for other kinds. */
export function trackedObject(change: ObjectChange): TrackedObject | undefined {
  if (!POLICY_COLLECTIONS.some(({ name }) => name === change.collection.name)) return undefined;
  const slash = change.key.indexOf('/');
  const object = sourceKey({
    kind: change.collection.name,
    namespace: change.key.slice(0, slash),
    name: change.key.slice(slash + 1),
  });
  const { uid = '', generation = 0 } = (change.object as KubernetesObject | undefined)?.metadata ?? {};
  return { object, uid, generation };
}
