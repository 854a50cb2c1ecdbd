import { isConflict, isNotFound } from '../api/api-error.ts';
import type { Api, CallOptions } from '../api/api.ts';
import { jsonEqual } from '../api/json.ts';
import { type KubernetesObject, type ObjectMeta, refOf } from '../api/object.ts';
import type { ResourceKind } from '../api/resource-kind.ts';

/** How to write a status. */
export interface ApplyStatusOptions extends CallOptions {
  readonly fieldManager: string;
}

/** What became of a status: `gone` when the object was deleted, or made anew, since it was read. */
export type StatusOutcome = 'written' | 'unchanged' | 'gone';

/** How often a status is tried to be written over somebody else's writes. */
const MAX_TRIES = 5;

/**
 * Makes `status` the status of an object, by server-side apply on the status subresource, and only when it is different
 * from the one that `object` (as it was read) has. Fields that the manager set earlier and that are not there now go away.
 *
 * The status subresource of custom kinds takes no notice of `metadata.uid`. So the write is bound to the resourceVersion,
 * and tried again on what is there now: a deleted and remade object never gets the status of its predecessor.
 */
export async function applyStatus<T extends KubernetesObject>(
  api: Api,
  kind: ResourceKind<T>,
  object: T,
  status: T['status'],
  options: ApplyStatusOptions,
): Promise<StatusOutcome> {
  const { apiVersion, kind: name } = object;
  let live = object;
  try {
    for (let tries = 1; !jsonEqual(live.status, status); tries++) {
      try {
        const metadata = identityOf(live);
        await api.apply(
          kind,
          { apiVersion, kind: name, metadata, status },
          { ...options, subresource: 'status', force: true },
        );
        return 'written';
      } catch (thrown) {
        if (!isConflict(thrown) || tries >= MAX_TRIES) throw thrown;
        live = await api.get(kind, refOf(object), options.signal === undefined ? {} : { signal: options.signal });
        if (live.metadata.uid !== object.metadata.uid) return 'gone';
      }
    }
    return 'unchanged';
  } catch (thrown) {
    if (isNotFound(thrown)) return 'gone';
    throw thrown;
  }
}

function identityOf({ metadata: { name, namespace, resourceVersion } }: KubernetesObject): ObjectMeta {
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
}
