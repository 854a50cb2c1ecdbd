import type { PathMatch } from '../../model/index.ts';
import { escapeRegex, pathMatches, regexMatch, trimPrefix } from '../string-match.ts';
import { type Breadth, doubted } from './breadth.ts';
import { ANYTHING, allOf, anyOf, not, path, type PrincipalInit } from './principal.ts';

const SEMICOLON = '(?:;|%3[Bb])';

/** Parameters at the end of a segment, which servers of Java remove before they look for what is asked for. */
const PARAMETERS = `(?:${SEMICOLON}[^/]*)?`;

/**
 * What the proxy leaves as it is and some applications resolve: dot segments and empty ones with parameters, slashes and dots in
 * overlong UTF-8, and `%u002f`.
 */
const DOUBTFUL = path(
  regexMatch(`.*(?:/\\.{1,2}${SEMICOLON}|/${SEMICOLON}[^/]*/|%[Cc][01]|%[Ee]0%[89]|%[Ff]0%8|%[Uu][0-9A-Fa-f]).*`),
);

/** Parameters in the last segment: what ends the path is not what ends the name of the resource. */
const ENDS_IN_PARAMETERS = path(regexMatch(`.*${SEMICOLON}[^/]*`));

/** The path after the proxy's own normalisation, without its query. */
export function requestPath(match: PathMatch, breadth: Breadth): PrincipalInit {
  const literal = narrowly(match);
  if (literal === undefined) return ANYTHING;
  if (breadth === 'wide') return doubted(path(regexMatch(widely(match))), DOUBTFUL, 'wide');
  if (match.kind === 'exact') return literal;
  const sure = doubted(literal, DOUBTFUL, 'narrow');
  return match.kind === 'suffix' ? allOf([sure, not(ENDS_IN_PARAMETERS)]) : sure;
}

/** Undefined: every path. */
function narrowly(match: PathMatch): PrincipalInit | undefined {
  const matches = pathMatches(match);
  if (matches === undefined || match.kind === 'any') return undefined;
  // What is written in more ways than one is compared in all of them.
  if (/^[A-Za-z0-9._~/*{}-]*$/.test(match.value)) return anyOf(matches.map(path));
  return path(regexMatch(pattern(match, '')));
}

function widely(match: PathMatch): string {
  return pattern(match, PARAMETERS);
}

/** The expression of a match with `after` behind each whole segment. */
function pattern(match: PathMatch, after: string): string {
  switch (match.kind) {
    case 'any':
      return '.*';
    case 'exact':
      return segments(match.value, after) + after;
    case 'starts-with':
      return `${segments(match.value, after)}.*`;
    case 'suffix':
      return `.*${segments(match.value, after)}${after}`;
    case 'prefix': {
      const value = trimPrefix(match.value);
      return `${segments(value, after)}${after}(?:/.*)?`;
    }
    case 'template':
      return match.value
        .split('/')
        .slice(1)
        .map((segment) =>
          segment === '{**}' ? '(?:/.*)?' : segment === '{*}' ? '/[^/]+' : `/${characters(segment)}${after}`,
        )
        .join('');
  }
}

function segments(text: string, after: string): string {
  const [first = '', ...rest] = text.split('/').map(characters);
  // Before the first slash there is no segment.
  return rest.length === 0 ? first : `${first}${first === '' ? '' : after}/${rest.join(`${after}/`)}`;
}

/** Each character as itself or percent-encoded, but for those that the proxy has decoded. */
function characters(text: string): string {
  return text.replaceAll(/%[0-9A-Fa-f]{2}|[^A-Za-z0-9._~-]|[A-Za-z0-9._~-]+/g, (part) => {
    if (/^[A-Za-z0-9._~-]/.test(part)) return escapeRegex(part);
    const code = part.length === 3 ? Number.parseInt(part.slice(1), 16) : (part.codePointAt(0) ?? 0);
    const encoded = `(?i:%${code.toString(16).padStart(2, '0')})`;
    if (part.length !== 3) return code > 0x7f ? escapeRegex(part) : `(?:${escapeRegex(part)}|${encoded})`;
    // A slash that a policy writes encoded stays the character of a name.
    const isPlain = code > 0x20 && code < 0x7f && code !== 0x2f && code !== 0x5c;
    return isPlain ? `(?:${escapeRegex(String.fromCharCode(code))}|${encoded})` : encoded;
  });
}
