import { type FieldSchema, schemaOfField } from './field-schema.ts';

/**
 * A set of field paths, as a tree. Path elements are spelled as in FieldsV1: `f:name`, `k:{"type":"Ready"}`, `v:"x"`.
 * An element can be a member, have members below it, or both.
 *
 * The operations are those of sigs.k8s.io/structured-merge-diff/fieldpath.
 */
export interface FieldSet {
  readonly members: ReadonlySet<string>;
  readonly children: ReadonlyMap<string, FieldSet>;
}

/** The set of no fields. */
export const NO_FIELDS: FieldSet = { members: new Set(), children: new Map() };

/** Whether a set has no members. */
export function isEmptySet(set: FieldSet): boolean {
  if (set.members.size > 0) return false;
  for (const child of set.children.values()) if (!isEmptySet(child)) return false;
  return true;
}

/** The members of either set. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (a === NO_FIELDS) return b;
  if (b === NO_FIELDS) return a;
  const children = new Map(a.children);
  for (const [element, child] of b.children) {
    const other = children.get(element);
    children.set(element, other === undefined ? child : union(other, child));
  }
  return { members: a.members.union(b.members), children };
}

/** The members of `a` that are not members of `b`; what is below a member of `b` stays. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return combine(a, a.members.difference(b.members), (child, element) => {
    const other = b.children.get(element);
    return other === undefined ? child : difference(child, other);
  });
}

/** The members of both sets. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  return combine(a, a.members.intersection(b.members), (child, element) => {
    const other = b.children.get(element);
    return other === undefined ? NO_FIELDS : intersection(child, other);
  });
}

/** The set without one element of the root; what is below it stays. */
export function withoutMember(set: FieldSet, element: string): FieldSet {
  if (!set.members.has(element)) return set;
  return { members: set.members.difference(new Set([element])), children: set.children };
}

/** The set with every field that its schema declares by name and that has members below it made a member too. */
export function withNamedFields(set: FieldSet, schema: FieldSchema | undefined): FieldSet {
  const members = new Set(set.members);
  const children = new Map<string, FieldSet>();
  for (const [element, child] of set.children) {
    let below = schema?.items;
    if (element.startsWith('f:')) {
      const field = schemaOfField(schema, element.slice(2));
      if (field.declared) members.add(element);
      below = field.schema;
    }
    children.set(element, withNamedFields(child, below));
  }
  return { members, children };
}

/** Whether two sets have the same members. */
export function sameFields(a: FieldSet, b: FieldSet): boolean {
  return a === b || (isEmptySet(difference(a, b)) && isEmptySet(difference(b, a)));
}

/** The set as `metadata.managedFields[].fieldsV1` has it. Keys are sorted. */
export function toFieldsV1(set: FieldSet): Record<string, object> {
  const elements = [...new Set([...set.members, ...set.children.keys()])].sort();
  const fields: [string, object][] = [];
  for (const element of elements) {
    const child = set.children.get(element);
    const below = child === undefined ? {} : toFieldsV1(child);
    const isMember = set.members.has(element);
    if (Object.keys(below).length === 0 && !isMember) continue;
    fields.push([element, isMember && Object.keys(below).length > 0 ? { '.': {}, ...below } : below]);
  }
  return Object.fromEntries(fields);
}

/** The members' paths as conflicts name them: `.spec.ports[port=80,protocol="TCP"].name`. */
export function pathsOf(set: FieldSet, prefix = ''): string[] {
  const paths = [...set.members].map((element) => prefix + readable(element));
  for (const [element, child] of set.children) paths.push(...pathsOf(child, prefix + readable(element)));
  return paths.sort();
}

function combine(
  set: FieldSet,
  members: ReadonlySet<string>,
  below: (child: FieldSet, element: string) => FieldSet,
): FieldSet {
  const children = new Map<string, FieldSet>();
  for (const [element, child] of set.children) {
    const kept = below(child, element);
    if (!isEmptySet(kept)) children.set(element, kept);
  }
  return { members, children };
}

/** A path element as people write it: `.name`, `[name="a"]`, `[="x"]`. */
export function readable(element: string): string {
  const rest = element.slice(2);
  if (element.startsWith('f:')) return `.${rest}`;
  if (element.startsWith('v:')) return `[=${rest}]`;
  const keys = Object.entries(JSON.parse(rest) as object);
  return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
}
