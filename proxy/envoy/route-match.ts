import type { Init } from './init.ts';
import type { HeaderMatch, PathMatch, RequestMatch } from '../model/index.ts';
import { sortPlain, uniqueTexts } from './order.ts';
import type { RouteMatchSchema } from './proto/index.ts';
import {
  escapeRegex,
  type HeaderMatcherInit,
  headerMatch,
  methodMatch,
  templateRegex,
  trimPrefix,
} from './string-match.ts';

export type RouteMatchInit = Init<typeof RouteMatchSchema>;
type PathSpecifier = NonNullable<RouteMatchInit['pathSpecifier']>;

const EVERY_PATH: PathSpecifier = { case: 'prefix', value: '/' };

/** One match per alternative; a rule without any matches every request. */
export function routeMatches(matches: readonly RequestMatch[]): readonly RouteMatchInit[] {
  if (matches.length === 0) return [{ pathSpecifier: EVERY_PATH }];
  return sortPlain(matches.map(routeMatch));
}

function routeMatch(match: RequestMatch): RouteMatchInit {
  const headers = [...sortPlain((match.headers ?? []).map(routeHeader))];
  if (match.methods !== undefined && match.methods.length > 0) headers.unshift(methodMatch(uniqueTexts(match.methods)));
  return {
    pathSpecifier: match.path === undefined ? EVERY_PATH : pathSpecifier(match.path),
    ...(headers.length > 0 ? { headers } : {}),
  };
}

function pathSpecifier(path: PathMatch): PathSpecifier {
  switch (path.kind) {
    case 'exact':
      return { case: 'path', value: path.value };
    case 'prefix': {
      const value = trimPrefix(path.value);
      return value === '' ? EVERY_PATH : { case: 'pathSeparatedPrefix', value };
    }
    case 'starts-with':
      return path.value === '' ? EVERY_PATH : { case: 'prefix', value: path.value };
    case 'suffix':
      return { case: 'safeRegex', value: { regex: `.*${escapeRegex(path.value)}` } };
    case 'template':
      return { case: 'safeRegex', value: { regex: templateRegex(path.value) } };
    case 'any':
      return EVERY_PATH;
  }
}

function routeHeader(header: HeaderMatch): HeaderMatcherInit {
  const matcher = headerMatch(header.name, header.match);
  if (!header.negate) return matcher;
  // An absent header does not have the value; Envoy would say that nothing can be said.
  const absentToo = header.match.kind === 'present' ? {} : { treatMissingHeaderAsEmpty: true };
  return { ...matcher, invertMatch: true, ...absentToo };
}
