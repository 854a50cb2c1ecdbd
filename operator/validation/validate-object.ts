import { compareFindings, type Finding, finding, type FindingObject } from '../findings/index.ts';
import { fieldOf } from '../framework/api/json.ts';
import { fieldText } from './field-path.ts';
import { API_VERSION, GROUP, KIND_SCHEMAS, type KindSchema } from './kind-schema.ts';
import { duplicates } from './list-types.ts';
import { metadataProblems } from './metadata.ts';
import { type Problem, problem } from './problem.ts';
import { withoutNulls } from './prune-nulls.ts';
import { ruleProblems } from './rules.ts';
import { blocksRules, schemaProblems } from './schema-problems.ts';
import { didYouMean, nearest } from './suggestion.ts';
import { unknownFields } from './unknown-fields.ts';

/** Whether an object is of the group mesh.dot-kube.io, in any version and of any kind. */
export function isMeshObject(object: unknown): boolean {
  const apiVersion = fieldOf(object, 'apiVersion');
  return typeof apiVersion === 'string' && apiVersion.split('/')[0] === GROUP;
}

/**
 * Why the API server would refuse to create an object: by its metadata, its schema or the CEL rules. Empty when
 * it takes it, and for objects of other groups.
 *
 * The API server stops at the first sort of problem; here all are told at once, sorted.
 */
export function validateObject(object: unknown): readonly Finding[] {
  if (!isMeshObject(object)) return [];
  const place = objectOf(object);
  return problemsOf(object)
    .map(({ code, path, args }) => finding(code, { object: place, field: fieldText(path) }, args))
    .sort(compareFindings);
}

function problemsOf(object: unknown): readonly Problem[] {
  const kind = KIND_SCHEMAS.get(String(fieldOf(object, 'kind')));
  if (kind === undefined || fieldOf(object, 'apiVersion') !== API_VERSION) return [unknownKind(object)];
  return [
    ...metadataProblems(object),
    ...unknownFields(kind.schema, object as Readonly<Record<string, unknown>>),
    ...specProblems(kind, withoutNulls(object, kind.schema)),
  ];
}

function specProblems(kind: KindSchema, object: unknown): readonly Problem[] {
  const problems = [...schemaProblems(kind, object), ...duplicates(kind.schema, object)];
  return problems.some(blocksRules) ? problems : [...problems, ...ruleProblems(kind.schema, object)];
}

function unknownKind(object: unknown): Problem {
  const apiVersion = String(fieldOf(object, 'apiVersion'));
  const kind = String(fieldOf(object, 'kind'));
  const knownKind = KIND_SCHEMAS.has(kind);
  const suggestion = knownKind ? API_VERSION : nearest(kind, [...KIND_SCHEMAS.keys()]);
  return problem('DK1009', [knownKind ? 'apiVersion' : 'kind'], { apiVersion, kind, hint: didYouMean(suggestion) });
}

function objectOf(object: unknown): FindingObject {
  const metadata = fieldOf(object, 'metadata');
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  const namespace = text(fieldOf(metadata, 'namespace'));
  const kind = text(fieldOf(object, 'kind'));
  const name = text(fieldOf(metadata, 'name'));
  return namespace === '' ? { kind, name } : { kind, namespace, name };
}
