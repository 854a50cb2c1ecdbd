import { isNotFound } from '../../framework/api/api-error.ts';
import type { Api } from '../../framework/api/api.ts';
import type { KubernetesObject } from '../../framework/api/object.ts';
import type { ResourceKind } from '../../framework/api/resource-kind.ts';
import { NAMESPACE } from '../../api/index.ts';
import { CNI, PART_OF, SYSTEM } from '../cluster/system-names.ts';
import { INSTALL_MANAGER } from './apply.ts';
import { CLUSTER_KINDS, nameOf, NAMESPACE_KINDS } from './system-kinds.ts';

/** An object with its kind. */
export interface Found {
  readonly kind: ResourceKind;
  readonly object: KubernetesObject;
}

/**
 * Everything with the label of the system: cluster-wide objects, then those of its namespaces, and the namespace of the CNI agent.
 * Definitions and the system's own namespace are no part.
 */
export async function systemObjects(api: Api, signal?: AbortSignal): Promise<readonly Found[]> {
  const lists = [
    ...CLUSTER_KINDS.map((kind) => labelled(api, kind, {}, signal)),
    ...[SYSTEM, CNI].flatMap((namespace) => NAMESPACE_KINDS.map((kind) => labelled(api, kind, { namespace }, signal))),
    labelled(api, NAMESPACE, { fieldSelector: `metadata.name=${CNI}` }, signal),
  ];
  return (await Promise.all(lists)).flat();
}

async function labelled(
  api: Api,
  kind: ResourceKind,
  where: { readonly namespace?: string; readonly fieldSelector?: string },
  signal: AbortSignal | undefined,
): Promise<readonly Found[]> {
  const labelSelector = `${PART_OF.key}=${PART_OF.value}`;
  try {
    const { items } = await api.list(kind, { ...where, labelSelector, ...(signal === undefined ? {} : { signal }) });
    return items.map((object) => ({ kind, object }));
  } catch (thrown) {
    // Not every cluster serves every kind.
    if (isNotFound(thrown)) return [];
    throw thrown;
  }
}

/** What an earlier install applied, and this version has no more. */
export function leftovers(found: readonly Found[], wanted: readonly KubernetesObject[]): readonly Found[] {
  const names = new Set(wanted.map(nameOf));
  return found.filter(({ object }) => !names.has(nameOf(object)) && isOurs(object));
}

/** Whether we applied the object. One that others have made, or taken over, is theirs. */
function isOurs({ metadata }: KubernetesObject): boolean {
  return (metadata.managedFields ?? []).some(
    ({ manager, operation }) => manager === INSTALL_MANAGER && operation === 'Apply',
  );
}
