import type { SourceRef } from '@dot-kube/proxy/model';
import type { NetworkPolicy } from '../../api/index.ts';
import type { GeneratedNetworkPolicy } from '../../build/index.ts';
import { jsonEqual, type KubernetesObject, type OwnerReference } from '../../framework/index.ts';

/** By these labels the NetworkPolicies are found that the operator made. */
export const LABELS = {
  'app.kubernetes.io/component': 'network-policy',
  'app.kubernetes.io/managed-by': 'dot-kube-operator',
  'app.kubernetes.io/part-of': 'dot-kube',
} as const;

/** Selects what has {@link LABELS}. */
export const LABEL_SELECTOR = Object.entries(LABELS)
  .map((pair) => pair.join('='))
  .join(',');

/** Annotation that names the policies that a NetworkPolicy comes from, those of other namespaces too. */
export const COMES_FROM = 'mesh.dot-kube.io/comes-from';

/** What a namespace should have and has, and what is to be done about the difference. */
export interface Difference {
  readonly apply: readonly NetworkPolicy[];
  readonly remove: readonly NetworkPolicy[];
}

/**
 * The object of a generated NetworkPolicy. It is owned by the policies that it comes from, where these are in its namespace: an
 * owner in another one cannot be. `objectOf` finds a policy as it is stored.
 */
export function networkPolicyObject(
  { namespace, name, spec, causes }: GeneratedNetworkPolicy,
  objectOf: (ref: SourceRef) => KubernetesObject | undefined,
): NetworkPolicy {
  const ownerReferences = causes.flatMap((cause): readonly OwnerReference[] => {
    const owner = cause.namespace === namespace ? objectOf(cause) : undefined;
    if (owner?.metadata.uid === undefined) return [];
    return [{ apiVersion: owner.apiVersion, kind: owner.kind, name: owner.metadata.name, uid: owner.metadata.uid }];
  });
  const annotations = {
    [COMES_FROM]: causes.map((cause) => `${cause.kind}/${cause.namespace}/${cause.name}`).join(','),
  };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace, labels: LABELS, annotations, ownerReferences },
    spec,
  };
}

/** What is to be written and deleted so that a namespace has what it should; nothing where it has. */
export function differenceOf(wanted: readonly NetworkPolicy[], live: readonly NetworkPolicy[]): Difference {
  const before = new Map(live.map((object) => [object.metadata.name, object]));
  const names = new Set(wanted.map(({ metadata }) => metadata.name));
  return {
    apply: wanted.filter((object) => !isAsWanted(object, before.get(object.metadata.name))),
    remove: live.filter(({ metadata }) => !names.has(metadata.name)),
  };
}

/** What others add to labels and annotations is theirs. */
function isAsWanted(wanted: NetworkPolicy, live: NetworkPolicy | undefined): boolean {
  if (live === undefined || live.metadata.deletionTimestamp !== undefined) return false;
  const { labels, annotations, ownerReferences } = wanted.metadata;
  return (
    jsonEqual(live.spec, wanted.spec) &&
    hasAll(live.metadata.labels, labels) &&
    hasAll(live.metadata.annotations, annotations) &&
    jsonEqual(sorted(live.metadata.ownerReferences), sorted(ownerReferences))
  );
}

function hasAll(
  live: Readonly<Record<string, string>> | undefined,
  wanted: Readonly<Record<string, string>> | undefined,
): boolean {
  return Object.entries(wanted ?? {}).every(([key, value]) => live?.[key] === value);
}

function sorted(owners: readonly OwnerReference[] = []): readonly OwnerReference[] {
  return [...owners].sort((a, b) => (a.uid < b.uid ? -1 : 1));
}
