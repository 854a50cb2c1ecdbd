import type { EndpointSet, MeshSettings, Service, Workload } from '@dot-kube/proxy/model';
import type { Pod } from '../../api/index.ts';
import type { Finding } from '../../findings/index.ts';
import type { KubernetesObject } from '../../framework/api/object.ts';
import { type Collection, DerivedGraph, type ObjectChange } from '../../framework/derive/index.ts';
import { compareText } from '../lenient.ts';
import {
  classKeyOf,
  COLLECTIONS,
  elsewhere,
  endpointSets,
  type GeneratedNetworkPolicy,
  isAlive,
  isMeshed,
  MESH,
  namespaceNetworkPolicies,
  policyStatus,
  type PolicyStatus,
  policyStatusKeys,
  PODS,
  serviceFindings,
  serviceModel,
  SERVICES,
  SETTINGS,
  workloadModel,
} from '../index.ts';

/** What objects come to: everything that the derivations of this folder make. */
export interface Compiled {
  readonly services: ReadonlyMap<string, Service>;
  readonly endpoints: ReadonlyMap<string, EndpointSet>;
  /** By class key. */
  readonly workloads: ReadonlyMap<string, Workload>;
  readonly elsewhere: readonly string[];
  /** By `Kind/namespace/name`. */
  readonly policies: ReadonlyMap<string, PolicyStatus>;
  readonly serviceFindings: readonly Finding[];
  /** By namespace. */
  readonly networkPolicies: ReadonlyMap<string, readonly GeneratedNetworkPolicy[]>;
}

/** The collection of a kind; objects of other kinds are none of the mesh's business. */
export function collectionOf(kind: string): Collection<KubernetesObject> | undefined {
  return (COLLECTIONS as readonly Collection<KubernetesObject>[]).find(
    ({ name }) => name === kind && name !== SETTINGS.name,
  );
}

/** The changes that bring objects into a graph. */
export function arrivals(objects: readonly KubernetesObject[]): readonly ObjectChange[] {
  return objects.flatMap((object) => {
    const collection = collectionOf(object.kind);
    return collection === undefined ? [] : [{ collection, key: collection.keyOf(object), object }];
  });
}

/** A graph in which every object asks for what the operator would ask for. */
export function meshGraph(settings?: MeshSettings): DerivedGraph {
  const graph = new DerivedGraph(COLLECTIONS);
  for (const derivation of [serviceModel, endpointSets, serviceFindings]) {
    graph.root<KubernetesObject, unknown>(derivation, SERVICES, (object) => [keyOf(object)]);
  }
  graph.root(workloadModel, PODS, (pod) => (isRunning(pod) ? [classKeyOf(pod)] : []));
  graph.root(namespaceNetworkPolicies, PODS, (pod) => (isRunning(pod) ? [namespaceOf(pod)] : []));
  for (const kind of ['MeshPolicy', 'TrafficSplit', 'AuthorizationPolicy']) {
    const collection = collectionOf(kind);
    if (collection !== undefined) graph.root(policyStatus, collection, policyStatusKeys);
  }
  if (settings !== undefined) graph.update([{ collection: SETTINGS, key: MESH, object: settings }]);
  return graph;
}

/** What the objects of a graph come to. */
export function compiled(graph: DerivedGraph): Compiled {
  const services = graph.list(SERVICES).map(keyOf).sort();
  const classes = [...new Set(graph.list(PODS).filter(isRunning).map(classKeyOf))].sort();
  const namespaces = [...new Set(graph.list(PODS).filter(isRunning).map(namespaceOf))].sort();
  const policies = ['MeshPolicy', 'TrafficSplit', 'AuthorizationPolicy'].flatMap((kind) => {
    const collection = collectionOf(kind);
    return collection === undefined ? [] : graph.list(collection).flatMap(policyStatusKeys);
  });
  return {
    services: present(services, (key) => graph.peek(serviceModel, key)),
    endpoints: new Map(services.flatMap((key) => graph.peek(endpointSets, key)).map((set) => [set.cluster, set])),
    workloads: present(classes, (key) => graph.peek(workloadModel, key)),
    elsewhere: graph.peek(elsewhere, MESH).map(({ ref }) => `${ref.namespace}/${ref.name}`),
    policies: present(policies.sort(compareText), (key) => graph.peek(policyStatus, key)),
    serviceFindings: services.flatMap((key) => graph.peek(serviceFindings, key)),
    networkPolicies: present(namespaces, (namespace) => graph.peek(namespaceNetworkPolicies, namespace)),
  };
}

/** What the objects come to, from scratch. */
export function compile(objects: readonly KubernetesObject[], settings?: MeshSettings): Compiled {
  const graph = meshGraph(settings);
  graph.update(arrivals(objects));
  return compiled(graph);
}

function present<T>(keys: readonly string[], get: (key: string) => T | undefined): ReadonlyMap<string, T> {
  return new Map(
    keys.flatMap((key) => {
      const value = get(key);
      return value === undefined ? [] : [[key, value] as const];
    }),
  );
}

function isRunning(pod: Pod): boolean {
  return isMeshed(pod) && isAlive(pod);
}

function namespaceOf({ metadata }: KubernetesObject): string {
  return metadata.namespace ?? '';
}

function keyOf({ metadata }: KubernetesObject): string {
  return `${metadata.namespace}/${metadata.name}`;
}
