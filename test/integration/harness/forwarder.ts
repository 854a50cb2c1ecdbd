import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Who speaks. */
export type Side = 'proxy' | 'control-plane';

/** Stands between a proxy and its control plane, and passes bytes on, or holds them back. */
export class Forwarder implements AsyncDisposable {
  readonly #server: Server;
  readonly #pairs = new Set<Readonly<Record<Side, Socket>>>();
  readonly #held = new Set<Side>();
  #connections = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Listens on a free port of `host`. */
  static async start(host: string, to: () => { readonly host: string; readonly port: number }): Promise<Forwarder> {
    const server = createServer();
    const forwarder = new Forwarder(server);
    server.on('connection', (socket) => forwarder.#pass(socket, connect(to())));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, host, resolve);
    });
    return forwarder;
  }

  /** Where the proxy is to connect to. */
  get address(): { readonly host: string; readonly port: number } {
    const { address, port } = this.#server.address() as AddressInfo;
    return { host: address, port };
  }

  /** Resolves when it was connected to so often. */
  async connected(count: number, milliseconds = 10_000): Promise<void> {
    const deadline = performance.now() + milliseconds;
    while (this.#connections < count) {
      if (performance.now() > deadline) throw new Error(`${this.#connections} connections instead of ${count}`);
      await delay(20);
    }
  }

  /** Passes on nothing of what a side says from now on. */
  hold(side: Side): void {
    this.#held.add(side);
    for (const pair of this.#pairs) pair[side].pause();
  }

  /** Passes on what was held back, and what comes. */
  release(): void {
    this.#held.clear();
    for (const pair of this.#pairs) for (const socket of Object.values(pair)) socket.resume();
  }

  /** Resets every connection. */
  cut(): void {
    for (const pair of this.#pairs) for (const socket of Object.values(pair)) socket.resetAndDestroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  #pass(proxy: Socket, controlPlane: Socket): void {
    this.#connections += 1;
    const pair = { proxy, 'control-plane': controlPlane };
    this.#pairs.add(pair);
    const join = (side: Side, other: Socket): void => {
      pair[side].on('data', (chunk) => other.write(chunk));
      pair[side].on('error', () => {});
      pair[side].on('close', () => {
        this.#pairs.delete(pair);
        other.destroy();
      });
      if (this.#held.has(side)) pair[side].pause();
    };
    join('proxy', controlPlane);
    join('control-plane', proxy);
  }
}
