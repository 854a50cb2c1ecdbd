import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between a client and the control plane, and may stop to read from it: then nobody answers its pings, either. */
export class Relay {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isStopped = false;

  private constructor(port: number) {
    this.#server = createServer({ noDelay: true }, (client) => {
      const upstream = connect({ host: '127.0.0.1', port, noDelay: true });
      this.#sockets.add(upstream);
      upstream.once('close', () => this.#sockets.delete(upstream));
      for (const [from, to] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        from.on('error', () => to.destroy());
        from.on('close', () => to.destroy());
        from.pipe(to);
      }
      if (this.#isStopped) upstream.pause();
    });
  }

  /** Leads to a port of 127.0.0.1. */
  static async to(port: number): Promise<Relay> {
    const relay = new Relay(port);
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server, 'listening');
    return relay;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  stop(): void {
    this.#isStopped = true;
    for (const socket of this.#sockets) socket.pause();
  }

  goOn(): void {
    this.#isStopped = false;
    for (const socket of this.#sockets) socket.resume();
  }
}
