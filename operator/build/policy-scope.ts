import type { AuthorizationPolicy, MeshPolicy } from '../api/index.ts';
import { type Labels, listOf, objectOf, pairsOf, textOf } from './lenient.ts';
import { selectorKeys } from './selector.ts';

/** Policies of this namespace that name no target hold for the whole mesh. */
export const MESH_NAMESPACE = 'dot-kube-system';

/** One Service of a policy's targetRefs; `section` is the name of one of its ports. */
export interface ServiceTarget {
  readonly namespace: string;
  readonly name: string;
  readonly section?: string;
  /** The index in targetRefs. */
  readonly index: number;
}

/** What a policy applies to. */
export type PolicyScope =
  | { readonly kind: 'mesh' }
  | { readonly kind: 'namespace'; readonly namespace: string }
  | { readonly kind: 'services'; readonly targets: readonly ServiceTarget[] }
  /** `namespace` absent: the pods of every namespace. */
  | { readonly kind: 'pods'; readonly namespace?: string; readonly labels: Labels };

/** The scope of a policy. Targets that cannot be read are left out, and never make the policy apply to more. */
export function scopeOf(policy: MeshPolicy | AuthorizationPolicy): PolicyScope {
  const namespace = policy.metadata.namespace ?? '';
  const spec = objectOf(policy.spec);
  if (spec?.targetRefs !== undefined) return { kind: 'services', targets: targetsOf(policy, namespace) };
  if (spec?.selector !== undefined) {
    const labels = Object.fromEntries(pairsOf(objectOf(spec.selector)?.matchLabels));
    return namespace === MESH_NAMESPACE ? { kind: 'pods', labels } : { kind: 'pods', namespace, labels };
  }
  return namespace === MESH_NAMESPACE ? { kind: 'mesh' } : { kind: 'namespace', namespace };
}

function targetsOf({ spec }: MeshPolicy | AuthorizationPolicy, namespace: string): readonly ServiceTarget[] {
  return listOf(spec.targetRefs).flatMap((target, index) => {
    const name = textOf(target.name);
    if (name === undefined || target.kind !== 'Service') return [];
    const section = textOf(target.sectionName);
    return [{ namespace, name, index, ...(section === undefined ? {} : { section }) }];
  });
}

/** The index keys of the scopes that a policy stands in. */
export function scopeKeysOf(policy: MeshPolicy | AuthorizationPolicy): readonly string[] {
  const scope = scopeOf(policy);
  switch (scope.kind) {
    case 'mesh':
      return [scopeKeys.mesh];
    case 'namespace':
      return [scopeKeys.namespace(scope.namespace)];
    case 'pods':
      return selectorKeys(scopeKeys.pods(scope.namespace), scope.labels);
    case 'services':
      return scope.targets.map(({ namespace, name, section }) => scopeKeys.service(namespace, name, section));
  }
}

/** The names of scopes in indexes. For pods, a pair of the selector follows; see `selectorKeys`. */
export const scopeKeys = {
  mesh: 'mesh',
  namespace: (namespace: string): string => `namespace/${namespace}`,
  pods: (namespace?: string): string => `pods/${namespace ?? '*'}`,
  service: (namespace: string, name: string, section = ''): string => `service/${namespace}/${name}/${section}`,
} as const;
