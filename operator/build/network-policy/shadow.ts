import { isDeepStrictEqual } from 'node:util';
import type { InboundPolicy, SourceRef } from '@dot-kube/proxy/model';
import type { Read } from '../../framework/derive/index.ts';
import { classesOf } from '../concerned-classes.ts';
import type { PolicyScope } from '../policy-scope.ts';
import { MESH } from '../settings.ts';
import { workloadModel } from '../workload-model.ts';
import { callersOfMesh, isGenerated, meshedAccounts } from './callers-of-mesh.ts';
import { enforced } from './l4-decision.ts';
import { type Callers, peersOf } from './peers.ts';

/**
 * Whether an AuthorizationPolicy is in force on pods for which NetworkPolicies are made, and none of these would be another
 * without it, whatever other policies say.
 */
export function hasNoShadow(read: Read, source: SourceRef, scope: PolicyScope): boolean {
  const inbounds = classesOf(read, scope)
    .filter((key) => read.derived(isGenerated, key))
    .flatMap((key) => {
      const workload = read.derived(workloadModel, key);
      return workload === undefined ? [] : [...workload.ports, workload.other];
    })
    .flatMap(({ mtls, authorization }) => {
      const alone = enforced(authorization).filter((policy) => isDeepStrictEqual(policy.source, source));
      return alone.length === 0 ? [] : [{ mtls, authorization: alone, causes: [] }];
    });
  if (inbounds.length === 0) return false;
  const callers: Callers = { ...read.derived(callersOfMesh, MESH), accounts: () => meshedAccounts(read) };
  const withoutIt = (inbound: InboundPolicy): InboundPolicy => ({ ...inbound, authorization: [] });
  return inbounds.every((inbound) =>
    isDeepStrictEqual(peersOf(inbound, callers), peersOf(withoutIt(inbound), callers)),
  );
}
