import type { ListPage } from '../api/api.ts';
import type { KubernetesObject } from '../api/object.ts';
import { expiredError } from './memory-watch.ts';

interface Snapshot {
  readonly version: number;
  readonly items: readonly KubernetesObject[];
}

/** How many unfinished lists are remembered; the oldest expire, as they do in a real API server. */
const MAX_SNAPSHOTS = 256;

/** Cuts lists into pages. All pages of a list are of the same moment. */
export class Pages {
  readonly #snapshots = new Map<string, Snapshot>();
  #lastToken = 0;

  first(items: readonly KubernetesObject[], version: number, limit: number | undefined): ListPage {
    return this.#page({ version, items }, 0, limit);
  }

  /** The page after the one that `token` came with. Throws `Expired` when the list is forgotten. */
  next(token: string, limit: number | undefined): ListPage {
    const dot = token.indexOf('.');
    const snapshot = this.#snapshots.get(token.slice(0, dot));
    if (snapshot === undefined) {
      throw expiredError('The provided continue parameter is too old to display a consistent list result.');
    }
    return this.#page(snapshot, Number(token.slice(dot + 1)), limit, token.slice(0, dot));
  }

  /** Forgets all unfinished lists, as a compaction does. */
  clear(): void {
    this.#snapshots.clear();
  }

  #page(snapshot: Snapshot, start: number, limit: number | undefined, id?: string): ListPage {
    const resourceVersion = String(snapshot.version);
    const end = limit === undefined || limit <= 0 ? snapshot.items.length : start + limit;
    const items = start === 0 && end >= snapshot.items.length ? snapshot.items : snapshot.items.slice(start, end);
    const remainingItemCount = snapshot.items.length - end;
    if (remainingItemCount <= 0) return { resourceVersion, items };
    return { resourceVersion, items, continue: `${id ?? this.#remember(snapshot)}.${end}`, remainingItemCount };
  }

  #remember(snapshot: Snapshot): string {
    const id = String(++this.#lastToken);
    this.#snapshots.set(id, snapshot);
    const [oldest] = this.#snapshots.keys();
    if (this.#snapshots.size > MAX_SNAPSHOTS && oldest !== undefined) this.#snapshots.delete(oldest);
    return id;
  }
}
