import type { Derivation } from '../framework/derive/index.ts';
import { classServices } from './class-services.ts';
import { podClass } from './pod-facts.ts';
import { scopeKeys } from './policy-scope.ts';
import { labelKeys } from './selector.ts';

/** One scope whose policies may concern a class. */
export interface ClassScope {
  /** The index key; see `scopeKeys`. */
  readonly key: string;
  /** The ports of the pod that the scope is about. Absent: all of them. */
  readonly ports?: readonly number[];
}

/**
 * The scopes that concern a class, in layers, the least specific first: the mesh; pods that the mesh's namespace selects; the
 * namespace; Services; their ports; pods that the namespace selects. Policies that select pods still have to be asked.
 */
export const classScopes: Derivation<readonly (readonly ClassScope[])[]> = {
  name: 'classScopes',
  compute(read, key) {
    const pods = read.derived(podClass, key);
    if (pods === undefined) return [];
    const { namespace, labels } = pods;
    const services = read.derived(classServices, key);
    const all = (keys: readonly string[]): readonly ClassScope[] => keys.map((scope) => ({ key: scope }));
    return [
      all([scopeKeys.mesh]),
      all(labelKeys(scopeKeys.pods(), labels)),
      all([scopeKeys.namespace(namespace)]),
      services.map(({ ref, ports }) => ({
        key: scopeKeys.service(ref.namespace, ref.name),
        ports: ports.map(({ target }) => target),
      })),
      services.flatMap(({ ref, ports }) =>
        ports
          .filter(({ name }) => name !== '')
          .map(({ name, target }) => ({ key: scopeKeys.service(ref.namespace, ref.name, name), ports: [target] })),
      ),
      all(labelKeys(scopeKeys.pods(namespace), labels)),
    ];
  },
};
