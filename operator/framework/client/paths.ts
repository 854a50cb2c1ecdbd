import type { ListOptions, SelectOptions, WatchOptions, WriteOptions } from '../api/api.ts';
import { apiVersionOf, type ResourceKind } from '../api/resource-kind.ts';

/** The parameters of a URL; those without a value are left out. */
export type Query = Readonly<Record<string, string | undefined>>;

/** The path of an object, or of all of a kind when the name is empty; and of one of its subresources. */
export function pathOf(
  kind: ResourceKind,
  ref: { readonly namespace?: string; readonly name: string },
  subresource?: string,
): string {
  const { namespace, name } = ref;
  const isNamespaced = kind.namespaced && namespace !== undefined && namespace !== '';
  const parts = [
    ...(isNamespaced ? ['namespaces', namespace] : []),
    kind.plural,
    ...(name === '' ? [] : [name]),
    ...(subresource === undefined ? [] : [subresource]),
  ];
  const root = kind.group === '' ? 'api' : 'apis';
  return `/${root}/${apiVersionOf(kind)}/${parts.map((part) => encodeURIComponent(part)).join('/')}`;
}

/** `?a=b&c=d`, or nothing. */
export function queryString(query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, value]) => {
    return value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`];
  });
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** The parameters of a list. The continue token knows the version; giving both is an error. */
export function listQuery(options: ListOptions): Query {
  const isFirst = options.continue === undefined;
  return {
    ...selectQuery(options),
    limit: options.limit?.toString(),
    continue: options.continue,
    resourceVersion: isFirst ? options.resourceVersion : undefined,
    resourceVersionMatch: isFirst ? options.resourceVersionMatch : undefined,
  };
}

/** The parameters of a watch. */
export function watchQuery(options: WatchOptions): Query {
  return {
    ...selectQuery(options),
    watch: 'true',
    resourceVersion: options.resourceVersion,
    allowWatchBookmarks: options.allowWatchBookmarks === true ? 'true' : undefined,
    timeoutSeconds: options.timeoutSeconds?.toString(),
  };
}

/** The parameters of a write. */
export function writeQuery(options: WriteOptions): Query {
  return { fieldManager: options.fieldManager, dryRun: options.dryRun === true ? 'All' : undefined };
}

function selectQuery(options: SelectOptions): Query {
  return { labelSelector: options.labelSelector, fieldSelector: options.fieldSelector };
}
