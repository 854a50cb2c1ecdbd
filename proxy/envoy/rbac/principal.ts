import type { Init } from '../init.ts';
import { sortPlain } from '../order.ts';
import type { PrincipalSchema } from '../proto/index.ts';
import type { HeaderMatcherInit, StringMatcherInit } from '../string-match.ts';

/** A condition of Envoy's RBAC; a tree of these says all that a rule does, of the peer and of the request. */
export type PrincipalInit = Init<typeof PrincipalSchema>;

export const ANYTHING: PrincipalInit = { identifier: { case: 'any', value: true } };
export const NOTHING: PrincipalInit = not(ANYTHING);

/** Holds when all do, and when there are none. */
export function allOf(ids: readonly PrincipalInit[]): PrincipalInit {
  const [only = ANYTHING] = ids;
  return ids.length < 2 ? only : { identifier: { case: 'andIds', value: { ids: [...ids] } } };
}

/** Holds when any does, and never when there are none. */
export function anyOf(ids: readonly PrincipalInit[]): PrincipalInit {
  const [only = NOTHING] = ids;
  return ids.length < 2 ? only : { identifier: { case: 'orIds', value: { ids: [...ids] } } };
}

export function not(id: PrincipalInit): PrincipalInit {
  return { identifier: { case: 'notId', value: id } };
}

/** Any of the entries of a list whose order means nothing; `undefined` when the list is empty and so says nothing. */
export function anyEntry<T>(list: readonly T[], each: (entry: T) => PrincipalInit): PrincipalInit | undefined {
  return list.length === 0 ? undefined : anyOf(sortPlain(list.map(each)));
}

/** None of the entries; `undefined` when the list is empty and so says nothing. */
export function noEntry<T>(list: readonly T[], each: (entry: T) => PrincipalInit): PrincipalInit | undefined {
  const any = anyEntry(list, each);
  return any === undefined ? undefined : not(any);
}

export function header(value: HeaderMatcherInit): PrincipalInit {
  return { identifier: { case: 'header', value } };
}

/** The path after normalisation, without its query. */
export function path(matcher: StringMatcherInit): PrincipalInit {
  return { identifier: { case: 'urlPath', value: { rule: { case: 'path', value: matcher } } } };
}
