import { ApiError, REASON } from './api-error.ts';
import { fieldOf } from './json.ts';
import type { KubernetesObject } from './object.ts';

/** Whether an object is meant. */
export type ObjectFilter = (object: KubernetesObject) => boolean;

/** The labels that a label selector asks about. */
type Labels = Readonly<Record<string, string>>;

const SET_TERM = /^(?<key>[^\s!=,()]+)\s+(?<operator>in|notin)\s+\((?<values>[^()]*)\)$/;
const EQUALITY_TERM = /^(?<key>[^\s!=,()]+)\s*(?<operator>==|=|!=)\s*(?<value>[^\s!=,()]*)$/;
const EXISTS_TERM = /^(?<not>!?)\s*(?<key>[^\s!=,()]+)$/;

/**
 * What a label selector in Kubernetes' string syntax selects: `a=b,c!=d,e in (f,g),h notin (i),j,!k`.
 *
 * Throws an ApiError `BadRequest` when it cannot be parsed.
 */
export function labelFilter(selector: string): ObjectFilter {
  const terms = splitTerms(selector).map(labelTerm);
  return (object) => terms.every((matches) => matches(object.metadata.labels ?? {}));
}

/** What a field selector selects: `metadata.name=a,spec.nodeName!=b`. Any path of plain fields can be asked for. */
export function fieldFilter(selector: string): ObjectFilter {
  const terms = splitTerms(selector).map(fieldTerm);
  return (object) => terms.every((matches) => matches(object));
}

function labelTerm(term: string): (labels: Labels) => boolean {
  const set = SET_TERM.exec(term)?.groups;
  if (set !== undefined) {
    const values = new Set((set['values'] ?? '').split(',').map((value) => value.trim()));
    const key = set['key'] ?? '';
    return set['operator'] === 'in'
      ? (labels) => Object.hasOwn(labels, key) && values.has(labels[key] ?? '')
      : (labels) => !Object.hasOwn(labels, key) || !values.has(labels[key] ?? '');
  }
  const equality = EQUALITY_TERM.exec(term)?.groups;
  if (equality !== undefined) {
    const { key = '', value = '', operator } = equality;
    const equals = (labels: Labels): boolean => Object.hasOwn(labels, key) && labels[key] === value;
    return operator === '!=' ? (labels) => !equals(labels) : equals;
  }
  const exists = EXISTS_TERM.exec(term)?.groups;
  if (exists === undefined) throw unparsable('label', term);
  const { key = '', not } = exists;
  return not === '!' ? (labels) => !Object.hasOwn(labels, key) : (labels) => Object.hasOwn(labels, key);
}

function fieldTerm(term: string): ObjectFilter {
  const groups = EQUALITY_TERM.exec(term)?.groups;
  if (groups === undefined) throw unparsable('field', term);
  const { key = '', value = '', operator } = groups;
  const path = key.split('.');
  const equals: ObjectFilter = (object) => {
    let field: unknown = object;
    for (const name of path) field = fieldOf(field, name);
    return textOf(field) === value;
  };
  return operator === '!=' ? (object) => !equals(object) : equals;
}

function textOf(field: unknown): string {
  if (typeof field === 'string') return field;
  return typeof field === 'number' || typeof field === 'boolean' ? String(field) : '';
}

/** Splits at the commas that are not within parentheses. */
function splitTerms(selector: string): string[] {
  const terms: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i <= selector.length; i++) {
    const char = selector[i];
    if (char === '(') depth++;
    if (char === ')') depth--;
    if (i === selector.length || (char === ',' && depth === 0)) {
      terms.push(selector.slice(start, i).trim());
      start = i + 1;
    }
  }
  return terms.filter((term) => term !== '');
}

function unparsable(kind: string, term: string): ApiError {
  const message = `unable to parse the ${kind} selector term ${JSON.stringify(term)}`;
  return new ApiError({ code: 400, reason: REASON.badRequest, message });
}
