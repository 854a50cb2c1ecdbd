import type { StructuralSchema } from '../api/structural-schema.ts';
import { isJsonObject } from '../framework/api/json.ts';
import { childSchema } from './schema-at.ts';

/** A value as CEL sees it: whole numbers are BigInt, and no key of a user's is one of a prototype. */
export function celValue(value: unknown, schema: StructuralSchema | undefined): unknown {
  if (Array.isArray(value)) return value.map((item) => celValue(item, schema?.items));
  if (isJsonObject(value)) {
    return new Map(Object.entries(value).map(([key, child]) => [key, celValue(child, childSchema(schema, key))]));
  }
  if (typeof value === 'number' && schema?.type !== 'number' && Number.isInteger(value)) return BigInt(value);
  return value;
}
