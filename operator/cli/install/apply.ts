import { ApiError, isNotFound } from '../../framework/api/api-error.ts';
import type { Api } from '../../framework/api/api.ts';
import { type KubernetesObject, refOf } from '../../framework/api/object.ts';
import { type FieldChange, fieldChanges } from './difference.ts';
import { kindOf, nameOf } from './system-kinds.ts';

/** Who owns the fields that `dotkube install` sets. */
export const INSTALL_MANAGER = 'dotkube-install';

/** What became, or would become, of an object. */
export interface Change {
  /** `Deployment dot-kube-system/dot-kube-operator`. */
  readonly object: string;
  readonly change: 'created' | 'changed' | 'unchanged' | 'deleted';
  /** Of a change: which fields. */
  readonly fields?: readonly FieldChange[];
  /** Of a dry run: the API server could not be asked, as the namespace or the kind is not there yet. */
  readonly unchecked?: true;
}

/** How to apply. */
export interface ApplySettings {
  readonly dryRun: boolean;
  /** Take fields from other managers. */
  readonly force: boolean;
  readonly signal: AbortSignal;
}

/** Applies one object on the server. Rejects with an ApiError that names it. */
export async function applyObject(api: Api, object: KubernetesObject, settings: ApplySettings): Promise<Change> {
  const kind = kindOf(object);
  const name = nameOf(object);
  const { dryRun, force, signal } = settings;
  let before: KubernetesObject | undefined;
  try {
    before = await existing(api, object, signal);
    const after = await api.apply(kind, object, { fieldManager: INSTALL_MANAGER, dryRun, force, signal });
    if (before === undefined) return { object: name, change: 'created' };
    const fields = fieldChanges(before, after);
    return fields.length === 0 ? { object: name, change: 'unchanged' } : { object: name, change: 'changed', fields };
  } catch (thrown) {
    signal.throwIfAborted();
    if (dryRun && before === undefined && isNotFound(thrown))
      return { object: name, change: 'created', unchecked: true };
    throw named(ApiError.from(thrown), name);
  }
}

/** An object as it is on the server, if it and its kind are there. */
export async function existing(
  api: Api,
  object: KubernetesObject,
  signal?: AbortSignal,
): Promise<KubernetesObject | undefined> {
  try {
    return await api.get(kindOf(object), refOf(object), signal === undefined ? {} : { signal });
  } catch (thrown) {
    if (isNotFound(thrown)) return undefined;
    throw thrown;
  }
}

function named({ code, details, message, reason }: ApiError, name: string): ApiError {
  return new ApiError({ code, reason, message: `${name}: ${message}`, ...(details === undefined ? {} : { details }) });
}
