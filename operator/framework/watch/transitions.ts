import { ApiError, isExpired } from '../api/api-error.ts';
import type { ListPage, WatchEvent } from '../api/api.ts';
import { keyOfObject, type KubernetesObject } from '../api/object.ts';
import { compareResourceVersions } from './resource-version.ts';
import type { Doubt, ListReason, WatcherOutput, WatcherState } from './state.ts';

/** What the transitions must know of the store that the watcher fills. */
export interface KnownObjects {
  size(): number;
  /** The version in which an object is stored. */
  versionOf(key: string): string | undefined;
}

/** When a list that has lost (nearly) everything is believed. */
export interface Belief {
  /** Monotonic milliseconds. */
  readonly now: number;
  /** For so many milliseconds it must have been so, in two lists at least. */
  readonly hold: number;
  /** Whether there are always objects of the kind, so that an empty list is doubted even when nothing is known yet. */
  readonly neverEmpty: boolean;
}

/** A state, and what the store is told on the way to it. */
export interface Step<T extends KubernetesObject> {
  readonly state: WatcherState<T>;
  readonly output?: WatcherOutput<T>;
}

type Listing<T extends KubernetesObject> = Exclude<WatcherState<T>, { kind: 'watching' }>;
type Watching<T extends KubernetesObject> = Extract<WatcherState<T>, { kind: 'watching' }>;

/** After a page of a list has come. */
export function afterPage<T extends KubernetesObject>(
  state: Listing<T>,
  page: ListPage<T>,
  known: KnownObjects,
  belief: Belief,
): Step<T> {
  const items = state.kind === 'init-page' ? [...state.items, ...page.items] : page.items;
  const before = state.kind === 'empty' ? undefined : state.doubt;
  const { reason } = state;
  if (page.continue !== undefined && page.continue !== '') {
    const doubt = before === undefined ? {} : { doubt: before };
    return { state: { kind: 'init-page', reason, items, continue: page.continue, ...doubt } };
  }
  if (isDoubtful(items.length, known.size(), belief.neverEmpty)) {
    const doubt = { since: before?.since ?? belief.now, lists: (before?.lists ?? 0) + 1 };
    if (!isConfirmed(doubt, belief)) return { state: { kind: 'doubt', reason, doubt } };
  }
  return {
    state: { kind: 'watching', resourceVersion: page.resourceVersion },
    output: { kind: 'replace', objects: items },
  };
}

/** Of so many stored objects a list may lose nine in ten, and be believed at once. */
const FEW = 20;

/** One such answer may be a bug, a fresh etcd or a wrong server; believing it would tear everything down. */
function isDoubtful(listed: number, stored: number, neverEmpty: boolean): boolean {
  if (listed === 0) return stored > 0 || neverEmpty;
  return stored >= FEW && listed * 10 < stored;
}

function isConfirmed({ since, lists }: Doubt, { now, hold }: Belief): boolean {
  return lists > 1 && now - since >= hold;
}

/** After an event of the watch has come. Throws the ApiError that an `ERROR` event stands for, unless it means "list again". */
export function afterEvent<T extends KubernetesObject>(
  state: Watching<T>,
  event: WatchEvent<T>,
  known: KnownObjects,
): Step<T> {
  if (event.type === 'ERROR') {
    const error = ApiError.fromStatus(event.object);
    if (isExpired(error)) return listAgain('expired');
    throw error;
  }
  const version = event.object.metadata.resourceVersion;
  if (version === undefined || version === '') return listAgain('desync');
  const order = compareResourceVersions(version, state.resourceVersion);
  if (event.type === 'BOOKMARK') return order === -1 ? { state } : { state: { ...state, resourceVersion: version } };
  if (order === 0) return { state };
  if (order === -1) return isRepeated(event, known) ? { state } : listAgain('desync');
  const kind = event.type === 'DELETED' ? 'remove' : 'upsert';
  return { state: { ...state, resourceVersion: version }, output: { kind, object: event.object } };
}

/** After a request has failed: where to go on from, once the back-off is over. */
export function afterError<T extends KubernetesObject>(state: WatcherState<T>, error: ApiError): WatcherState<T> {
  if (state.kind === 'watching') {
    if (isExpired(error) || isVersionTooLarge(error)) return { kind: 'empty', reason: 'expired' };
    return isOurFault(error) ? { kind: 'empty', reason: 'desync' } : state;
  }
  // Pages of different moments must not be mixed, and what was doubted must have stayed so without a break.
  return { kind: 'empty', reason: state.reason };
}

/** Whether the server says that it is not as far as the version asked for, as after a restore from a backup. */
export function isVersionTooLarge(error: ApiError): boolean {
  if (error.details?.causes?.some((cause) => cause.reason === 'ResourceVersionTooLarge') === true) return true;
  return error.message.includes('Too large resource version');
}

/** Whether asking the same again is pointless. Missing rights and too many requests pass. */
function isOurFault({ code }: ApiError): boolean {
  return code >= 400 && code < 500 && ![401, 403, 408, 429].includes(code);
}

function listAgain<T extends KubernetesObject>(reason: ListReason): Step<T> {
  return { state: { kind: 'empty', reason } };
}

/** Whether an event that is older than the last one says only what the store has already. */
function isRepeated(event: Exclude<WatchEvent, { type: 'ERROR' }>, known: KnownObjects): boolean {
  const stored = known.versionOf(keyOfObject(event.object));
  return event.type === 'DELETED' ? stored === undefined : stored === event.object.metadata.resourceVersion;
}
