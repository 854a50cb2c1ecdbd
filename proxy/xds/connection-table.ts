import type { Connection } from './connection.ts';

/** Connections by proxy and by layer. */
export class ConnectionTable {
  readonly #all = new Set<Connection>();
  /** Oldest first. */
  readonly #byProxy = new Map<string, Connection[]>();
  readonly #byLayer = new Map<string, Set<Connection>>();
  readonly #layersOf = new Map<Connection, readonly string[]>();

  add(connection: Connection): void {
    this.#all.add(connection);
    this.#byProxy.set(connection.proxyId, [...(this.#byProxy.get(connection.proxyId) ?? []), connection]);
    this.reindex(connection);
  }

  /** Answers how many other streams the same proxy has. */
  remove(connection: Connection): number {
    this.#all.delete(connection);
    this.#leaveLayers(connection);
    const others = (this.#byProxy.get(connection.proxyId) ?? []).filter((each) => each !== connection);
    if (others.length === 0) this.#byProxy.delete(connection.proxyId);
    else this.#byProxy.set(connection.proxyId, others);
    return others.length;
  }

  /** The layers of a connection are others now. */
  reindex(connection: Connection): void {
    this.#leaveLayers(connection);
    this.#layersOf.set(connection, connection.layers);
    for (const layer of connection.layers) {
      const seeing = this.#byLayer.get(layer) ?? new Set<Connection>();
      this.#byLayer.set(layer, seeing.add(connection));
    }
  }

  all(): Iterable<Connection> {
    return this.#all;
  }

  /** The newest connection of each proxy. */
  newest(): readonly Connection[] {
    return [...this.#byProxy.values()].flatMap((connections) => connections.at(-1) ?? []);
  }

  /** The newest connection of a proxy. */
  get(proxyId: string): Connection | undefined {
    return this.#byProxy.get(proxyId)?.at(-1);
  }

  /** The connections that a layer is visible to. */
  seeing(layer: string): Iterable<Connection> {
    return this.#byLayer.get(layer) ?? [];
  }

  #leaveLayers(connection: Connection): void {
    for (const layer of this.#layersOf.get(connection) ?? []) {
      const seeing = this.#byLayer.get(layer);
      seeing?.delete(connection);
      if (seeing?.size === 0) this.#byLayer.delete(layer);
    }
    this.#layersOf.delete(connection);
  }
}
