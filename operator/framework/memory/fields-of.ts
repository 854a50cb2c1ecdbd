import { fieldOf, isJsonObject, jsonEqual, type JsonObject } from '../api/json.ts';
import { type FieldSchema, schemaOfField } from './field-schema.ts';
import { type FieldSet, NO_FIELDS, union } from './field-set.ts';

interface MutableFieldSet {
  readonly members: Set<string>;
  readonly children: Map<string, FieldSet>;
}

/** The fields that a value sets: its leaves, its atomic lists and maps, its list items, and the keys that no schema declares. */
export function fieldsOf(value: unknown, schema: FieldSchema | undefined): FieldSet {
  const set: MutableFieldSet = { members: new Set(), children: new Map() };
  for (const item of partsOf(value, schema)) {
    if (item.key || isLeaf(item.value, item.schema)) set.members.add(item.element);
    const below = fieldsOf(item.value, item.schema);
    if (below !== NO_FIELDS) set.children.set(item.element, below);
  }
  return set.members.size === 0 && set.children.size === 0 ? NO_FIELDS : set;
}

/** What differs between two values: `changed` has what was added or modified, `removed` what is gone. */
export function compareFields(
  before: unknown,
  after: unknown,
  schema: FieldSchema | undefined,
): { readonly changed: FieldSet; readonly removed: FieldSet } {
  const changed: MutableFieldSet = { members: new Set(), children: new Map() };
  const removed: MutableFieldSet = { members: new Set(), children: new Map() };
  const old = new Map(partsOf(before, schema).map((part) => [part.element, part]));
  for (const part of partsOf(after, schema)) {
    const was = old.get(part.element);
    old.delete(part.element);
    if (was === undefined) addPart(changed, part);
    else if (was.value !== part.value && !jsonEqual(was.value, part.value)) comparePart(was, part, changed, removed);
  }
  for (const part of old.values()) addPart(removed, part);
  return { changed, removed };
}

/** The value without the members of a set. `undefined` when nothing of a map or list is left. */
export function removeFields(value: unknown, gone: FieldSet, schema: FieldSchema | undefined): unknown {
  if (isLeaf(value, schema)) return value;
  const kept: Part[] = [];
  for (const part of partsOf(value, schema)) {
    if (gone.members.has(part.element)) continue;
    const below = gone.children.get(part.element);
    const left = below === undefined ? part.value : removeFields(part.value, below, part.schema);
    if (left !== undefined) kept.push({ ...part, value: left });
  }
  if (kept.length === 0) return undefined;
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

function addPart(set: MutableFieldSet, part: Part): void {
  if (part.key || isLeaf(part.value, part.schema)) set.members.add(part.element);
  const below = fieldsOf(part.value, part.schema);
  if (below !== NO_FIELDS) set.children.set(part.element, below);
}

function comparePart(was: Part, part: Part, changed: MutableFieldSet, removed: MutableFieldSet): void {
  const bothMaps = isJsonObject(was.value) && isJsonObject(part.value) && !isAtomicMap(part.schema);
  const bothLists = Array.isArray(was.value) && Array.isArray(part.value) && !isLeaf(part.value, part.schema);
  if (!bothMaps && !bothLists) {
    changed.members.add(part.element);
    const added = fieldsOf(part.value, part.schema);
    const gone = fieldsOf(was.value, was.schema);
    if (added !== NO_FIELDS) changed.children.set(part.element, added);
    if (gone !== NO_FIELDS) removed.children.set(part.element, gone);
    return;
  }
  const below = compareFields(was.value, part.value, part.schema);
  if (below.changed.members.size + below.changed.children.size > 0) {
    changed.children.set(part.element, union(changed.children.get(part.element) ?? NO_FIELDS, below.changed));
  }
  if (below.removed.members.size + below.removed.children.size > 0) removed.children.set(part.element, below.removed);
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
