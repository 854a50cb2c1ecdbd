import type { StructuralSchema } from '../api/structural-schema.ts';
import { isJsonObject } from '../framework/api/json.ts';
import { childSchema } from './schema-at.ts';

/** A copy without the fields that are null, which the API server takes for absent. Nulls in lists and in unknown fields stay. */
export function withoutNulls(value: unknown, schema: StructuralSchema | undefined): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutNulls(item, schema?.items));
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(([key, child]) => child !== null || childSchema(schema, key) === undefined);
  return Object.fromEntries(kept.map(([key, child]) => [key, withoutNulls(child, childSchema(schema, key))]));
}
