import type { Read } from '../framework/derive/index.ts';
import { PODS } from './collections.ts';
import { podClass } from './pod-facts.ts';
import { type PolicyScope, scopeKeys } from './policy-scope.ts';
import { selectorKeys, selects } from './selector.ts';
import { serviceFacts } from './service-facts.ts';
import type { Labels } from './lenient.ts';

/** The keys of the classes of meshed pods that a scope is about, sorted; each target of Services counts. */
export function classesOf(read: Read, scope: PolicyScope): readonly string[] {
  switch (scope.kind) {
    case 'mesh':
      return read.members(PODS, 'classes', scopeKeys.mesh);
    case 'namespace':
      return read.members(PODS, 'classes', scopeKeys.namespace(scope.namespace));
    case 'pods':
      return selectedClasses(read, scope.namespace, scope.labels);
    case 'services':
      return [
        ...new Set(scope.targets.flatMap(({ namespace, name }) => classesOfService(read, `${namespace}/${name}`))),
      ].sort();
  }
}

/** The keys of the classes that the Service `namespace/name` selects, sorted. */
export function classesOfService(read: Read, key: string): readonly string[] {
  const facts = read.derived(serviceFacts, key);
  return facts === undefined ? [] : selectedClasses(read, facts.ref.namespace, facts.selector);
}

function selectedClasses(read: Read, namespace: string | undefined, labels: Labels): readonly string[] {
  return selectorKeys(scopeKeys.pods(namespace), labels)
    .flatMap((group) => read.members(PODS, 'classes', group))
    .filter((key) => selects(labels, read.derived(podClass, key)?.labels ?? {}));
}
