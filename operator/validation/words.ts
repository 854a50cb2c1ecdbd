import type { StructuralSchema } from '../api/structural-schema.ts';

const SHOWN = 64;

/** A value of a user as messages show it: short, on one line. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`;
}

const TYPE_WORDS = {
  object: 'an object',
  array: 'a list',
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
} as const;

/** What a schema expects: `a list`, `a whole number`. */
export function expectedWords({ type }: StructuralSchema): string {
  return type === undefined ? 'a whole number or text' : TYPE_WORDS[type];
}

/** What a value is: `the number 1`, `a list`. */
export function actualWords(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'string') return `the text ${shown(value)}`;
  return typeof value === 'boolean' ? String(value) : 'an object';
}

const TOKEN = "a name of letters, digits and !#$%&'*+.^_|~-";

/** What the patterns of the schemas mean, in words that follow `is not`. */
const FORMS: ReadonlyMap<string, string> = new Map([
  ['^([0-9]{1,5}(h|m|s|ms)){1,4}$', 'a duration like 1h, 10s, 1m30s or 250ms'],
  ['^[a-z]([-a-z0-9]*[a-z0-9])?$', 'the name of a Service, in lower-case letters, digits and -'],
  [
    '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
    'a name in lower-case letters, digits and -, the first and last a letter or digit',
  ],
  [
    '^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$',
    "a label's value: letters, digits, -, _ and ., the first and last a letter or digit",
  ],
  ["^[A-Za-z0-9!#$%&'*+.^_|~-]+$", TOKEN],
  ["^/[A-Za-z0-9._~!$&'()*+,=:@%/-]*$", 'a path that begins with /'],
  [
    "^/([A-Za-z0-9._~!$&'()*+,;=:@%|{}/-]*)$",
    'a path that begins with /, without a query, other characters in percent-encoding',
  ],
  ['^[A-Z][A-Z0-9_-]*$', 'a method in capitals, like GET'],
  ['^[ -~]+$', 'printable ASCII'],
  [
    '^(\\*[^* ]*|spiffe://[^* ]+\\*?)$',
    'a SPIFFE ID like spiffe://cluster.local/ns/shop/sa/web, with * at its end, or an end of one after *',
  ],
  ['^([a-z0-9]([-a-z0-9]*[a-z0-9])?/)?[a-z0-9]([-a-z0-9.]*[a-z0-9])?$', 'a service account: namespace/name, or name'],
  [
    '^(\\*|\\*?[-a-z0-9]+|[-a-z0-9]+\\*)$',
    'the name of a namespace, or its beginning with * after it, or its end with * before it',
  ],
  [
    '^(\\*|\\*?[A-Za-z0-9._:\\[\\]-]+|[A-Za-z0-9._:\\[\\]-]+\\*)$',
    'a host, or its beginning with * after it, or its end with * before it',
  ],
  [
    "^(\\*[A-Za-z0-9._~!$&'()+,;=:@%|/-]*|/[A-Za-z0-9._~!$&'()+,;=:@%|/-]*\\*?|(/([A-Za-z0-9._~!$&'()+,;=:@%|-]+|\\{\\*\\}))+(/|/\\{\\*\\*\\})?|/\\{\\*\\*\\})$",
    'a path like /x, /x*, *x or /a/{*}/b/{**}, without a query, other characters in percent-encoding',
  ],
  [
    '^[A-Za-z_][A-Za-z0-9_]*([.][A-Za-z_][A-Za-z0-9_]*)*$',
    'the full name of a gRPC service, like bookstore.v1.Reviews',
  ],
  ['^[A-Za-z_][A-Za-z0-9_]*$', 'the name of a gRPC method'],
]);

/** What a pattern asks for, in words. */
export function formWords(pattern: string): string {
  return FORMS.get(pattern) ?? `of the form ${pattern}`;
}

/** Whether {@link formWords} has words of its own for a pattern. */
export function hasFormWords(pattern: string): boolean {
  return FORMS.has(pattern);
}
