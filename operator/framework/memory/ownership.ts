import { ApiError, REASON } from '../api/api-error.ts';
import type { StatusCause } from '../api/api.ts';
import type { ManagedFieldsEntry } from '../api/object.ts';
import type { FieldSchema } from './field-schema.ts';
import {
  difference,
  type FieldSet,
  intersection,
  isEmptySet,
  NO_FIELDS,
  pathsOf,
  readable,
  sameFields,
  toFieldsV1,
  union,
  withNamedFields,
  withoutMember,
} from './field-set.ts';
import { compareFields, fieldsOf, partsOf, removeFields } from './fields-of.ts';
import { merge } from './merge.ts';

/** One manager of an object: who, by which operation, through which door; and the fields it owns. */
export interface FieldManager {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource?: 'status';
  readonly time: string;
  readonly fields: FieldSet;
}

/** Who writes, and how. */
export type Writer = Omit<FieldManager, 'fields'>;

/** All managers of an object, by {@link managerId}. */
export type FieldManagers = ReadonlyMap<string, FieldManager>;

/** What a write made of an object and of its managers. */
export interface Owned {
  readonly value: unknown;
  readonly managers: FieldManagers;
}

/** Server-side apply of `applied` (without its identifying metadata) over `live`, as structured-merge-diff's `Updater.Apply`. */
export function applyOwned(live: Owned, applied: unknown, writer: Writer, schema: FieldSchema, force: boolean): Owned {
  refuseDuplicates(applied, schema, '');
  const id = managerId(writer);
  const last = live.managers.get(id)?.fields ?? NO_FIELDS;
  const fields = fieldsOf(applied, schema);
  const managers = new Map(live.managers);
  managers.set(id, { ...writer, fields });
  const merged = merge(live.value, applied, schema);
  const value = isEmptySet(last) ? merged : prune(merged, managers, last, schema);
  const { changed, removed } = compareFields(live.value, value, schema);
  return { value, managers: withoutLost(managers, id, changed, removed, force) };
}

/** The managers after `writer` made `value` out of `live` by a create or a replace, which never conflicts. */
export function updateOwned(live: Owned, value: unknown, writer: Writer, schema: FieldSchema): Owned {
  const id = managerId(writer);
  const { changed, removed } = compareFields(live.value, value, schema);
  if (isEmptySet(changed) && isEmptySet(removed)) return { value, managers: live.managers };
  const managers = new Map(withoutLost(live.managers, id, changed, removed, true));
  const own = managers.get(id)?.fields ?? NO_FIELDS;
  // That there are metadata is nobody's doing.
  const fields = withoutMember(union(difference(own, removed), changed), 'f:metadata');
  if (isEmptySet(fields)) managers.delete(id);
  else managers.set(id, { ...writer, fields });
  return { value, managers };
}

/** What is applied to for the first time; if nobody owns any of it by name, all that is there belongs to `before-first-apply`. */
export function adopted(live: Owned, applier: Writer, schema: FieldSchema): Owned {
  if (live.managers.size > 0) return live;
  const writer: Writer = { ...applier, manager: 'before-first-apply', operation: 'Update' };
  return updateOwned({ value: {}, managers: live.managers }, live.value, writer, schema);
}

/** Whether the same managers own the same fields; times do not count. */
export function sameManagers(a: FieldManagers, b: FieldManagers): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  for (const [id, manager] of a) {
    const other = b.get(id);
    if (other === undefined || other.apiVersion !== manager.apiVersion) return false;
    if (!sameFields(manager.fields, other.fields)) return false;
  }
  return true;
}

/** The managers as `metadata.managedFields` lists them. */
export function managedFields(managers: FieldManagers): ManagedFieldsEntry[] {
  return [...managers.values()].map(({ fields, ...writer }) => ({
    ...writer,
    fieldsType: 'FieldsV1',
    fieldsV1: toFieldsV1(fields),
  }));
}

/** Takes out what the manager applied last time, does not apply now, and nobody else owns. */
function prune(merged: unknown, managers: FieldManagers, last: FieldSet, schema: FieldSchema): unknown {
  const named = (set: FieldSet): FieldSet => withNamedFields(set, schema);
  let owned = NO_FIELDS;
  for (const manager of managers.values()) owned = union(owned, manager.fields);
  const all = named(fieldsOf(merged, schema));
  const without = removeFields(merged, named(last), schema);
  const orphaned = difference(all, union(named(fieldsOf(without, schema)), named(owned)));
  const withOwned = removeFields(merged, orphaned, schema);
  const dangling = difference(all, named(fieldsOf(withOwned, schema)));
  return removeFields(merged, intersection(dangling, named(last)), schema);
}

/** Refuses keyed lists and sets that have an item twice, as the API server does. */
function refuseDuplicates(value: unknown, schema: FieldSchema | undefined, path: string): void {
  const seen = new Set<string>();
  for (const { element, value: below, schema: belowSchema } of partsOf(value, schema)) {
    const where = path + readable(element);
    if (seen.has(element)) {
      const message = `failed to create typed patch object: ${path}: duplicate entries for key ${readable(element)}`;
      throw new ApiError({ code: 500, reason: REASON.internalError, message });
    }
    seen.add(element);
    refuseDuplicates(below, belowSchema, where);
  }
}

function withoutLost(
  managers: FieldManagers,
  writerId: string,
  changed: FieldSet,
  removed: FieldSet,
  force: boolean,
): FieldManagers {
  const kept = new Map<string, FieldManager>();
  const conflicts: { readonly manager: FieldManager; readonly fields: FieldSet }[] = [];
  for (const [id, manager] of managers) {
    if (id === writerId) {
      kept.set(id, manager);
      continue;
    }
    const lost = intersection(manager.fields, changed);
    if (!isEmptySet(lost)) conflicts.push({ manager, fields: lost });
    const fields = difference(difference(manager.fields, lost), removed);
    if (!isEmptySet(fields)) kept.set(id, { ...manager, fields });
  }
  if (conflicts.length > 0 && !force) throw conflictError(conflicts);
  if (isEmptySet(kept.get(writerId)?.fields ?? NO_FIELDS)) kept.delete(writerId);
  return kept;
}

function conflictError(conflicts: readonly { readonly manager: FieldManager; readonly fields: FieldSet }[]): ApiError {
  const causes: StatusCause[] = [];
  const messages: string[] = [];
  for (const { manager, fields } of conflicts) {
    const paths = pathsOf(fields);
    const who = describeManager(manager);
    messages.push(`conflicts with ${who}:`, ...paths.map((path) => `- ${path}`));
    for (const field of paths) causes.push({ reason: 'FieldManagerConflict', message: `conflict with ${who}`, field });
  }
  const [first] = causes;
  const message =
    causes.length === 1
      ? `Apply failed with 1 conflict: ${first?.message}: ${first?.field}`
      : `Apply failed with ${causes.length} conflicts: ${messages.join('\n')}`;
  return new ApiError({ code: 409, reason: REASON.conflict, message, details: { causes } });
}

function describeManager(manager: FieldManager): string {
  const name = JSON.stringify(manager.manager);
  const door = manager.subresource === undefined ? '' : ` with subresource "${manager.subresource}"`;
  const version = manager.operation === 'Update' ? ` using ${manager.apiVersion} at ${manager.time}` : '';
  return `${name}${door}${version}`;
}

function managerId(writer: Writer): string {
  const version = writer.operation === 'Update' ? writer.apiVersion : '';
  return JSON.stringify([writer.manager, writer.operation, version, writer.subresource ?? '']);
}
