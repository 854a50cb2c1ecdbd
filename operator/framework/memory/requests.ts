import { ApiError, REASON } from '../api/api-error.ts';
import type { SelectOptions } from '../api/api.ts';
import type { KubernetesObject, ObjectMeta } from '../api/object.ts';
import type { ResourceKind } from '../api/resource-kind.ts';
import { fieldFilter, labelFilter, type ObjectFilter } from '../api/selector.ts';
import { conflict, type Door, invalid } from './object-parts.ts';

/** What the options of a list or a watch select; nothing when they select all. */
export function filterOf(options: SelectOptions): ObjectFilter | undefined {
  const { namespace, labelSelector, fieldSelector } = options;
  const filters: ObjectFilter[] = [];
  if (namespace !== undefined && namespace !== '') filters.push((object) => object.metadata.namespace === namespace);
  if (labelSelector !== undefined && labelSelector !== '') filters.push(labelFilter(labelSelector));
  if (fieldSelector !== undefined && fieldSelector !== '') filters.push(fieldFilter(fieldSelector));
  return filters.length === 0 ? undefined : (object) => filters.every((matches) => matches(object));
}

/** Refuses a write to another object, or another version of it, than the one that is meant. */
export function checkPreconditions(
  kind: ResourceKind,
  live: KubernetesObject | undefined,
  wanted: { readonly uid?: string; readonly resourceVersion?: string },
): void {
  const { uid, resourceVersion } = wanted;
  const name = live?.metadata.name ?? '';
  if (uid !== undefined && uid !== '' && uid !== live?.metadata.uid) {
    throw conflict(
      kind,
      name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live?.metadata.uid ?? ''}`,
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== '' && resourceVersion !== live?.metadata.resourceVersion) {
    const why = 'the object has been modified; please apply your changes to the latest version and try again';
    throw conflict(kind, name, why);
  }
}

/** As for a replace; but a wrong uid is an attempt to change it, of which the status subresource takes no notice. */
export function checkApplied(
  kind: ResourceKind,
  live: KubernetesObject | undefined,
  wanted: ObjectMeta,
  door: Door,
): void {
  const { uid, resourceVersion = '', name } = wanted;
  checkPreconditions(kind, live, live === undefined ? wanted : { resourceVersion });
  if (live === undefined || door === 'status' || uid === undefined || uid === live.metadata.uid) return;
  throw invalid(kind, name, ['metadata.uid'], `${JSON.stringify(uid)}: field is immutable`);
}

/** The error of a version that is still to come. */
export function tooLarge(version: number, current: number): ApiError {
  const causes = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }];
  const message = `Too large resource version: ${version}, current: ${current}`;
  return new ApiError({ code: 504, reason: REASON.timeout, message, details: { causes } });
}
