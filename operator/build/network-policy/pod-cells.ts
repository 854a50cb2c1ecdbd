import type { LabelSelector } from '../../api/index.ts';
import type { Derivation, Read } from '../../framework/derive/index.ts';
import { authorizationPart } from '../authorization/authorization-part.ts';
import { AUTHORIZATION_POLICIES, MESH_POLICIES } from '../collections.ts';
import { compareText, type Labels, pairsOf } from '../lenient.ts';
import { INJECTION_STATUS, isIgnoredLabel } from '../pod-class.ts';
import { MESH_NAMESPACE, type PolicyScope, scopeOf } from '../policy-scope.ts';
import { workloadPart } from '../policy/workload-fields.ts';
import { serviceFacts } from '../service-facts.ts';
import { withoutNulls } from '../without-nulls.ts';

/** One pair of a label, `key` and `value`. */
export type Pair = readonly [string, string];

/**
 * The pairs of labels by which policies tell the pods of a namespace apart, sorted. Pods with the same of them are let in the
 * same connections, but for what their containers' ports say.
 */
export const tellingPairs: Derivation<readonly Pair[]> = {
  name: 'tellingPairs',
  compute(read, namespace) {
    const found = new Map<string, Pair>();
    for (const scope of scopesOf(read, namespace)) {
      for (const pair of pairsIn(read, scope)) {
        if (!isIgnoredLabel(pair[0])) found.set(JSON.stringify(pair), pair);
      }
    }
    return [...found].sort(([a], [b]) => compareText(a, b)).map(([, pair]) => pair);
  },
};

/** What policies that say who may connect to pods of a namespace apply to. */
function scopesOf(read: Read, namespace: string): readonly PolicyScope[] {
  return [...new Set([namespace, MESH_NAMESPACE])].flatMap((each) => {
    const authorization = read.members(AUTHORIZATION_POLICIES, 'namespace', each).flatMap((key) => {
      const part = read.derived(authorizationPart, key);
      if (part === undefined || part.mode !== 'enforce' || part.action === 'audit') return [];
      return withoutNulls(read.get(AUTHORIZATION_POLICIES, key)) ?? [];
    });
    const mesh = read.members(MESH_POLICIES, 'namespace', each).flatMap((key) => {
      const { mode, ports = [], networkPolicy } = read.derived(workloadPart, key)?.fields ?? {};
      if (mode === undefined && ports.length === 0 && networkPolicy === undefined) return [];
      return withoutNulls(read.get(MESH_POLICIES, key)) ?? [];
    });
    return [...authorization, ...mesh].map(scopeOf).filter((scope) => each === namespace || scope.kind === 'pods');
  });
}

function pairsIn(read: Read, scope: PolicyScope): readonly Pair[] {
  if (scope.kind === 'pods') return pairsOf(scope.labels);
  if (scope.kind !== 'services') return [];
  return scope.targets.flatMap(({ namespace, name }) =>
    pairsOf(read.derived(serviceFacts, `${namespace}/${name}`)?.selector),
  );
}

/** The telling pairs that labels have: what one NetworkPolicy is made for. */
export function cellOf(labels: Labels, telling: readonly Pair[]): readonly Pair[] {
  return telling.filter(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}

/** Selects the meshed pods of a cell, and none of another one. */
export function cellSelector(cell: readonly Pair[], telling: readonly Pair[]): LabelSelector {
  const others = new Map<string, string[]>();
  const keys = new Set(cell.map(([key]) => key));
  for (const [key, value] of telling) {
    if (!keys.has(key)) others.set(key, [...(others.get(key) ?? []), value]);
  }
  const matchExpressions = [...others].map(([key, values]) => ({ key, operator: 'NotIn' as const, values }));
  return {
    matchLabels: Object.fromEntries(pairsOf({ ...Object.fromEntries(cell), [INJECTION_STATUS]: 'injected' })),
    ...(matchExpressions.length === 0 ? {} : { matchExpressions }),
  };
}
