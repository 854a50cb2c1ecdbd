import { fieldOf, isJsonObject } from '../framework/api/json.ts';
import type { FieldStep } from './field-path.ts';
import { type Problem, problem } from './problem.ts';
import { didYouMean, nearest } from './suggestion.ts';
import { actualWords, shown } from './words.ts';

/** The fields of `metav1.ObjectMeta`; those that users write with what they have to be. */
const FIELDS: ReadonlyMap<string, 'string' | 'map' | 'list' | 'any'> = new Map([
  ['name', 'string'],
  ['generateName', 'string'],
  ['namespace', 'string'],
  ['labels', 'map'],
  ['annotations', 'map'],
  ['finalizers', 'list'],
  ['ownerReferences', 'list'],
  ...['uid', 'resourceVersion', 'selfLink'].map((name) => [name, 'string'] as const),
  ...['generation', 'creationTimestamp', 'deletionTimestamp'].map((name) => [name, 'any'] as const),
  ...['deletionGracePeriodSeconds', 'managedFields'].map((name) => [name, 'any'] as const),
]);

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const DNS_LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const NAME_PART = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

/** What is wrong with an object's metadata: of what the API server checks, that which users write. */
export function metadataProblems(object: unknown): readonly Problem[] {
  const metadata = fieldOf(object, 'metadata');
  if (metadata !== undefined && metadata !== null && !isJsonObject(metadata)) {
    return [wrongType(['metadata'], 'an object', metadata)];
  }
  const fields = Object.entries(metadata ?? {}).filter(([, value]) => value !== null);
  const typed = fields.flatMap(([name, value]) => typeProblems(name, value));
  return typed.length > 0 ? typed : contentProblems(new Map(fields));
}

function typeProblems(name: string, value: unknown): readonly Problem[] {
  const path = ['metadata', name];
  switch (FIELDS.get(name)) {
    case undefined:
      return [problem('DK1001', path, { name, hint: didYouMean(nearest(name, [...FIELDS.keys()])) })];
    case 'string':
      return typeof value === 'string' ? [] : [wrongType(path, 'text', value)];
    case 'list':
      return Array.isArray(value) ? [] : [wrongType(path, 'a list', value)];
    case 'map':
      if (!isJsonObject(value)) return [wrongType(path, 'an object', value)];
      return Object.entries(value)
        .filter(([, text]) => typeof text !== 'string' && text !== null)
        .map(([key, text]) => wrongType([...path, key], 'text', text));
    case 'any':
      return [];
  }
}

function contentProblems(metadata: ReadonlyMap<string, unknown>): readonly Problem[] {
  return [
    ...nameProblems(metadata),
    ...namespaceProblems(metadata.get('namespace')),
    ...mapProblems('labels', metadata.get('labels')),
    ...mapProblems('annotations', metadata.get('annotations')),
  ];
}

function nameProblems(metadata: ReadonlyMap<string, unknown>): readonly Problem[] {
  const path = ['metadata', 'name'];
  const name = metadata.get('name') ?? '';
  if (name === '') {
    const generated = (metadata.get('generateName') ?? '') !== '';
    return generated ? [] : [problem('DK1010', path, { problem: 'the object has no name' })];
  }
  if (isText(name, SUBDOMAIN, 253)) return [];
  const text = `${shown(name)} is no name: at most 253 lower-case letters, digits, - and ., the first and last a letter or digit`;
  return [problem('DK1010', path, { problem: text })];
}

function namespaceProblems(namespace: unknown): readonly Problem[] {
  if (namespace === undefined || namespace === '' || isText(namespace, DNS_LABEL, 63)) return [];
  const text = `${shown(namespace)} is no namespace: at most 63 lower-case letters, digits and -`;
  return [problem('DK1010', ['metadata', 'namespace'], { problem: text })];
}

function mapProblems(field: 'labels' | 'annotations', map: unknown): readonly Problem[] {
  return Object.entries(map ?? {}).flatMap(([key, value]) => {
    const path = ['metadata', field, key];
    if (!isQualifiedName(field === 'annotations' ? key.toLowerCase() : key)) {
      const text = `${shown(key)} is no key: at most 63 letters, digits, -, _ and ., with an optional DNS name and / before them`;
      return [problem('DK1010', path, { problem: text })];
    }
    if (field === 'annotations' || isText(value ?? '', LABEL_VALUE, 63)) return [];
    const text = `${shown(value)} is no label's value: at most 63 letters, digits, -, _ and ., the first and last a letter or digit`;
    return [problem('DK1010', path, { problem: text })];
  });
}

/** Whether a text is the key of a label or an annotation: `name` or `prefix/name`. */
export function isQualifiedName(key: string): boolean {
  const slash = key.indexOf('/');
  if (slash >= 0 && !isText(key.slice(0, slash), SUBDOMAIN, 253)) return false;
  return isText(key.slice(slash + 1), NAME_PART, 63);
}

function isText(value: unknown, pattern: RegExp, limit: number): boolean {
  return typeof value === 'string' && value.length <= limit && pattern.test(value);
}

function wrongType(path: readonly FieldStep[], expected: string, value: unknown): Problem {
  return problem('DK1002', path, { expected, actual: actualWords(value) });
}
