import type { ProxyStatus, XdsServer } from '@dot-kube/proxy/xds';
import { EXPLICIT_PROXIES, type ExplicitProxy } from './controllers/mesh/workload-resources.ts';
import type { ObjectChange } from './framework/derive/index.ts';
import type { Manager } from './framework/index.ts';
import type { OperatorOptions } from './operator-options.ts';
import { createOperatorParts, type OperatorParts } from './operator-parts.ts';
import { createManager } from './operator-runnables.ts';

export type { OperatorOptions } from './operator-options.ts';

/** A control plane: reconcilers over an API, and the xDS server that proxies connect to. */
export class Operator {
  readonly #parts: OperatorParts;
  readonly #manager: Manager;

  constructor(options: OperatorOptions) {
    this.#parts = createOperatorParts(options);
    this.#manager = createManager(this.#parts);
  }

  /** Runs until the signal aborts; rejects with what ended it otherwise. */
  async run(signal: AbortSignal): Promise<void> {
    const { board, returning, recount, directory, secrets, issuer } = this.#parts;
    try {
      await this.#manager.run(signal);
    } finally {
      for (const part of [board, returning, recount, directory, secrets, issuer]) part.close();
    }
  }

  /** Resolves with the port of the xDS server once proxies may connect. */
  async listening(): Promise<number> {
    const { xds } = this.#parts;
    await xds.started();
    return xds.bound?.port ?? 0;
  }

  /** How every connected proxy stands. */
  proxies(): readonly ProxyStatus[] {
    return this.#parts.server.proxies();
  }

  /** What is held back because a proxy refused it. */
  quarantined(): ReturnType<XdsServer['quarantined']> {
    return this.#parts.server.quarantined();
  }

  /** Changes the root certificate although it is not due yet; step by step, without an interruption. */
  changeRoot(): void {
    this.#parts.rootChange.request();
  }

  /** Proxies to which nothing is redirected, all of them or a change: an absent `proxy` is one that is gone. */
  placeExplicit(changes: readonly { readonly proxyId: string; readonly proxy?: ExplicitProxy }[]): void {
    this.#parts.mesh.take(
      changes.map(({ proxyId, proxy }) => ({
        collection: EXPLICIT_PROXIES,
        key: proxyId,
        ...(proxy === undefined ? {} : { object: proxy }),
      })) as readonly ObjectChange[],
    );
  }
}
