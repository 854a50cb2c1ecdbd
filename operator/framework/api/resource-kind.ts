import type { KubernetesObject } from './object.ts';

declare const objectType: unique symbol;

/**
 * A kind as the API serves it: what is needed to build its URLs, and (in `T`, at compile time only) the type of its objects.
 *
 * `group` is empty for the core group. `plural` is the resource name in URLs.
 */
export interface ResourceKind<T extends KubernetesObject = KubernetesObject> {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly [objectType]?: T;
}

/** What {@link resourceKind} can be told beside the name; the defaults suit most kinds. */
export interface ResourceKindOptions {
  /** Default: the kind in lower case, with an English plural ending. */
  readonly plural?: string;
  /** Default: true. */
  readonly namespaced?: boolean;
}

/**
 * Builds the constant that stands for a kind.
 *
 * @example
 * const SERVICE = resourceKind<Service>('v1', 'Service');
 * const GATEWAY_CLASS = resourceKind<GatewayClass>('gateway.networking.k8s.io/v1', 'GatewayClass', { namespaced: false });
 */
export function resourceKind<T extends KubernetesObject = KubernetesObject>(
  apiVersion: string,
  kind: string,
  options: ResourceKindOptions = {},
): ResourceKind<T> {
  const slash = apiVersion.indexOf('/');
  return {
    group: slash < 0 ? '' : apiVersion.slice(0, slash),
    version: apiVersion.slice(slash + 1),
    kind,
    plural: options.plural ?? pluralOf(kind.toLowerCase()),
    namespaced: options.namespaced ?? true,
  };
}

/** `group/version`, or `version` for the core group. */
export function apiVersionOf(kind: ResourceKind): string {
  return kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
}

/** The resource as errors and RBAC name it: `plural.group`, or `plural` for the core group. */
export function resourceNameOf(kind: ResourceKind): string {
  return kind.group === '' ? kind.plural : `${kind.plural}.${kind.group}`;
}

function pluralOf(singular: string): string {
  if (/(?:s|x|z|ch|sh)$/.test(singular)) return `${singular}es`;
  if (/[^aeiou]y$/.test(singular)) return `${singular.slice(0, -1)}ies`;
  return `${singular}s`;
}
