import type { StructuralSchema } from '../api/structural-schema.ts';
import { isJsonObject } from '../framework/api/json.ts';
import type { FieldStep } from './field-path.ts';
import { type Problem, problem } from './problem.ts';
import { childSchema } from './schema-at.ts';
import { didYouMean, nearest } from './suggestion.ts';

/** Fields that the schema does not have, which the API server would drop or refuse; with a suggestion where one is near. */
export function unknownFields(root: StructuralSchema, object: Readonly<Record<string, unknown>>): readonly Problem[] {
  const problems: Problem[] = [];
  const visit = (value: unknown, schema: StructuralSchema, path: readonly FieldStep[]) => {
    if (Array.isArray(value)) {
      for (const [at, item] of value.entries()) visit(item, schema.items ?? {}, [...path, at]);
      return;
    }
    if (!isJsonObject(value)) return;
    for (const [key, child] of Object.entries(value)) {
      if (path.length === 0 && key === 'metadata') continue;
      const known = childSchema(schema, key);
      if (known !== undefined) visit(child, known, [...path, key]);
      else problems.push(problem('DK1001', [...path, key], { name: key, hint: hintFor(key, schema, root) }));
    }
  };
  visit(object, root, []);
  return problems;
}

function hintFor(name: string, schema: StructuralSchema, root: StructuralSchema): string {
  const siblings = Object.keys(schema.properties ?? {});
  return didYouMean(nearest(name, siblings) ?? placeOf(name, root, []));
}

/** The first place of the schema where there is a field of that name, in breadth. */
function placeOf(name: string, root: StructuralSchema, path: readonly FieldStep[]): string | undefined {
  let level: (readonly [readonly FieldStep[], StructuralSchema])[] = [[path, root.properties?.['spec'] ?? {}]];
  while (level.length > 0) {
    const found = level.find(([, schema]) => Object.hasOwn(schema.properties ?? {}, name));
    if (found !== undefined) return `spec.${[...found[0], name].join('.')}`;
    level = level.flatMap(([at, schema]) =>
      Object.entries(schema.properties ?? {}).map(
        ([key, child]) => [[...at, child.items === undefined ? key : `${key}[]`], child.items ?? child] as const,
      ),
    );
  }
  return undefined;
}
