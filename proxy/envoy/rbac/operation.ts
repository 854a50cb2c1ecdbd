import type { GrpcMethodMatch, HeaderMatch, HostMatch, OperationMatch, PathMatch } from '../../model/index.ts';
import { sortPlain } from '../order.ts';
import { escapeRegex, exactMatch, headerMatch, methodMatch, pathMatches, regexMatch } from '../string-match.ts';
import { ANYTHING, allOf, anyEntry, anyOf, header, noEntry, not, type PrincipalInit, path } from './principal.ts';

/** The request: every part that is given has to hold. */
export function operation(to: OperationMatch): PrincipalInit {
  const parts = [
    anyEntry(to.hosts, host),
    noEntry(to.notHosts, host),
    anyEntry(to.methods, method),
    noEntry(to.notMethods, method),
    anyEntry(to.paths, requestPath),
    noEntry(to.notPaths, requestPath),
    ...sortPlain(to.headers.map(requestHeader)),
    anyEntry(to.grpc ?? [], grpcMethod),
  ];
  return allOf(parts.filter((part) => part !== undefined));
}

/**
 * Without case; with any port, or the one that is given, which stands for none too when it is HTTP's own; with or without the
 * dot that ends a full name.
 */
function host(match: HostMatch): PrincipalInit {
  if (match.kind === 'any' && match.port === undefined) return ANYTHING;
  return header({
    name: ':authority',
    headerMatchSpecifier: { case: 'stringMatch', value: regexMatch(`(?i)${hostName(match)}${hostPort(match.port)}`) },
  });
}

function hostName(match: HostMatch): string {
  switch (match.kind) {
    case 'any':
      return '.*';
    case 'exact':
      return `${escapeRegex(match.value)}\\.?`;
    case 'prefix':
      return `${escapeRegex(match.value)}.*`;
    case 'suffix':
      return `.*${escapeRegex(match.value)}\\.?`;
  }
}

function hostPort(port: number | undefined): string {
  if (port === undefined) return '(:[0-9]*)?';
  return port === 80 ? '(:80)?' : `:${port}`;
}

function method(name: string): PrincipalInit {
  return header(methodMatch([name]));
}

function requestPath(match: PathMatch): PrincipalInit {
  const matches = pathMatches(match);
  return matches === undefined ? ANYTHING : anyOf(matches.map(path));
}

function requestHeader(match: HeaderMatch): PrincipalInit {
  const has = header(headerMatch(match.name, match.match));
  return match.negate ? not(has) : has;
}

function grpcMethod({ service, method: name }: GrpcMethodMatch): PrincipalInit {
  const prefix = `/${service}/`;
  return path(name === undefined ? { matchPattern: { case: 'prefix', value: prefix } } : exactMatch(prefix + name));
}
