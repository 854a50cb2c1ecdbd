import type { ListOptions, SelectOptions } from '../../../operator/framework/api/api.ts';
import { apiVersionOf, type ResourceKind } from '../../../operator/framework/index.ts';

/** What a URL of the Kubernetes API asks for. */
export interface Route {
  readonly kind: ResourceKind;
  readonly namespace: string;
  /** Empty: all of the kind. */
  readonly name: string;
  readonly subresource: string;
  readonly query: URLSearchParams;
}

/** Undefined where there is no such kind. */
export function routeOf(text: string, kinds: readonly ResourceKind[]): Route | undefined {
  const url = new URL(text, 'http://server');
  const parts = url.pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  const [root, ...rest] = parts;
  const version = root === 'api' ? rest.slice(0, 1) : rest.slice(0, 2);
  const path = rest.slice(version.length);
  const isInNamespace = path[0] === 'namespaces' && path.length > 2;
  const [plural = '', name = '', subresource = ''] = isInNamespace ? path.slice(2) : path;
  const kind = kinds.find((each) => apiVersionOf(each) === version.join('/') && each.plural === plural);
  if (kind === undefined) return undefined;
  return { kind, namespace: isInNamespace ? (path[1] ?? '') : '', name, subresource, query: url.searchParams };
}

/** The parameters of a list. */
export function listOptionsOf({ namespace, query }: Route): ListOptions {
  const limit = query.get('limit');
  const token = query.get('continue');
  const resourceVersion = query.get('resourceVersion');
  return {
    ...selectionOf(namespace, query),
    ...(limit === null ? {} : { limit: Number(limit) }),
    ...(token === null ? {} : { continue: token }),
    ...(resourceVersion === null ? {} : { resourceVersion, resourceVersionMatch: 'NotOlderThan' as const }),
  };
}

/** Which objects a list or a watch is about. */
export function selectionOf(namespace: string, query: URLSearchParams): Omit<SelectOptions, 'signal'> {
  const [labelSelector, fieldSelector] = [query.get('labelSelector'), query.get('fieldSelector')];
  return {
    ...(namespace === '' ? {} : { namespace }),
    ...(labelSelector === null ? {} : { labelSelector }),
    ...(fieldSelector === null ? {} : { fieldSelector }),
  };
}
