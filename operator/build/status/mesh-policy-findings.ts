import { carriesHttp } from '@dot-kube/proxy/model';
import type { MeshPolicy, MeshPolicySpec } from '../../api/index.ts';
import type { Finding } from '../../findings/index.ts';
import type { Read } from '../../framework/derive/index.ts';
import { classesOf } from '../concerned-classes.ts';
import { objectOf } from '../lenient.ts';
import { callerLayer, callerPolicy, type Effective, type FieldConflict, merged } from '../policy/caller-policy.ts';
import { workloadPolicy } from '../policy/workload-policy.ts';
import { type PolicyScope, scopeKeys, scopeKeysOf, scopeOf } from '../policy-scope.ts';
import { type PortFacts, portText, serviceFacts } from '../service-facts.ts';
import { objectText, type Report } from './place.ts';
import { targetFindings } from './target-findings.ts';

/** What is wrong with a MeshPolicy among the objects around it. */
export function meshPolicyFindings(read: Read, policy: MeshPolicy, report: Report): readonly Finding[] {
  const scope = scopeOf(policy);
  return [
    ...targetFindings(read, scope, 'a MeshPolicy', report),
    ...conflictFindings(read, policy, scope, report),
    ...hashFindings(read, policy.spec, scope, report),
    ...onlyHttpFindings(read, policy.spec, scope, report),
  ];
}

/** Fields that an older policy sets on the same layer, once each. */
export function conflictsOf(read: Read, policy: MeshPolicy, scope: PolicyScope): readonly FieldConflict[] {
  const { namespace = '', name } = policy.metadata;
  const caller = scopeKeysOf(policy).flatMap((key) =>
    scope.kind === 'pods' ? [] : read.derived(callerLayer, key).conflicts,
  );
  const workload = classesOf(read, scope).flatMap((key) => read.derived(workloadPolicy, key).conflicts);
  const mine = [...caller, ...workload].filter(({ loser }) => loser.namespace === namespace && loser.name === name);
  return [...new Map(mine.map((conflict) => [conflict.field, conflict])).values()];
}

function conflictFindings(read: Read, policy: MeshPolicy, scope: PolicyScope, report: Report): readonly Finding[] {
  return conflictsOf(read, policy, scope).map(({ field, winner }) =>
    report('DK2201', `spec.${field}`, { field, other: objectText(winner) }),
  );
}

/** An algorithm that hashes needs a hash here or in a layer below: without one it cannot be put into force. */
function hashFindings(read: Read, spec: MeshPolicySpec, scope: PolicyScope, report: Report): readonly Finding[] {
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

/** Fields about requests, where a policy is aimed at Services and each port that it means is opaque. */
function onlyHttpFindings(read: Read, spec: MeshPolicySpec, scope: PolicyScope, report: Report): readonly Finding[] {
  const fields = httpFieldsOf(spec);
  if (scope.kind !== 'services' || fields.length === 0) return [];
  return scope.targets.flatMap((target) => {
    const ports = targetPorts(read, target);
    const [first] = ports;
    if (first === undefined || ports.some(({ port }) => carriesHttp(port.protocol))) return [];
    return fields.map((field) =>
      report('DK2303', `spec.${field}`, { field, port: portText(first.port), service: target.name }),
    );
  });
}

function httpFieldsOf({ timeouts, retries, fault, loadBalancer }: MeshPolicySpec): readonly string[] {
  const hash = objectOf(objectOf(loadBalancer)?.hash);
  return [
    ...(timeouts === undefined ? [] : ['timeouts']),
    ...(retries === undefined ? [] : ['retries']),
    ...(hash === undefined || hash.sourceIP === true ? [] : ['loadBalancer.hash']),
    ...(fault === undefined ? [] : ['fault']),
  ];
}

/** The ports of a target that a policy means, with what holds for their callers. */
function targetPorts(
  read: Read,
  { namespace, name, section }: { namespace: string; name: string; section?: string },
): readonly { readonly port: PortFacts; readonly fields: Effective }[] {
  const key = `${namespace}/${name}`;
  const policy = read.derived(callerPolicy, key);
  const ports = read.derived(serviceFacts, key)?.ports ?? [];
  return ports
    .filter((port) => section === undefined || port.name === section)
    .map((port) => ({ port, fields: policy.get(port.port) ?? {} }));
}
