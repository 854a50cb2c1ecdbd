import type { Template } from '../containers.ts';

const EXPRESSION = Symbol('CEL');

/** A CEL expression where a value of JSON is expected. */
export interface CelExpression {
  readonly [EXPRESSION]: string;
}

/** Marks a text as a CEL expression. */
export function expression(text: string): CelExpression {
  return { [EXPRESSION]: text };
}

/** A text as CEL writes it; its escapes are those of JSON, and more. */
export function celString(text: string): string {
  return JSON.stringify(text);
}

/**
 * A value as CEL writes it. Maps and lists of Kubernetes' CEL hold values of one type, so each is declared to be of any. `depth`
 * is how far it is indented.
 */
export function celValue(value: Template<CelExpression>, depth = 0): string {
  if (typeof value === 'string') return celString(value);
  if (typeof value !== 'object') return String(value);
  if (isExpression(value)) return value[EXPRESSION];
  const [inner, outer] = ['  '.repeat(depth + 1), '  '.repeat(depth)];
  const items = Array.isArray(value)
    ? (value as readonly Template<CelExpression>[]).map((item) => celAny(item, depth + 1))
    : Object.entries(value).map(([key, item]) => `${celString(key)}: ${celAny(item, depth + 1)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return items.length === 0
    ? `${open}${close}`
    : `${open}\n${items.map((item) => inner + item).join(',\n')}\n${outer}${close}`;
}

function celAny(value: Template<CelExpression>, depth: number): string {
  return `dyn(${celValue(value, depth)})`;
}

function isExpression(value: object): value is CelExpression {
  return EXPRESSION in value;
}

/**
 * A text with holes as a CEL expression: what stands for a hole (no part of another, but for longer ones that are looked for
 * first) is replaced by the expression of a string.
 */
export function celConcat(text: string, holes: Readonly<Record<string, string>>): string {
  const names = Object.keys(holes).toSorted((a, b) => b.length - a.length);
  const parts: string[] = [];
  let rest = text;
  while (rest !== '') {
    const found = names
      .map((name) => ({ name, at: rest.indexOf(name) }))
      .filter(({ at }) => at >= 0)
      .toSorted((a, b) => a.at - b.at || b.name.length - a.name.length)[0];
    const end = found?.at ?? rest.length;
    if (end > 0) parts.push(celString(rest.slice(0, end)));
    if (found !== undefined) parts.push(holes[found.name] ?? '');
    rest = rest.slice(end + (found?.name.length ?? 0));
  }
  return parts.length === 0 ? '""' : parts.join(' + ');
}

/**
 * The same for a text in which the lines with a hole are there once for each item of a list: `lists` has the expression of the
 * list for each hole, and `item` is what the hole becomes, of an item called `x`.
 */
export function celLines(
  text: string,
  lists: Readonly<Record<string, { readonly list: string; readonly item: string }>>,
): string {
  const parts: string[] = [];
  let fixed = '';
  for (const line of text.split(/(?<=\n)/)) {
    const hole = Object.keys(lists).find((name) => line.includes(name));
    const { item = '', list = '' } = hole === undefined ? {} : (lists[hole] ?? {});
    if (hole === undefined) {
      fixed += line;
      continue;
    }
    if (fixed !== '') parts.push(celString(fixed));
    fixed = '';
    parts.push(`${list}.map(x, ${celConcat(line, { [hole]: item })}).join("")`);
  }
  if (fixed !== '') parts.push(celString(fixed));
  return parts.join('\n+ ');
}
