import { isConflict, isNotFound } from '../api/api-error.ts';
import type { Api, CallOptions } from '../api/api.ts';
import { jsonEqual } from '../api/json.ts';
import type { KubernetesObject } from '../api/object.ts';
import type { ResourceKind } from '../api/resource-kind.ts';

/** How to write a status. */
export interface ApplyStatusOptions extends CallOptions {
  readonly fieldManager: string;
}

/** What became of a status: `gone` when the object was deleted, or made anew, since it was read. */
export type StatusOutcome = 'written' | 'unchanged' | 'gone';

/**
 * Makes `status` the status of an object, by server-side apply on the status subresource, and only when it is different
 * from the one that `object` (as it was read) has. Fields that the manager set earlier and that are not there now go away.
 */
export async function applyStatus<T extends KubernetesObject>(
  api: Api,
  kind: ResourceKind<T>,
  object: T,
  status: T['status'],
  options: ApplyStatusOptions,
): Promise<StatusOutcome> {
  if (jsonEqual(object.status, status)) return 'unchanged';
  const { name, namespace, uid } = object.metadata;
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }), ...(uid === undefined ? {} : { uid }) };
  try {
    await api.apply(
      kind,
      { apiVersion: object.apiVersion, kind: object.kind, metadata, status },
      { ...options, subresource: 'status', force: true },
    );
    return 'written';
  } catch (thrown) {
    // With force there is no conflict but that of the uid: another object has the name now.
    if (isNotFound(thrown) || isConflict(thrown)) return 'gone';
    throw thrown;
  }
}
