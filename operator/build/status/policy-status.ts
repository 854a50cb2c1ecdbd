import { parseSourceKey, type SourceRef, sourceKey } from '@dot-kube/proxy/model';
import { compareFindings, type Finding, finding, type FindingVerdict, verdictOf } from '../../findings/index.ts';
import type { KubernetesObject } from '../../framework/api/object.ts';
import type { Derivation, Read } from '../../framework/derive/index.ts';
import { AUTHORIZATION_POLICIES, MESH_POLICIES, TRAFFIC_SPLITS } from '../collections.ts';
import { objectOf } from '../lenient.ts';
import { type PolicyScope, scopeOf } from '../policy-scope.ts';
import { serviceKey, sourceOf } from '../sources.ts';
import { withoutNulls } from '../without-nulls.ts';
import { splitPart } from '../split/split-part.ts';
import { authorizationFindings } from './authorization-findings.ts';
import { conflictsOf, meshPolicyFindings } from './mesh-policy-findings.ts';
import { type Report, reporter } from './place.ts';
import { lostPorts, trafficSplitFindings } from './traffic-split-findings.ts';

/** What the compiler says of one object of ours. */
export interface PolicyStatus {
  readonly object: SourceRef;
  /** Sorted. */
  readonly findings: readonly Finding[];
  /** What the findings mean for the conditions `Accepted` and `ResolvedRefs`. */
  readonly verdict: FindingVerdict;
  /** What an older object of the same kind has already: `timeouts.request`, or `port 80` of a split. */
  readonly conflicts: readonly { readonly field: string; readonly with: SourceRef }[];
  readonly concerns: PolicyScope;
}

/** The status of the object `Kind/namespace/name` (see `sourceKey`); nothing where there is none. */
export const policyStatus: Derivation<PolicyStatus | undefined> = {
  name: 'policyStatus',
  compute(read, key) {
    const ref = parseSourceKey(key);
    switch (ref.kind) {
      case 'MeshPolicy':
        return meshPolicyStatus(read, serviceKey(ref));
      case 'TrafficSplit':
        return trafficSplitStatus(read, serviceKey(ref));
      case 'AuthorizationPolicy':
        return authorizationStatus(read, serviceKey(ref));
      default:
        return undefined;
    }
  },
};

/** The findings alone of the object `Kind/namespace/name`. */
export const policyFindings: Derivation<readonly Finding[]> = {
  name: 'policyFindings',
  compute: (read, key) => read.derived(policyStatus, key)?.findings ?? [],
};

/** The keys of {@link policyStatus} that an object of ours asks for. */
export function policyStatusKeys(object: KubernetesObject): readonly string[] {
  return [sourceKey(sourceOf(object))];
}

function meshPolicyStatus(read: Read, key: string): PolicyStatus | undefined {
  const policy = withoutNulls(read.get(MESH_POLICIES, key));
  if (policy === undefined) return undefined;
  const scope = scopeOf(policy);
  const conflicts = objectOf(policy.spec) === undefined ? [] : conflictsOf(read, policy, scope);
  return statusOf(
    policy,
    scope,
    conflicts.map(({ field, winner }) => ({ field, with: winner })),
    (report) => meshPolicyFindings(read, policy, report),
  );
}

function authorizationStatus(read: Read, key: string): PolicyStatus | undefined {
  const policy = withoutNulls(read.get(AUTHORIZATION_POLICIES, key));
  if (policy === undefined) return undefined;
  return statusOf(policy, scopeOf(policy), [], (report) => authorizationFindings(read, policy, report));
}

function trafficSplitStatus(read: Read, key: string): PolicyStatus | undefined {
  const split = withoutNulls(read.get(TRAFFIC_SPLITS, key));
  if (split === undefined) return undefined;
  const part = read.derived(splitPart, key);
  const targets = part === undefined ? [] : [{ ...part.root, index: 0 }];
  const lost = part === undefined ? [] : lostPorts(read, part);
  const conflicts = lost.map(({ port, winner }) => ({ field: `port ${port}`, with: winner }));
  const readable = part === undefined ? { ...split, spec: undefined } : split;
  return statusOf(readable, { kind: 'services', targets }, conflicts, (report) =>
    trafficSplitFindings(read, split, report),
  );
}

/** An object that does not even follow its schema, which the API server would not have taken, is refused as a whole. */
function statusOf(
  object: KubernetesObject,
  concerns: PolicyScope,
  conflicts: PolicyStatus['conflicts'],
  findingsOf: (report: Report) => readonly Finding[],
): PolicyStatus {
  const ref = sourceOf(object);
  const findings =
    typeof object.spec === 'object' && object.spec !== null
      ? [...findingsOf(reporter(ref))].sort(compareFindings)
      : [
          finding(
            'DK1002',
            { object: ref, field: 'spec' },
            { expected: 'what the schema says', actual: 'something else' },
          ),
        ];
  return { object: ref, findings, verdict: verdictOf(findings), conflicts, concerns };
}
