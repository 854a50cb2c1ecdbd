import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Stands between a proxy and its control plane and counts the payload of TCP: what TLS, HTTP/2 and gRPC add is in it. */
export class WireMeter implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #sent = 0;
  #received = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(controlPlane: { readonly host: string; readonly port: number }): Promise<WireMeter> {
    const server = createServer({ noDelay: true });
    const meter = new WireMeter(server);
    server.on('connection', (proxy) => meter.#pass(proxy, connect({ ...controlPlane, noDelay: true })));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, controlPlane.host, resolve);
    });
    return meter;
  }

  /** Where the proxy is to connect to. */
  get address(): { readonly host: string; readonly port: number } {
    const { address, port } = this.#server.address() as AddressInfo;
    return { host: address, port };
  }

  /** Bytes to the proxy so far, once none have come for a while. */
  async sent(): Promise<number> {
    await this.#quiet();
    return this.#sent;
  }

  /** Bytes from the proxy so far, likewise. */
  async received(): Promise<number> {
    await this.#quiet();
    return this.#received;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  async #quiet(): Promise<void> {
    for (let last = -1; last !== this.#sent + this.#received; ) {
      last = this.#sent + this.#received;
      await delay(300);
    }
  }

  #pass(proxy: Socket, controlPlane: Socket): void {
    proxy.on('data', (chunk) => (this.#received += chunk.length));
    controlPlane.on('data', (chunk) => (this.#sent += chunk.length));
    for (const [from, to] of [
      [proxy, controlPlane],
      [controlPlane, proxy],
    ] as const) {
      this.#sockets.add(from);
      from.on('error', () => {});
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  }
}
