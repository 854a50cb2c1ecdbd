import type { StructuralSchema } from '../api/structural-schema.ts';
import type { FieldStep } from './field-path.ts';

/** The schema of a field, if there is one. */
export function childSchema(schema: StructuralSchema | undefined, step: FieldStep): StructuralSchema | undefined {
  if (schema === undefined) return undefined;
  if (typeof step === 'number') return schema.items;
  const { properties } = schema;
  if (properties !== undefined && Object.hasOwn(properties, step)) return properties[step];
  return schema.additionalProperties;
}

/** The schema at a path from the root, if there is one. */
export function schemaAt(root: StructuralSchema, steps: readonly FieldStep[]): StructuralSchema | undefined {
  return steps.reduce<StructuralSchema | undefined>(childSchema, root);
}
