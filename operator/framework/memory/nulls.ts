import { isJsonObject, type JsonObject } from '../api/json.ts';
import type { ResourceKind } from '../api/resource-kind.ts';
import { type FieldSchema, schemaOfField } from './field-schema.ts';
import { invalid, isCustomKind } from './object-parts.ts';

/**
 * The fields without those that are null and may not be: a custom kind refuses them where its schema knows the field, as
 * real ones do, also when it was server-side apply that emptied a map which somebody else still owns; others drop them.
 */
export function withoutNulls(kind: ResourceKind, name: string, fields: unknown, schema: FieldSchema): JsonObject {
  const refused: string[] = [];
  const kept = cleaned(fields, schema, '', isCustomKind(kind) ? refused : undefined);
  if (refused.length > 0) throw invalid(kind, name, refused, 'null');
  return isJsonObject(kept) ? kept : {};
}

function cleaned(
  value: unknown,
  schema: FieldSchema | undefined,
  path: string,
  refused: string[] | undefined,
): unknown {
  if (!hasNull(value)) return value;
  if (Array.isArray(value)) return value.map((item, i) => cleaned(item, schema?.items, `${path}[${i}]`, refused));
  if (!isJsonObject(value)) return value;
  const kept: [string, unknown][] = [];
  for (const [name, field] of Object.entries(value)) {
    const below = schemaOfField(schema, name).schema;
    const where = path === '' ? name : `${path}.${name}`;
    if (field !== null || below?.nullable === true) kept.push([name, cleaned(field, below, where, refused)]);
    else if (below?.type !== undefined) refused?.push(where);
  }
  return Object.fromEntries(kept);
}

function hasNull(value: unknown): boolean {
  if (value === null) return true;
  return typeof value === 'object' && Object.values(value).some(hasNull);
}
