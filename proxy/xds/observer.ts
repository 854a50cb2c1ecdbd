import type { EntryRef } from './resource.ts';
import type { TypeUrl } from './type-url.ts';
import type { Quarantine } from './vetting.ts';

/** A response that went out. */
export interface SentEvent {
  readonly proxyId: string;
  readonly type: TypeUrl;
  readonly nonce: string;
  readonly names: readonly string[];
  readonly removed: readonly string[];
  /** On the wire, gRPC prefix included, HTTP/2 framing not. */
  readonly bytes: number;
}

/** An entry and the revision as of which a proxy has it in force, or no longer has it because it was removed. */
export interface AckedEntry extends EntryRef {
  readonly revision: number;
}

/** A proxy acknowledged entries, or no longer uses them: whoever waits for it waits no longer. */
export interface AckedEvent {
  readonly proxyId: string;
  readonly type: TypeUrl;
  readonly entries: readonly AckedEntry[];
  /** From the response to its ACK, in milliseconds; 0 when there was nothing to send. */
  readonly latencyMs: number;
}

/** A proxy refused a response. */
export interface NackedEvent {
  readonly proxyId: string;
  readonly type: TypeUrl;
  readonly nonce: string;
  readonly names: readonly string[];
  /** Envoy's own words. */
  readonly error: string;
}

/** One proxy refused an entry that it was sent alone. Others may have taken it. */
export interface Rejection extends EntryRef {
  readonly proxy: string;
  /** Of the content that it refused. */
  readonly version: string;
  /** Envoy's own words. */
  readonly error: string;
}

/** What happens on a server, for statuses, metrics and logs. Callbacks must not throw. */
export interface XdsObserver {
  readonly connected?: (event: { readonly proxyId: string; readonly layers: readonly string[] }) => void;
  /** `remaining` streams of the same proxy are open. */
  readonly disconnected?: (event: {
    readonly proxyId: string;
    readonly reason: string;
    readonly remaining: number;
  }) => void;
  /** A stream was not let in, or a connection broke the rules of HTTP/2 or gRPC. */
  readonly refused?: (event: { readonly remoteAddress: string; readonly reason: string }) => void;
  readonly sent?: (event: SentEvent) => void;
  readonly acked?: (event: AckedEvent) => void;
  readonly nacked?: (event: NackedEvent) => void;
  readonly rejected?: (rejection: Rejection) => void;
  readonly quarantined?: (quarantine: Quarantine) => void;
  readonly released?: (quarantine: Quarantine) => void;
}
