import { createHash } from 'node:crypto';
import { type InboundPolicy, type SourceRef, uniqueSources, type Workload } from '@dot-kube/proxy/model';
import type { NetworkPolicySpec } from '../../api/index.ts';
import type { Derivation, Read } from '../../framework/derive/index.ts';
import { PODS } from '../collections.ts';
import { compareText } from '../lenient.ts';
import { podClass } from '../pod-facts.ts';
import { scopeKeys } from '../policy-scope.ts';
import { workloadPolicy } from '../policy/workload-policy.ts';
import { MESH } from '../settings.ts';
import { workloadModel } from '../workload-model.ts';
import { callersOfMesh, isGenerated, meshedAccounts } from './callers-of-mesh.ts';
import { ingressRules } from './ingress-rules.ts';
import { enforced } from './l4-decision.ts';
import { type Account, type Peers, peersOf } from './peers.ts';
import { cellOf, cellSelector, type Pair, tellingPairs } from './pod-cells.ts';
import { portRangesOf } from './pod-marks.ts';

/** A NetworkPolicy that belongs into a namespace. */
export interface GeneratedNetworkPolicy {
  readonly namespace: string;
  /** Stays while the pods that it selects do. */
  readonly name: string;
  readonly spec: NetworkPolicySpec;
  /** The policies that it comes from, sorted. */
  readonly causes: readonly SourceRef[];
}

/** The NetworkPolicies of a namespace, sorted by name: one for each kind of pods that the mesh's policies tell apart. */
export const namespaceNetworkPolicies: Derivation<readonly GeneratedNetworkPolicy[]> = {
  name: 'namespaceNetworkPolicies',
  compute(read, namespace) {
    const classes = read
      .members(PODS, 'classes', scopeKeys.namespace(namespace))
      .filter((key) => read.derived(isGenerated, key));
    if (classes.length === 0) return [];
    const telling = read.derived(tellingPairs, namespace);
    const cells = new Map<string, { readonly pairs: readonly Pair[]; readonly classes: string[] }>();
    for (const key of classes) {
      const pairs = cellOf(read.derived(podClass, key)?.labels ?? {}, telling);
      const id = JSON.stringify(pairs);
      const cell = cells.get(id) ?? { pairs, classes: [] };
      cells.set(id, cell);
      cell.classes.push(key);
    }
    return [...cells.values()]
      .flatMap(({ pairs, classes: members }) => {
        const ingress = ingressOf(read, members);
        if (ingress === undefined) return [];
        const podSelector = cellSelector(pairs, telling);
        const spec: NetworkPolicySpec = { podSelector, policyTypes: ['Ingress'], ingress };
        return [{ namespace, name: nameOf(pairs), spec, causes: causesOf(read, members) }];
      })
      .sort((a, b) => compareText(a.name, b.name));
  },
};

function ingressOf(read: Read, classes: readonly string[]): NetworkPolicySpec['ingress'] {
  const callers = read.derived(callersOfMesh, MESH);
  const accounts = (): readonly Account[] => meshedAccounts(read);
  const known = new Map<InboundPolicy, Peers>();
  const all = classes.flatMap((key) => {
    const workload = read.derived(workloadModel, key);
    const uncaptured = read.members(PODS, 'uncaptured', key).flatMap(portRangesOf);
    return workload === undefined ? [] : [{ workload, uncaptured }];
  });
  return ingressRules(all, (inbound) => {
    const peers = known.get(inbound) ?? peersOf(inbound, { ...callers, accounts });
    known.set(inbound, peers);
    return peers;
  });
}

function causesOf(read: Read, classes: readonly string[]): readonly SourceRef[] {
  return uniqueSources(
    classes.flatMap((key) => {
      const { networkPolicy, other, ports } = read.derived(workloadPolicy, key);
      const modes = [other, ...ports.map(({ inbound }) => inbound)].map(({ mtls }) => mtls.source);
      const workload = read.derived(workloadModel, key);
      const authorization =
        workload === undefined ? [] : inboundsOf(workload).flatMap((each) => enforced(each.authorization));
      return [networkPolicy?.source, ...modes, ...authorization.map(({ source }) => source)].filter(
        (source) => source !== undefined,
      );
    }),
  );
}

function inboundsOf({ other, ports }: Workload): readonly InboundPolicy[] {
  return [other, ...ports];
}

const READABLE = 40;

/** Told by the labels of its pods: legible, and no other has it. */
function nameOf(pairs: readonly Pair[]): string {
  const hash = createHash('sha256').update(JSON.stringify(pairs)).digest('hex').slice(0, 10);
  const words = pairs
    .map(([, value]) => value.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'))
    .join('-')
    .slice(0, READABLE)
    .replaceAll(/-+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return ['dot-kube', ...(words === '' ? [] : [words]), hash].join('-');
}
