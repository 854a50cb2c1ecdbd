import { carriesHttp } from '@dot-kube/proxy/model';
import type { MeshPolicy, MeshPolicySpec } from '../../api/index.ts';
import type { Finding } from '../../findings/index.ts';
import type { Read } from '../../framework/derive/index.ts';
import { classesOf } from '../concerned-classes.ts';
import { objectOf } from '../lenient.ts';
import { callerLayer, type FieldConflict } from '../policy/caller-policy.ts';
import { workloadPolicy } from '../policy/workload-policy.ts';
import { type PolicyScope, scopeKeysOf, scopeOf } from '../policy-scope.ts';
import { portText } from '../service-facts.ts';
import { hashFindings, slowStartFindings } from './load-balancer-findings.ts';
import { objectText, type Report } from './place.ts';
import { targetFindings } from './target-findings.ts';
import { targetPorts } from './target-ports.ts';

/** What is wrong with a MeshPolicy among the objects around it. */
export function meshPolicyFindings(read: Read, policy: MeshPolicy, report: Report): readonly Finding[] {
  const scope = scopeOf(policy);
  return [
    ...targetFindings(read, scope, { all: 'a MeshPolicy', never: neverExternal(policy.spec) }, report),
    ...conflictFindings(read, policy, scope, report),
    ...hashFindings(read, policy.spec, scope, report),
    ...slowStartFindings(read, policy.spec, scope, report),
    ...onlyHttpFindings(read, policy.spec, scope, report),
  ];
}

/** Where the caller has chosen the address, there is nothing to balance and nobody to eject; and no workload is ours. */
function neverExternal({
  circuitBreaker,
  fault,
  loadBalancer,
  mtls,
  networkPolicy,
}: MeshPolicySpec): readonly string[] {
  const fields = {
    loadBalancer,
    'circuitBreaker.outlierDetection': objectOf(circuitBreaker)?.outlierDetection,
    mtls,
    fault,
    networkPolicy,
  };
  return Object.entries(fields).flatMap(([field, value]) => (value === undefined ? [] : [field]));
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
