import type { HeaderMatch, StringMatch } from '../../model/index.ts';
import { escapeRegex, headerMatch, regexMatch } from '../string-match.ts';
import { allOf, header, not, type PrincipalInit } from './principal.ts';
import { type Breadth, opposite } from './breadth.ts';

/** Any bytes: values need not be UTF-8, which `.` insists on. */
const BYTES = '\\C*';
const LIST_BEFORE = `(?:${BYTES},)?[ \\t]*`;
const LIST_AFTER = `[ \\t]*(?:,${BYTES})?`;

/** Longer values are told apart by so many characters. */
const COMPARED = 400;

/**
 * A header, which may come several times or as a list. Envoy looks at the lines one by one and is content with one that fits: widely, an
 * entry of a list is enough too; narrowly, no line may differ. What only has to be contained is not looked for in every line.
 */
export function requestHeader({ name, match, negate = false }: HeaderMatch, breadth: Breadth): PrincipalInit {
  if (negate) return not(requestHeader({ name, match }, opposite(breadth)));
  const fits = header(headerMatch(name, match));
  const regex = breadth === 'wide' ? inList(match) : otherThan(match);
  if (regex === undefined) return fits;
  const found = header({
    name: name.toLowerCase(),
    headerMatchSpecifier: { case: 'stringMatch', value: regexMatch(regex) },
  });
  return breadth === 'wide' ? found : allOf([fits, not(found)]);
}

/** Undefined where a line that fits says it all. */
function inList(match: StringMatch): string | undefined {
  switch (match.kind) {
    case 'exact':
      return `${LIST_BEFORE}${escapeRegex(match.value)}${LIST_AFTER}`;
    case 'prefix':
      return match.value === '' ? undefined : `${LIST_BEFORE}${escapeRegex(match.value)}${BYTES}`;
    case 'suffix':
      return match.value === '' ? undefined : `${BYTES}${escapeRegex(match.value)}${LIST_AFTER}`;
    case 'contains':
    case 'present':
      return undefined;
  }
}

/** What does not fit, which has to be spelt out: a value that ends early, or differs in one character. */
function otherThan(match: StringMatch): string | undefined {
  if (match.kind === 'contains' || match.kind === 'present' || (match.kind !== 'exact' && match.value === ''))
    return undefined;
  const { value } = match;
  if (match.kind === 'suffix') {
    return Array.from(value.slice(-COMPARED)).reduce(
      (before, char) => early(`${BYTES}${except(char)}`, before && `${before}${escapeRegex(char)}`),
      '',
    );
  }
  const first = value.slice(0, COMPARED);
  const more = match.kind === 'exact' && first.length === value.length ? '\\C+' : '';
  return Array.from(first).reduceRight(
    (rest, char) => early(`${except(char)}${BYTES}`, rest && `${escapeRegex(char)}${rest}`),
    more,
  );
}

/** Nothing, another character here, or a difference farther on, if there is a farther on. */
function early(other: string, farther: string): string {
  return farther === '' ? `(?:${other})?` : `(?:${other}|${farther})?`;
}

function except(char: string): string {
  return `[^${escapeRegex(char)}]`;
}
