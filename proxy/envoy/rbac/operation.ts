import type { GrpcMethodMatch, OperationMatch } from '../../model/index.ts';
import { sortPlain } from '../order.ts';
import { exactMatch, methodMatch } from '../string-match.ts';
import { type Breadth, opposite } from './breadth.ts';
import { allOf, anyEntry, header, noEntry, path, type PrincipalInit } from './principal.ts';
import { requestHeader } from './request-header.ts';
import { requestHost } from './request-host.ts';
import { requestPath } from './request-path.ts';

/** The request: every part that is given has to hold. */
export function operation(to: OperationMatch, breadth: Breadth): PrincipalInit {
  const otherwise = opposite(breadth);
  const parts = [
    anyEntry(to.hosts, (host) => requestHost(host, breadth)),
    noEntry(to.notHosts, (host) => requestHost(host, otherwise)),
    anyEntry(to.methods, method),
    noEntry(to.notMethods, method),
    anyEntry(to.paths, (match) => requestPath(match, breadth)),
    noEntry(to.notPaths, (match) => requestPath(match, otherwise)),
    ...sortPlain(to.headers.map((match) => requestHeader(match, breadth))),
    anyEntry(to.grpc ?? [], grpcMethod),
  ];
  return allOf(parts.filter((part) => part !== undefined));
}

function method(name: string): PrincipalInit {
  return header(methodMatch([name]));
}

function grpcMethod({ service, method: name }: GrpcMethodMatch): PrincipalInit {
  const prefix = `/${service}/`;
  return path(name === undefined ? { matchPattern: { case: 'prefix', value: prefix } } : exactMatch(prefix + name));
}
