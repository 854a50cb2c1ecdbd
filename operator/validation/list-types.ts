import type { StructuralSchema } from '../api/structural-schema.ts';
import { fieldOf, isJsonObject } from '../framework/api/json.ts';
import type { FieldStep } from './field-path.ts';
import { type Problem, problem } from './problem.ts';
import { childSchema } from './schema-at.ts';
import { shown } from './words.ts';

/** Entries that are twice in a list that is a set, or in a list that is a map by its keys. */
export function duplicates(root: StructuralSchema, object: unknown): readonly Problem[] {
  const problems: Problem[] = [];
  const visit = (value: unknown, schema: StructuralSchema | undefined, path: readonly FieldStep[]) => {
    if (schema === undefined) return;
    if (Array.isArray(value)) {
      problems.push(...duplicatesIn(value, schema, path));
      for (const [at, item] of value.entries()) visit(item, schema.items, [...path, at]);
    } else if (isJsonObject(value)) {
      for (const [key, child] of Object.entries(value)) visit(child, childSchema(schema, key), [...path, key]);
    }
  };
  visit(fieldOf(object, 'spec'), root.properties?.['spec'], ['spec']);
  return problems;
}

function duplicatesIn(list: readonly unknown[], schema: StructuralSchema, path: readonly FieldStep[]): Problem[] {
  const identity = identityIn(schema);
  if (identity === undefined) return [];
  const times = new Map<string, number>();
  return list.flatMap((item, at) => {
    const key = JSON.stringify(identity(item));
    const before = times.get(key) ?? 0;
    times.set(key, before + 1);
    return before === 1 ? [problem('DK1008', [...path, at], { value: shown(identity(item)) })] : [];
  });
}

/** What may be only once in a list. */
function identityIn(schema: StructuralSchema): ((item: unknown) => unknown) | undefined {
  const type = schema['x-kubernetes-list-type'];
  if (type === 'set') return (item) => item;
  if (type !== 'map') return undefined;
  const [key = '', ...others] = schema['x-kubernetes-list-map-keys'] ?? [];
  if (others.length === 0) return (item) => fieldOf(item, key);
  return (item) => [key, ...others].map((each) => fieldOf(item, each));
}
