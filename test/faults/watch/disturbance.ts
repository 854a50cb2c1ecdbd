/** What may be wrong with the answer to one request. */
export type RequestFault =
  /** The connection is closed without an answer. */
  | { readonly kind: 'close' }
  /** No answer, and nothing more on this connection, which stays open. */
  | { readonly kind: 'half-open' }
  /** Another status than the right one. */
  | { readonly kind: 'refuse'; readonly code: 410 | 429 | 500 | 503; readonly retryAfterSeconds?: number }
  /** 410 for a page that is not the first one. */
  | { readonly kind: 'expired-page' }
  /** A list with 200 and nothing in it. */
  | { readonly kind: 'empty' }
  /** A body that ends too soon: with the end of the connection, or as if it were whole. */
  | { readonly kind: 'cut-body' }
  | { readonly kind: 'truncated-body' };

/** What may go wrong with one event of a watch. */
export type EventFault =
  /** The server ends the watch, and the event is for the next one. */
  | { readonly kind: 'end' }
  /** The connection breaks before, or within the line. */
  | { readonly kind: 'break' }
  | { readonly kind: 'cut-line' }
  /** Half of a line as if it were a whole one, and the end. */
  | { readonly kind: 'truncated-line' }
  /** Nothing comes any more, although the connection stays. */
  | { readonly kind: 'stall' }
  /** An `ERROR` event with 410 instead. */
  | { readonly kind: 'expire' }
  | { readonly kind: 'duplicate' }
  /** It comes after the one that is next. */
  | { readonly kind: 'swap' };

/** What may become of a bookmark. */
export type BookmarkFault = { readonly kind: 'drop' } | { readonly kind: 'double' };

/** What a request is for. */
export interface RequestKind {
  /** The plural of the kind. */
  readonly resource: string;
  readonly verb: 'list' | 'watch';
  /** Whether it is for a page that is not the first one. */
  readonly isContinued: boolean;
}

/** Decides what goes wrong; asked at every occasion. */
export interface Disturbance {
  readonly request: (request: RequestKind) => RequestFault | undefined;
  readonly event: (resource: string) => EventFault | undefined;
  readonly bookmark: (resource: string) => BookmarkFault | undefined;
}

/** Nothing goes wrong. */
export const NO_DISTURBANCE: Disturbance = {
  request: () => undefined,
  event: () => undefined,
  bookmark: () => undefined,
};
