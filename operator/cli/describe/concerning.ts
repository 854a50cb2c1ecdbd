import { parseSourceKey, type SourceRef } from '@dot-kube/proxy/model';
import { AUTHORIZATION_POLICIES, MESH_POLICIES, scopeOf, TRAFFIC_SPLITS } from '../../build/index.ts';
import { classScopes } from '../../build/class-scopes.ts';
import { classServices } from '../../build/class-services.ts';
import { podClass } from '../../build/pod-facts.ts';
import { scopeKeys } from '../../build/policy-scope.ts';
import { selects } from '../../build/selector.ts';
import { serviceFacts } from '../../build/service-facts.ts';
import { serviceKey } from '../../build/sources.ts';
import type { Derivation, Read } from '../../framework/derive/index.ts';

/** The policies that are about the pods of a class, in force or overruled, and the splits that name Services which lead there. */
export const concerningClass: Derivation<readonly SourceRef[]> = {
  name: 'concerningClass',
  compute(read, key) {
    const labels = read.derived(podClass, key)?.labels ?? {};
    const scopes = read.derived(classScopes, key).flat();
    const policies = scopes.flatMap((scope) => [
      ...inScope(read, 'MeshPolicy', scope.key, labels),
      ...inScope(read, 'AuthorizationPolicy', scope.key, labels),
    ]);
    const splits = read
      .derived(classServices, key)
      .flatMap(({ ref }) => read.members(TRAFFIC_SPLITS, 'service', serviceKey(ref)))
      .map((split) => parseSourceKey(`TrafficSplit/${split}`));
    return [...policies, ...splits];
  },
};

/** The policies that are about callers of the Service `namespace/name`, and the splits that split it or send to it. */
export const concerningService: Derivation<readonly SourceRef[]> = {
  name: 'concerningService',
  compute(read, key) {
    const facts = read.derived(serviceFacts, key);
    if (facts === undefined) return [];
    const { namespace, name } = facts.ref;
    const named = facts.ports.flatMap((port) =>
      port.name === '' ? [] : scopeKeys.service(namespace, name, port.name),
    );
    const scopes = [scopeKeys.mesh, scopeKeys.namespace(namespace), scopeKeys.service(namespace, name), ...named];
    const splits = read.members(TRAFFIC_SPLITS, 'service', key).map((split) => parseSourceKey(`TrafficSplit/${split}`));
    return [...scopes.flatMap((scope) => inScope(read, 'MeshPolicy', scope, {})), ...splits];
  },
};

/** Policies that select pods stand in a scope by one pair of their labels, and need all. */
function inScope(
  read: Read,
  kind: 'MeshPolicy' | 'AuthorizationPolicy',
  scope: string,
  labels: Readonly<Record<string, string>>,
): readonly SourceRef[] {
  const keys =
    kind === 'MeshPolicy'
      ? read.members(MESH_POLICIES, 'scope', scope)
      : read.members(AUTHORIZATION_POLICIES, 'scope', scope);
  return keys.flatMap((key) => {
    const policy = kind === 'MeshPolicy' ? read.get(MESH_POLICIES, key) : read.get(AUTHORIZATION_POLICIES, key);
    const found = policy === undefined ? undefined : scopeOf(policy);
    if (found === undefined || (found.kind === 'pods' && !selects(found.labels, labels))) return [];
    return [parseSourceKey(`${kind}/${key}`)];
  });
}
