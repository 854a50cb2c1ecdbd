import { fieldOf, isJsonObject, jsonEqual, type JsonObject } from '../api/json.ts';
import { type FieldSchema, schemaOfField } from './field-schema.ts';
import { type FieldSet, NO_FIELDS } from './field-set.ts';

interface MutableFieldSet {
  readonly members: Set<string>;
  readonly children: Map<string, FieldSet>;
}

/** The fields that a value sets: its leaves, its atomic lists and maps, its list items, and the keys that no schema declares. */
export function fieldsOf(value: unknown, schema: FieldSchema | undefined): FieldSet {
  const set = newFieldSet();
  for (const item of partsOf(value, schema)) {
    if (item.key || isLeaf(item.value, item.schema)) set.members.add(item.element);
    const below = fieldsOf(item.value, item.schema);
    if (below !== NO_FIELDS) set.children.set(item.element, below);
  }
  return set.members.size === 0 && set.children.size === 0 ? NO_FIELDS : set;
}

/**
 * What differs between two values: `changed` has what was added or modified, `removed` what is gone. What is there on one
 * side only counts with everything that leads to it.
 */
export function compareFields(
  before: unknown,
  after: unknown,
  schema: FieldSchema | undefined,
): { readonly changed: FieldSet; readonly removed: FieldSet } {
  const changed = newFieldSet();
  const removed = newFieldSet();
  const old = new Map(partsOf(before, schema).map((part) => [part.element, part]));
  for (const part of partsOf(after, schema)) {
    comparePart(old.get(part.element), part, changed, removed);
    old.delete(part.element);
  }
  for (const part of old.values()) comparePart(part, undefined, changed, removed);
  return { changed, removed };
}

/** The value without the members of a set. A map or list of which nothing is left is null, as structured-merge-diff leaves it. */
export function removeFields(value: unknown, gone: FieldSet, schema: FieldSchema | undefined): unknown {
  if (isLeaf(value, schema)) return value;
  const kept: Part[] = [];
  for (const part of partsOf(value, schema)) {
    if (gone.members.has(part.element)) continue;
    const below = gone.children.get(part.element);
    kept.push(below === undefined ? part : { ...part, value: removeFields(part.value, below, part.schema) });
  }
  if (kept.length === 0) return null;
  return Array.isArray(value)
    ? kept.map((part) => part.value)
    : Object.fromEntries(kept.map((part) => [part.element.slice(2), part.value]));
}

/** One field of a map or one item of a list that is not atomic. */
export interface Part {
  readonly element: string;
  readonly value: unknown;
  readonly schema: FieldSchema | undefined;
  /** Whether its being there is owned in itself: list items and undeclared keys. */
  readonly key: boolean;
}

/** The fields of a granular map or the items of a granular list; none for anything else. */
export function partsOf(value: unknown, schema: FieldSchema | undefined): Part[] {
  if (isLeaf(value, schema)) return [];
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => ({
      element: elementOf(item, schema),
      value: item,
      schema: schema?.items,
      key: true,
    }));
    return items;
  }
  return Object.entries(value as JsonObject).map(([name, field]) => {
    const { schema: below, declared } = schemaOfField(schema, name);
    return { element: `f:${name}`, value: field, schema: below, key: !declared };
  });
}

/** Whether a value is owned as a whole: scalars, empty maps, atomic lists and maps. */
export function isLeaf(value: unknown, schema: FieldSchema | undefined): boolean {
  if (Array.isArray(value)) {
    const type = schema?.['x-kubernetes-list-type'];
    return type !== 'map' && type !== 'set';
  }
  if (!isJsonObject(value)) return true;
  return isAtomicMap(schema) || Object.keys(value).length === 0;
}

function isAtomicMap(schema: FieldSchema | undefined): boolean {
  return schema?.['x-kubernetes-map-type'] === 'atomic';
}

function newFieldSet(): MutableFieldSet {
  return { members: new Set(), children: new Map() };
}

function comparePart(
  was: Part | undefined,
  is: Part | undefined,
  changed: MutableFieldSet,
  removed: MutableFieldSet,
): void {
  const { element, schema } = (is ?? was) as Part;
  if (was !== undefined && is !== undefined && jsonEqual(was.value, is.value)) return;
  if (isOwnedWhole(was?.value, is?.value, schema)) {
    if (is === undefined) removed.members.add(element);
    else changed.members.add(element);
    return;
  }
  const below = compareFields(was?.value, is?.value, schema);
  if (hasAny(below.changed)) changed.children.set(element, below.changed);
  if (hasAny(below.removed)) removed.children.set(element, below.removed);
  if (was === undefined) changed.members.add(element);
  if (is === undefined) removed.members.add(element);
  if (was !== undefined && is !== undefined && isOtherShape(was.value, is.value)) changed.members.add(element);
}

/** Whether a list became a map or a scalar, or the like; null, which an emptied map or list becomes, is like any of them. */
function isOtherShape(a: unknown, b: unknown): boolean {
  if (a === null || b === null) return false;
  return Array.isArray(a) !== Array.isArray(b) || isJsonObject(a) !== isJsonObject(b);
}

/** Whether a field is compared without looking into it: scalars, what is atomic, and maps and lists that are empty on both sides. */
function isOwnedWhole(was: unknown, is: unknown, schema: FieldSchema | undefined): boolean {
  const hasParts = (value: unknown): boolean => partsOf(value, schema).length > 0;
  return !hasParts(was) && !hasParts(is);
}

function hasAny(set: FieldSet): boolean {
  return set.members.size > 0 || set.children.size > 0;
}

function elementOf(item: unknown, schema: FieldSchema | undefined): string {
  if (schema?.['x-kubernetes-list-type'] === 'set') return `v:${JSON.stringify(item)}`;
  const keys = [...(schema?.['x-kubernetes-list-map-keys'] ?? [])].sort();
  const fields = keys.map((key) => {
    const value = fieldOf(item, key) ?? schemaOfField(schema?.items, key).schema?.default;
    return [key, value] as const;
  });
  return `k:${JSON.stringify(Object.fromEntries(fields.filter(([, value]) => value !== undefined)))}`;
}
