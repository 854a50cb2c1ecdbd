import type { StructuralSchema } from '../structural-schema.ts';

const DURATION = '^([0-9]{1,5}(h|m|s|ms)){1,4}$';

/** What a field takes, in words for a table: its type, its values, its bounds. */
export function typeWords(schema: StructuralSchema): string {
  if (schema.enum !== undefined)
    return schema.enum.map((value) => `\`${value === '' ? '""' : String(value)}\``).join(', ');
  if (schema['x-kubernetes-int-or-string'] === true) return `number ${range(schema)} or text`;
  if (schema.additionalProperties !== undefined)
    return `map of text${count(schema.minProperties, schema.maxProperties)}`;
  switch (schema.type) {
    case 'array':
      return `list${count(schema.minItems, schema.maxItems)}`;
    case 'integer':
      return `whole number ${range(schema)}`.trim();
    case 'number':
      return `number ${range(schema)}`;
    case 'string':
      return schema.pattern === DURATION ? 'duration' : `text${count(schema.minLength, schema.maxLength)}`;
    case 'boolean':
    case 'object':
    case undefined:
      return schema.type ?? '';
  }
  return '';
}

function range({ minimum, maximum }: StructuralSchema): string {
  if (minimum === undefined || maximum === undefined) return '';
  return maximum === 2_147_483_647 ? `from ${minimum}` : `${minimum} – ${maximum}`;
}

function count(least: number | undefined, most: number | undefined): string {
  if (most === undefined) return '';
  return least === undefined ? `, at most ${most}` : `, ${least} – ${most}`;
}
