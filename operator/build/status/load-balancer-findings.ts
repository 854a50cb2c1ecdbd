import type { MeshPolicySpec } from '../../api/index.ts';
import type { Finding } from '../../findings/index.ts';
import type { Read } from '../../framework/derive/index.ts';
import { type Effective, merged } from '../policy/caller-policy.ts';
import { algorithmOf, type ClusterContext, growsWeights, isSlowStart } from '../policy/load-balancer-settings.ts';
import { type PolicyScope, scopeKeys } from '../policy-scope.ts';
import { serviceFacts } from '../service-facts.ts';
import type { Report } from './place.ts';
import { targetPorts } from './target-ports.ts';

/** An algorithm that hashes needs a hash here or in a layer below: without one it cannot be put into force. */
export function hashFindings(read: Read, spec: MeshPolicySpec, scope: PolicyScope, report: Report): readonly Finding[] {
  const algorithm = spec.loadBalancer?.algorithm;
  if ((algorithm !== 'RingHash' && algorithm !== 'Maglev') || spec.loadBalancer?.hash !== undefined) return [];
  const missing = (service: string): Finding => report('DK2104', 'spec.loadBalancer.algorithm', { algorithm, service });
  switch (scope.kind) {
    case 'mesh':
      return hasHash(merged(read, [scopeKeys.mesh])) ? [] : [missing('the mesh')];
    case 'namespace': {
      const layers = merged(read, [scopeKeys.mesh, scopeKeys.namespace(scope.namespace)]);
      return hasHash(layers) ? [] : [missing(`the namespace ${scope.namespace}`)];
    }
    case 'services':
      return scope.targets
        .filter((target) => targetPorts(read, target).some(({ fields }) => !hasHash(fields)))
        .map(({ name }) => missing(name));
    case 'pods':
      return [];
  }
}

function hasHash(fields: Effective): boolean {
  return fields['loadBalancer.hash'] !== undefined;
}

/** What holds where a Service itself says nothing. */
const ANY_SERVICE: ClusterContext = { protocol: 'http', preferNear: false, clientAffinity: false };

const ALGORITHM_NAMES = {
  'least-request': 'LeastRequest',
  'round-robin': 'RoundRobin',
  random: 'Random',
  'ring-hash': 'RingHash',
  maglev: 'Maglev',
} as const;

/** Slow start where another layer, or the Service's own affinity, chooses an algorithm that has no weights that grow. */
export function slowStartFindings(
  read: Read,
  spec: MeshPolicySpec,
  scope: PolicyScope,
  report: Report,
): readonly Finding[] {
  if (!isSlowStart(spec.loadBalancer?.slowStart)) return [];
  const check = (service: string, fields: Effective, context = ANY_SERVICE): readonly Finding[] => {
    const { kind } = algorithmOf(fields, context);
    if (growsWeights(kind)) return [];
    return [report('DK2107', 'spec.loadBalancer.slowStart', { service, algorithm: ALGORITHM_NAMES[kind] })];
  };
  switch (scope.kind) {
    case 'mesh':
      return check('the mesh', merged(read, [scopeKeys.mesh]));
    case 'namespace':
      return check(
        `the namespace ${scope.namespace}`,
        merged(read, [scopeKeys.mesh, scopeKeys.namespace(scope.namespace)]),
      );
    case 'services':
      return scope.targets.flatMap((target) => {
        const facts = read.derived(serviceFacts, `${target.namespace}/${target.name}`);
        const found = targetPorts(read, target).flatMap(({ port, fields }) =>
          check(target.name, fields, { ...ANY_SERVICE, ...facts, protocol: port.protocol }),
        );
        return found.slice(0, 1);
      });
    case 'pods':
      return [];
  }
}
