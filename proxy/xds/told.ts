import type { Entry } from './cache.ts';
import type { EncodedResource } from './resource.ts';

/** The last word on a name between a stream and its proxy. */
export type Told =
  | Entry
  /** An explicit empty resource: there is nothing under a name that was asked for. */
  | { readonly kind: 'empty'; readonly revision: number; readonly version: string; readonly resource: EncodedResource }
  /** It was said to be removed. */
  | { readonly kind: 'removed'; readonly revision: number; readonly version: '' }
  /** The proxy brought it along from an earlier stream, in a version of which the bytes are not at hand. */
  | { readonly kind: 'reported'; readonly revision: number; readonly version: string };

/** Whether both say the same to the proxy. */
export function sameContent(a: Told | undefined, b: Told): boolean {
  return a !== undefined && a.version === b.version && (a.kind === 'removed') === (b.kind === 'removed');
}

/** Whether both say the same to the proxy, of the same place since the same revision. */
export function sameWord(a: Told, b: Told): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || a.version !== b.version || a.revision !== b.revision) return false;
  return a.kind !== 'entry' || (b.kind === 'entry' && a.layer === b.layer);
}

/** Whether both are the same content of the same place, since the same revision. */
export function samePlace(a: Told | undefined, b: Told): boolean {
  return a === b || (a?.kind === 'entry' && b.kind === 'entry' && a.layer === b.layer && a.revision === b.revision);
}
