import type { StructuralSchema } from '../api/structural-schema.ts';
import { fieldOf } from '../framework/api/json.ts';
import { type FieldStep, fieldText } from './field-path.ts';
import type { KindSchema, SchemaError } from './kind-schema.ts';
import { type Problem, problem } from './problem.ts';
import { schemaAt } from './schema-at.ts';
import { didYouMean, nearest } from './suggestion.ts';
import { actualWords, expectedWords, formWords, shown } from './words.ts';

/** Which of several errors of one field is told: the first of these. */
const PRIORITY: readonly string[] = [
  'type',
  'required',
  'enum',
  'maxLength',
  'maxItems',
  'maxProperties',
  'minLength',
  'minItems',
  'minProperties',
  'minimum',
  'maximum',
  'pattern',
];

const BLOCKING: ReadonlySet<string> = new Set(['DK1002', 'DK1003', 'DK1004']);

/** What the schema refuses, one problem for each field. */
export function schemaProblems(kind: KindSchema, object: unknown): readonly Problem[] {
  if (kind.validate(object)) return [];
  const first = new Map<string, SchemaError>();
  for (const error of kind.validate.errors ?? []) {
    const key = fieldText(pathOf(error, object));
    const other = first.get(key);
    if (other === undefined || PRIORITY.indexOf(error.keyword) < PRIORITY.indexOf(other.keyword)) first.set(key, error);
  }
  return [...first.values()].map((error) => problemOf(error, object, kind.schema));
}

/** Whether a problem keeps the API server from looking at the CEL rules. */
export function blocksRules({ code, args }: Problem): boolean {
  return BLOCKING.has(code) || (code === 'DK1007' && String(fieldOf(args, 'limit')).startsWith('at most'));
}

/** The path of the field; of a missing field its own, not its parent's. */
function pathOf(error: SchemaError, object: unknown): readonly FieldStep[] {
  const steps: FieldStep[] = [];
  let value = object;
  for (const encoded of error.instancePath.split('/').slice(1)) {
    const step = encoded.replaceAll('~1', '/').replaceAll('~0', '~');
    steps.push(Array.isArray(value) ? Number(step) : step);
    value = (value as Readonly<Record<string, unknown>>)[step];
  }
  return error.keyword === 'required' ? [...steps, String(error.params['missingProperty'])] : steps;
}

function valueAt(object: unknown, path: readonly FieldStep[]): unknown {
  return path.reduce((value, step) => (value as Readonly<Record<FieldStep, unknown>> | undefined)?.[step], object);
}

function problemOf(error: SchemaError, object: unknown, root: StructuralSchema): Problem {
  const path = pathOf(error, object);
  const schema = schemaAt(root, path) ?? {};
  const value = valueAt(object, path);
  switch (error.keyword) {
    case 'type':
      return problem('DK1002', path, { expected: expectedWords(schema), actual: actualWords(value) });
    case 'required':
      return problem('DK1003', path, { name: String(path.at(-1)) });
    case 'enum':
      return notOneOf(path, schema, value);
    case 'minimum':
    case 'maximum':
      return problem('DK1005', path, {
        value: shown(value),
        minimum: schema.minimum ?? 'any',
        maximum: schema.maximum ?? 'any',
      });
    case 'pattern':
      return problem('DK1006', path, { value: shown(value), form: formWords(schema.pattern ?? '') });
    default:
      return wrongSize(error, path, value);
  }
}

function notOneOf(path: readonly FieldStep[], schema: StructuralSchema, value: unknown): Problem {
  const allowed = (schema.enum ?? []).map((each) => (each === '' ? '""' : String(each)));
  return problem('DK1004', path, {
    value: shown(value),
    allowed: allowed.join(', '),
    hint: didYouMean(nearest(String(value), allowed)),
  });
}

function wrongSize({ keyword, params }: SchemaError, path: readonly FieldStep[], value: unknown): Problem {
  const limit = `${keyword.startsWith('max') ? 'at most' : 'at least'} ${String(params['limit'])}`;
  if (typeof value === 'string') {
    return problem('DK1007', path, { actual: Array.from(value).length, unit: 'characters', limit });
  }
  if (Array.isArray(value)) return problem('DK1007', path, { actual: value.length, unit: 'entries', limit });
  return problem('DK1007', path, { actual: Object.keys(value as object).length, unit: 'fields', limit });
}
