import type { GrpcMethodMatch, HeaderMatch, HostMatch, OperationMatch, PathMatch } from '@dot-kube/proxy/model';
import type { AuthorizationPolicyRuleTo, HeaderMatch as ApiHeaderMatch } from '../../api/index.ts';
import { headerMatchOf } from '../header-match.ts';
import { listOf, numberOf, textOf, textsOf } from '../lenient.ts';

/** One entry of `to`: the ports that it is about, and what the request has to be there. */
export interface OperationPart {
  /** Absent: every port. */
  readonly ports?: readonly number[];
  readonly notPorts: readonly number[];
  readonly match: OperationMatch;
}

/**
 * One entry of `to` in the model's words. `undefined` when it says nothing or has a list of which nothing can be read: it
 * then fits nothing, rather than everything.
 */
export function operationPartOf(to: AuthorizationPolicyRuleTo): OperationPart | undefined {
  const ports = read(to.ports, numberOf);
  const headers = read(to.headers, headerMatchOf);
  const notHeaders = read(to.notHeaders, (header: ApiHeaderMatch) => negated(headerMatchOf(header)));
  const lists = {
    notPorts: read(to.notPorts, numberOf),
    hosts: read(to.hosts, hostMatchOf),
    notHosts: read(to.notHosts, hostMatchOf),
    methods: read(to.methods, textOf),
    notMethods: read(to.notMethods, textOf),
    paths: read(to.paths, authorizationPathOf),
    notPaths: read(to.notPaths, authorizationPathOf),
    grpc: read(to.grpc, grpcOf),
  };
  const given = [ports, headers, notHeaders, ...Object.values(lists)].filter((list) => list !== undefined);
  if (given.length === 0 || given.some((list) => list.length === 0)) return undefined;
  // All headers have to fit: one that cannot be read must not be left out.
  if (listOf(to.headers).length !== (headers?.length ?? 0)) return undefined;
  return {
    ...(ports === undefined ? {} : { ports }),
    notPorts: lists.notPorts ?? [],
    match: {
      hosts: lists.hosts ?? [],
      notHosts: lists.notHosts ?? [],
      methods: lists.methods ?? [],
      notMethods: lists.notMethods ?? [],
      paths: lists.paths ?? [],
      notPaths: lists.notPaths ?? [],
      headers: [...(headers ?? []), ...(notHeaders ?? [])],
      ...(lists.grpc === undefined ? {} : { grpc: lists.grpc }),
    },
  };
}

/** Absent lists stay absent; of the others, what can be read. */
function read<From, To>(
  list: readonly From[] | undefined,
  parse: (entry: From) => To | undefined,
): readonly To[] | undefined {
  if (list === undefined) return undefined;
  return listOf<From>(list).flatMap((entry) => {
    const value = parse(entry);
    return value === undefined ? [] : [value];
  });
}

function negated(header: HeaderMatch | undefined): HeaderMatch | undefined {
  if (header === undefined) return undefined;
  const { negate, ...rest } = header;
  return negate === true ? rest : { ...rest, negate: true };
}

/** `example.com`, `example.com:8080`, `*.example.com`, `example.*`, `*`; an IPv6 address in brackets. */
export function hostMatchOf(text: string): HostMatch | undefined {
  if (textOf(text) === undefined) return undefined;
  const host = text.toLowerCase();
  if (host !== '*' && host.endsWith('*')) return { kind: 'prefix', value: host.slice(0, -1) };
  const { name, port } = splitPort(host);
  const rest = port === undefined ? {} : { port };
  if (name === '*') return { kind: 'any', ...rest };
  if (name.startsWith('*')) return { kind: 'suffix', value: name.slice(1), ...rest };
  return { kind: 'exact', value: name, ...rest };
}

/** The colons of an IPv6 address without brackets are no ports. */
function splitPort(host: string): { readonly name: string; readonly port?: number } {
  const colon = host.lastIndexOf(':');
  const [name, port] = [host.slice(0, colon), host.slice(colon + 1)];
  const isPort = colon >= 0 && /^\d{1,5}$/.test(port) && (!name.includes(':') || name.endsWith(']'));
  return isPort ? { name, port: Number(port) } : { name: host };
}

/** `/a`, `/a*`, `*a`, `*`, and templates like `/a/{*}/b/{**}`. */
export function authorizationPathOf(text: string): PathMatch | undefined {
  if (textOf(text) === undefined) return undefined;
  if (text === '*') return { kind: 'any' };
  if (text.includes('{')) return { kind: 'template', value: text };
  if (text.startsWith('*')) return { kind: 'suffix', value: text.slice(1) };
  if (text.endsWith('*')) return { kind: 'starts-with', value: text.slice(0, -1) };
  return { kind: 'exact', value: text };
}

function grpcOf({ service, method }: GrpcMethodMatch): GrpcMethodMatch | undefined {
  if (textOf(service) === undefined) return undefined;
  return method === undefined ? { service } : { service, method };
}

/** Whether the entry asks for anything that only a request has. */
export function asksForHttp({ match }: OperationPart): boolean {
  return Object.values(match).some((list) => list.length > 0);
}

/** The HTTP fields that an entry of `to` sets, in the order of the schema. */
export function httpFieldsOf(to: AuthorizationPolicyRuleTo): readonly string[] {
  const fields = [
    'hosts',
    'notHosts',
    'methods',
    'notMethods',
    'paths',
    'notPaths',
    'headers',
    'notHeaders',
    'grpc',
  ] as const;
  return fields.filter((field) => textsAreGiven(to[field]));
}

function textsAreGiven(list: readonly unknown[] | undefined): boolean {
  return list !== undefined && listOf(list as readonly (object | string)[]).length > 0;
}

/** The texts of a list of paths. */
export function pathTexts(paths: readonly string[] | undefined): readonly string[] {
  return textsOf(paths);
}
