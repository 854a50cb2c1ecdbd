import type { KubernetesObject, ObjectRef } from './object.ts';
import type { ResourceKind } from './resource-kind.ts';

/** Ends the call: it rejects with the signal's reason. */
export interface CallOptions {
  readonly signal?: AbortSignal;
}

/** Which objects of a kind are meant. Selectors are in Kubernetes' own string syntax. */
export interface SelectOptions extends CallOptions {
  /** Default: all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** How to list; see "Resource versions" in the Kubernetes API concepts for the meaning of the combinations. */
export interface ListOptions extends SelectOptions {
  /** At most so many objects in the page. Default: all. */
  readonly limit?: number;
  /** The token of the page before. */
  readonly continue?: string;
  readonly resourceVersion?: string;
  readonly resourceVersionMatch?: 'Exact' | 'NotOlderThan';
}

/** One page of a list; `continue` is there when more pages follow. */
export interface ListPage<T extends KubernetesObject = KubernetesObject> {
  readonly resourceVersion: string;
  readonly items: readonly T[];
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/** How to watch. */
export interface WatchOptions extends SelectOptions {
  /** Events after this version are sent. */
  readonly resourceVersion: string;
  /** Whether `BOOKMARK` events are wanted. Default: false. */
  readonly allowWatchBookmarks?: boolean;
  /** The server ends the watch after so many seconds. */
  readonly timeoutSeconds?: number;
}

/** The body of an `ERROR` event and of every refused request (`kind: Status`). */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly status?: string;
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: StatusDetails;
}

/** What a refusal is about. `retryAfterSeconds` is in seconds. */
export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly retryAfterSeconds?: number;
  readonly causes?: readonly StatusCause[];
}

/** One reason among several of a refusal; `field` is the path of the field at fault. */
export interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

/** One event of a watch. A bookmark's object carries a kind and a resourceVersion only. */
export type WatchEvent<T extends KubernetesObject = KubernetesObject> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  | { readonly type: 'BOOKMARK'; readonly object: KubernetesObject }
  | { readonly type: 'ERROR'; readonly object: Status };

/** How to write. */
export interface WriteOptions extends CallOptions {
  /** Who owns the fields that change. Default: the client's own name. */
  readonly fieldManager?: string;
  /** Everything but the storing. Default: false. */
  readonly dryRun?: boolean;
}

/** How to replace; with `subresource` only the status is written, without it everything but the status. */
export interface ReplaceOptions extends WriteOptions {
  readonly subresource?: 'status';
}

/** How to apply (server-side apply). */
export interface ApplyOptions extends WriteOptions {
  readonly fieldManager: string;
  /** Take fields from their other managers instead of failing with a conflict. Default: false. */
  readonly force?: boolean;
  readonly subresource?: 'status';
}

/** What is applied: any part of an object, with the fields of its kind (the union lets literals carry them). */
export type ApplyObject = KubernetesObject | (KubernetesObject & Readonly<Record<string, unknown>>);

/** How to delete. */
export interface DeleteOptions extends CallOptions {
  /** Fails with a conflict unless the object is still this one. */
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  /** What becomes of the dependents. Default: `Background`. */
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  readonly gracePeriodSeconds?: number;
  readonly dryRun?: boolean;
}

/**
 * The Kubernetes API, as both the HTTP client and the in-memory API implement it.
 *
 * Objects are raw JSON and must be taken as immutable: the in-memory API shares and freezes them. Every call rejects with
 * an `ApiError` (see `ApiError.from`) when it is refused, and with the signal's reason when it is aborted.
 */
export interface Api {
  /** One page of the objects of a kind. */
  list<T extends KubernetesObject>(kind: ResourceKind<T>, options?: ListOptions): Promise<ListPage<T>>;
  /**
   * The changes of a kind after a version. A refused watch throws on the first `next()`; a broken connection throws; the
   * iteration ends when the server ends the watch. Breaking out of the loop closes the connection.
   */
  watch<T extends KubernetesObject>(kind: ResourceKind<T>, options: WatchOptions): AsyncIterable<WatchEvent<T>>;
  /** One object; `NotFound` when there is none. */
  get<T extends KubernetesObject>(kind: ResourceKind<T>, ref: ObjectRef, options?: CallOptions): Promise<T>;
  /** Makes an object; `AlreadyExists` when there is one. Also for kinds that are not stored, such as TokenReview. */
  create<T extends KubernetesObject>(kind: ResourceKind<T>, object: T, options?: WriteOptions): Promise<T>;
  /** Makes a subresource of an object, such as the `token` of a ServiceAccount; answers with what the server made of it. */
  createSubresource<T extends KubernetesObject>(
    kind: ResourceKind,
    ref: ObjectRef,
    subresource: string,
    body: T,
    options?: CallOptions,
  ): Promise<T>;
  /** Replaces an object; `Conflict` when `metadata.resourceVersion` is given and is not the stored one. */
  replace<T extends KubernetesObject>(kind: ResourceKind<T>, object: T, options?: ReplaceOptions): Promise<T>;
  /**
   * Server-side apply: `object` says exactly the fields that `fieldManager` wants to own. `Conflict` names the fields and
   * their managers unless `force`. The apply of what is already there changes no resourceVersion.
   */
  apply<T extends KubernetesObject>(kind: ResourceKind<T>, object: ApplyObject, options: ApplyOptions): Promise<T>;
  /** Deletes an object, or marks it as being deleted while it has finalizers. `NotFound` when there is none. */
  delete(kind: ResourceKind, ref: ObjectRef, options?: DeleteOptions): Promise<void>;
}
