import { ApiError, REASON } from '../api/api-error.ts';
import type { WatchEvent, WatchOptions } from '../api/api.ts';
import type { KubernetesObject } from '../api/object.ts';
import { apiVersionOf, type ResourceKind } from '../api/resource-kind.ts';
import type { ObjectFilter } from '../api/selector.ts';
import type { CancelTimer, Clock } from '../clock.ts';
import type { History, HistoryRecord } from './history.ts';

/** What a watch of the in-memory API reads from. */
export interface WatchSource {
  readonly kind: ResourceKind;
  readonly history: History;
  readonly clock: Clock;
  /** Milliseconds between bookmarks. */
  readonly bookmarkInterval: number;
  readonly matches: ObjectFilter;
  /** The version of the whole API now. */
  version(): number;
  /** The objects now, for a watch from version 0. */
  objects(): readonly KubernetesObject[];
}

/** The error of a version that is no longer in the history. */
export function expiredError(message = 'The resourceVersion for the provided watch is too old.'): ApiError {
  return new ApiError({ code: 410, reason: REASON.expired, message });
}

/** The events of a watch; see `Api.watch`. */
export async function* memoryWatch(source: WatchSource, options: WatchOptions): AsyncGenerator<WatchEvent> {
  const { history } = source;
  const start = Number(options.resourceVersion);
  if (!Number.isSafeInteger(start) || start < 0) throw badVersion(options.resourceVersion);
  const from = start === 0 ? source.version() : start;
  let position = history.positionAfter(from);
  if (start === 0) for (const object of source.objects()) yield { type: 'ADDED', object };
  if (position === undefined) return yield expired();

  const wait = new Waiter(source, options);
  try {
    for (;;) {
      for (let record = history.at(position); record !== undefined; record = history.at(position)) {
        if (record === 'forgotten') return yield expired();
        position++;
        const event = eventOf(record, source.matches);
        if (event !== undefined) yield event;
      }
      const reason = await wait.next();
      options.signal?.throwIfAborted();
      if (history.at(position) !== undefined) continue;
      if (options.allowWatchBookmarks === true && reason !== 'change') yield bookmark(source);
      if (reason === 'end') return undefined;
    }
  } finally {
    wait.stop();
  }
}

function expired(): WatchEvent {
  return { type: 'ERROR', object: expiredError().toStatus() };
}

/** A record as a watch with a selector sees it: an object that begins to match is added, one that ceases to is deleted. */
function eventOf(record: HistoryRecord, matches: ObjectFilter): WatchEvent | undefined {
  const { type, object, old } = record;
  const isIn = type !== 'DELETED' && matches(object);
  const wasIn = old !== undefined && matches(old);
  if (isIn) return { type: wasIn ? 'MODIFIED' : 'ADDED', object };
  return wasIn ? { type: 'DELETED', object } : undefined;
}

function bookmark(source: WatchSource): WatchEvent {
  const metadata = { name: '', resourceVersion: String(source.version()) };
  return { type: 'BOOKMARK', object: { apiVersion: apiVersionOf(source.kind), kind: source.kind.kind, metadata } };
}

/** Waits for the next change, bookmark, end or abort. */
class Waiter {
  readonly #stops: (() => void)[];
  #happened: 'change' | 'bookmark' | 'end' | undefined;
  #resolve: (() => void) | undefined;
  #cancelBookmark: CancelTimer | undefined;

  constructor(source: WatchSource, options: WatchOptions) {
    const abort = (): void => this.#happen('end');
    options.signal?.addEventListener('abort', abort);
    this.#stops = [
      source.history.onChange(() => this.#happen('change')),
      () => options.signal?.removeEventListener('abort', abort),
    ];
    if (options.signal?.aborted === true) abort();
    const { clock, bookmarkInterval } = source;
    if (options.timeoutSeconds !== undefined) this.#stops.push(clock.setTimeout(abort, options.timeoutSeconds * 1000));
    if (options.allowWatchBookmarks !== true) return;
    const remind = (): void => {
      this.#cancelBookmark = clock.setTimeout(remind, bookmarkInterval);
      this.#happen('bookmark');
    };
    this.#cancelBookmark = clock.setTimeout(remind, bookmarkInterval);
  }

  async next(): Promise<'change' | 'bookmark' | 'end'> {
    if (this.#happened === undefined) await new Promise<void>((resolve) => (this.#resolve = resolve));
    const happened = this.#happened ?? 'change';
    if (happened !== 'end') this.#happened = undefined;
    return happened;
  }

  stop(): void {
    this.#cancelBookmark?.();
    for (const stop of this.#stops) stop();
  }

  #happen(what: 'change' | 'bookmark' | 'end'): void {
    if (this.#happened !== 'end') this.#happened = what;
    this.#resolve?.();
    this.#resolve = undefined;
  }
}

function badVersion(version: string): ApiError {
  const message = `Invalid value: ${JSON.stringify(version)}: the resourceVersion is not a number`;
  return new ApiError({ code: 400, reason: REASON.badRequest, message });
}
