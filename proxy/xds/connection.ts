import type { AuthenticatedProxy, ProxyConnection } from './authentication.ts';
import type { NackedEvent } from './observer.ts';
import type { Session } from './session.ts';
import type { XdsStream } from './stream.ts';
import type { TypeUrl } from './type-url.ts';
import { grpcStatus } from './wire/grpc-status.ts';
import type { NodeClaim } from './wire/request.ts';

/** The last refusal of a type. */
export interface LastNack {
  readonly error: string;
  readonly names: readonly string[];
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** What a connection is made of. */
export interface ConnectionOptions {
  readonly id: number;
  readonly session: Session;
  readonly stream: XdsStream;
  readonly proxy: AuthenticatedProxy;
  readonly node: NodeClaim | undefined;
  readonly remoteAddress: string;
  /** Milliseconds since the epoch. */
  readonly connectedAt: number;
  readonly layersChanged: () => void;
}

/** An authenticated stream and what is known of its proxy. */
export class Connection implements ProxyConnection {
  readonly options: ConnectionOptions;
  readonly session: Session;
  readonly #nacks = new Map<TypeUrl, LastNack>();

  constructor(options: ConnectionOptions) {
    this.options = options;
    this.session = options.session;
  }

  get proxyId(): string {
    return this.options.proxy.proxyId;
  }

  get layers(): readonly string[] {
    return this.session.view.layers;
  }

  setLayers(layers: readonly string[]): void {
    const before = this.layers;
    if (before.length === layers.length && before.every((layer, i) => layer === layers[i])) return;
    this.session.setLayers(layers);
    this.options.layersChanged();
  }

  close(reason: string): void {
    this.options.stream.end(grpcStatus.unavailable, reason);
  }

  /** The stream may be used. */
  opened(): void {
    this.options.proxy.onOpened?.(this);
  }

  /** The stream is gone. */
  closed(): void {
    this.options.proxy.onClosed?.();
  }

  /** The proxy refused a response. `at`: milliseconds since the epoch. */
  nacked({ type, error, names }: NackedEvent, at: number): void {
    this.#nacks.set(type, { error, names, at });
  }

  /** The last thing of a type that the proxy refused on this stream. */
  lastNack(type: TypeUrl): LastNack | undefined {
    return this.#nacks.get(type);
  }
}
