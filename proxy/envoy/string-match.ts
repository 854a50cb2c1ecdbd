import type { Init } from './init.ts';
import type { PathMatch, StringMatch } from '../model/index.ts';
import type { HeaderMatcherSchema, StringMatcherSchema } from './proto/index.ts';

export type StringMatcherInit = Init<typeof StringMatcherSchema>;
export type HeaderMatcherInit = Init<typeof HeaderMatcherSchema>;

/** Text as a part of an RE2 expression that matches exactly it. */
export function escapeRegex(text: string): string {
  return text.replace(/[^A-Za-z0-9_/-]/g, (char) => ((char.codePointAt(0) ?? 0) > 127 ? char : `\\${char}`));
}

/** Matches the whole of a value. The expression must be made of {@link escapeRegex}'d input. */
export function regexMatch(regex: string): StringMatcherInit {
  return { matchPattern: { case: 'safeRegex', value: { regex } } };
}

export function exactMatch(value: string): StringMatcherInit {
  return { matchPattern: { case: 'exact', value } };
}

/** A match of a value that is there; `undefined` stands for any value. */
export function stringMatch(match: StringMatch): StringMatcherInit | undefined {
  // Envoy refuses the empty text in these three; it matches everything.
  if (match.kind !== 'present' && match.kind !== 'exact' && match.value === '') return undefined;
  switch (match.kind) {
    case 'exact':
    case 'prefix':
    case 'suffix':
    case 'contains':
      return { matchPattern: { case: match.kind, value: match.value } };
    case 'present':
      return undefined;
  }
}

/** A header whose value matches. An absent header matches nothing, so that its negation holds for it. */
export function headerMatch(name: string, match: StringMatch): HeaderMatcherInit {
  const value = stringMatch(match);
  return {
    name: name.toLowerCase(),
    headerMatchSpecifier: value === undefined ? { case: 'presentMatch', value: true } : { case: 'stringMatch', value },
  };
}

/** The pseudo-header `:method`, any of these. */
export function methodMatch(methods: readonly string[]): HeaderMatcherInit {
  const value = methods.length === 1 ? exactMatch(methods[0] ?? '') : regexMatch(methods.map(escapeRegex).join('|'));
  return { name: ':method', headerMatchSpecifier: { case: 'stringMatch', value } };
}

/**
 * The RE2 expression of a template of whole segments: `{*}` is one that is not empty, `{**}` any number of them with their
 * slashes, none included: `/a/{**}` matches `/a`, `/a/` and `/a/b/c`.
 */
export function templateRegex(template: string): string {
  return template
    .split('/')
    .slice(1)
    .map((segment) => (segment === '{**}' ? '(/.*)?' : segment === '{*}' ? '/[^/]+' : `/${escapeRegex(segment)}`))
    .join('');
}

/** A prefix of whole segments without the slash at its end; empty when it matches every path. */
export function trimPrefix(prefix: string): string {
  let end = prefix.length;
  while (prefix.endsWith('/', end)) end -= 1;
  return prefix.slice(0, end);
}

/** What a path without its query matches, any of these; `undefined` when every path does. */
export function pathMatches(path: PathMatch): readonly StringMatcherInit[] | undefined {
  switch (path.kind) {
    case 'exact':
      return [exactMatch(path.value)];
    case 'prefix': {
      const prefix = trimPrefix(path.value);
      if (prefix === '') return undefined;
      return [exactMatch(prefix), { matchPattern: { case: 'prefix', value: `${prefix}/` } }];
    }
    case 'starts-with':
    case 'suffix': {
      const match = stringMatch({ kind: path.kind === 'suffix' ? 'suffix' : 'prefix', value: path.value });
      return match === undefined ? undefined : [match];
    }
    case 'template':
      return [regexMatch(templateRegex(path.value))];
    case 'any':
      return undefined;
  }
}
