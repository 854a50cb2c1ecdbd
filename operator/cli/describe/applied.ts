import { type SourceRef, sourceKey, uniqueSources } from '@dot-kube/proxy/model';
import type { AuthorizationPolicy, MeshPolicy } from '../../api/index.ts';
import {
  AUTHORIZATION_POLICIES,
  MESH_NAMESPACE,
  MESH_POLICIES,
  policyStatus,
  scopeOf,
  TRAFFIC_SPLITS,
} from '../../build/index.ts';
import { findingText } from '../../findings/index.ts';
import type { KubernetesObject } from '../../framework/api/object.ts';
import type { DerivedGraph } from '../../framework/derive/index.ts';
import { objectStatus } from '../../local/status/status-report.ts';
import type { AppliedPolicy, Layer } from './description.ts';

/** How an object is called: `MeshPolicy shop/fast`. */
export function sourceText({ kind, name, namespace }: SourceRef): string {
  return `${kind} ${namespace}/${name}`;
}

/** An object of ours by its reference. */
function policyOf(graph: DerivedGraph, ref: SourceRef): KubernetesObject | undefined {
  const collections = [MESH_POLICIES, AUTHORIZATION_POLICIES, TRAFFIC_SPLITS];
  for (const collection of collections) {
    if (collection.name !== ref.kind) continue;
    const all: readonly KubernetesObject[] = graph.list(collection as typeof MESH_POLICIES);
    return all.find(({ metadata }) => metadata.namespace === ref.namespace && metadata.name === ref.name);
  }
  return undefined;
}

/** In which layer an object speaks. A policy that names a port of a Service is more specific than one that names the Service. */
export function layerOf(graph: DerivedGraph, ref: SourceRef | undefined): Layer {
  const policy = ref === undefined ? undefined : policyOf(graph, ref);
  if (policy === undefined || ref === undefined) return 'default';
  if (ref.kind === 'TrafficSplit') return 'Service';
  const scope = scopeOf(policy as MeshPolicy | AuthorizationPolicy);
  switch (scope.kind) {
    case 'mesh':
      return 'mesh';
    case 'namespace':
      return 'namespace';
    case 'pods':
      return policy.metadata.namespace === MESH_NAMESPACE ? 'mesh, by labels' : 'pods, by labels';
    case 'services':
      return scope.targets.every(({ section }) => section !== undefined) ? 'port of a Service' : 'Service';
  }
}

const ORDER: readonly Layer[] = [
  'default',
  'mesh',
  'mesh, by labels',
  'namespace',
  'Service',
  'port of a Service',
  'pods, by labels',
];

/** The policies behind something, the least specific first, with how each stands. */
export function appliedPolicies(graph: DerivedGraph, sources: readonly SourceRef[]): readonly AppliedPolicy[] {
  return uniqueSources(sources)
    .flatMap((ref): readonly AppliedPolicy[] => {
      const policy = policyOf(graph, ref);
      if (policy === undefined) return [];
      const findings = graph.peek(policyStatus, sourceKey(ref))?.findings ?? [];
      return [
        {
          object: sourceText(ref),
          layer: layerOf(graph, ref),
          conditions: objectStatus(policy).conditions,
          findings: findings.map(findingText),
        },
      ];
    })
    .sort((a, b) => ORDER.indexOf(a.layer) - ORDER.indexOf(b.layer) || (a.object < b.object ? -1 : 1));
}
