import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Forward, ForwardTarget } from './forwards.ts';

interface OpenForward {
  readonly server: Server;
  targets: readonly ForwardTarget[];
  next: number;
}

/**
 * What kube-proxy is in a cluster, for one caller without a proxy: connections to its address for a Service go to the
 * Service's endpoints in turn, and come from the caller's own address.
 */
export class Forwarder {
  readonly #localAddress: string;
  readonly #open = new Map<string, OpenForward>();
  readonly #sockets = new Set<Socket>();

  constructor(localAddress: string) {
    this.#localAddress = localAddress;
  }

  /** Has exactly these forwards from now on. An address that is taken is left out. */
  update(forwards: readonly Forward[]): void {
    const wanted = new Map(forwards.map((forward) => [forward.key, forward]));
    for (const [key, { server }] of this.#open) {
      if (wanted.has(key)) continue;
      this.#open.delete(key);
      server.close();
    }
    for (const [key, forward] of wanted) {
      const open = this.#open.get(key);
      if (open === undefined) this.#open.set(key, this.#listen(forward));
      else open.targets = forward.targets;
    }
  }

  close(): void {
    this.update([]);
    for (const socket of this.#sockets) socket.destroy();
  }

  #listen({ address, port, targets }: Forward): OpenForward {
    const server = createServer((socket) => this.#forward(socket, open));
    const open: OpenForward = { server, targets, next: 0 };
    server.on('error', () => undefined);
    server.listen({ host: address, port, exclusive: true });
    return open;
  }

  #forward(caller: Socket, open: OpenForward): void {
    const target = open.targets[open.next % Math.max(1, open.targets.length)];
    open.next += 1;
    if (target === undefined) {
      caller.resetAndDestroy();
      return;
    }
    const callee = connect({ host: target.host, port: target.port, localAddress: this.#localAddress });
    for (const [one, other] of [
      [caller, callee],
      [callee, caller],
    ] as const) {
      this.#sockets.add(one);
      one.setNoDelay(true);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
  }
}
