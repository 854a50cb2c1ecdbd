import type { DescField, DescMessage, Message } from '@bufbuild/protobuf';

/**
 * The same message with its map fields in the order of their keys (UTF-16 order), nested ones too.
 * Returns the argument itself when nothing is out of order; never changes it.
 */
export function canonical(schema: DescMessage, message: Message): Message {
  let changed: Record<string, unknown> | undefined;
  const source = message as unknown as Record<string, unknown>;
  for (const field of schema.fields) {
    if (field.oneof === undefined) {
      const value = source[field.localName];
      if (value === undefined || value === null) continue;
      const next = canonicalField(field, value);
      if (next !== value) (changed ??= copy(source))[field.localName] = next;
      continue;
    }
    const group = source[field.oneof.localName] as { case?: string; value?: unknown } | undefined;
    if (group?.case !== field.localName) continue;
    const next = canonicalField(field, group.value);
    if (next !== group.value) (changed ??= copy(source))[field.oneof.localName] = { case: group.case, value: next };
  }
  return (changed ?? message) as Message;
}

function copy(source: Record<string, unknown>): Record<string, unknown> {
  return Object.assign(Object.create(Object.getPrototypeOf(source) as object) as Record<string, unknown>, source);
}

function canonicalField(field: DescField, value: unknown): unknown {
  const { message } = field;
  if (message === undefined) return field.fieldKind === 'map' ? canonicalMap(value as JsonLike, (item) => item) : value;
  switch (field.fieldKind) {
    case 'message':
      return canonicalMessage(message, value);
    case 'list':
      return canonicalList(value as readonly unknown[], (item) => canonicalMessage(message, item));
    case 'map':
      return canonicalMap(value as JsonLike, (item) => canonicalMessage(message, item));
  }
}

type JsonLike = Readonly<Record<string, unknown>>;

/** In a field, a `google.protobuf.Struct` is its JSON and a wrapper (`UInt32Value`) is its scalar. */
function canonicalMessage(schema: DescMessage, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return schema.typeName === 'google.protobuf.Struct' && !('$typeName' in value)
    ? canonicalJson(value)
    : canonical(schema, value as Message);
}

function canonicalList<T>(list: readonly T[], each: (item: T) => T): readonly T[] {
  const next = list.map(each);
  return next.every((item, i) => item === list[i]) ? list : next;
}

function canonicalMap(map: JsonLike, each: (value: unknown) => unknown): JsonLike {
  const keys = Object.keys(map);
  const sorted = keys.toSorted();
  const entries = sorted.map((key): [string, unknown] => [key, each(map[key])]);
  if (entries.every(([key, value], i) => key === keys[i] && value === map[key])) return map;
  return Object.fromEntries(entries);
}

function canonicalJson(value: unknown): unknown {
  if (Array.isArray(value)) return canonicalList(value as readonly unknown[], canonicalJson);
  return typeof value === 'object' && value !== null ? canonicalMap(value as JsonLike, canonicalJson) : value;
}
