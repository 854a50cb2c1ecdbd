import { connect, createServer, type Socket } from 'node:net';
import { listen } from './http-server.ts';
import { loopbackAddress } from './loopback.ts';

export interface TcpServer extends AsyncDisposable {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  connections: number;
}

/** An application that answers `name: what it was told`; with a greeting it speaks first. */
export async function startTcpServer(name: string, greeting?: string, port = 9000): Promise<TcpServer> {
  const sockets = new Set<Socket>();
  const address = loopbackAddress();
  const self = {
    name,
    address,
    port,
    connections: 0,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
  const server = createServer((socket) => {
    self.connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    if (greeting !== undefined) socket.write(greeting);
    socket.on('data', (chunk) => socket.write(`${name}: ${String(chunk)}`));
  });
  await listen(server, address, port);
  return self;
}

/** A connection that is held open. */
export interface TcpConnection {
  /** Says something and hears what comes next; undefined when the connection ends instead. */
  ask(text: string): Promise<string | undefined>;
  say(text: string): void;
  /** What comes next; undefined when the connection ends. */
  hear(timeoutMs?: number): Promise<string | undefined>;
  /** Resolves when the connection has ended. */
  readonly closed: Promise<void>;
  close(): void;
}

/** Connects; rejects when nobody listens. */
export async function openTcp(to: { readonly address: string; readonly port: number }): Promise<TcpConnection> {
  const socket = connect({ host: to.address, port: to.port });
  const heard: string[] = [];
  const state = { ended: false, wake: () => {} };
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => {
      state.ended = true;
      state.wake();
      resolve();
    });
  });
  socket.on('data', (chunk) => {
    heard.push(String(chunk));
    state.wake();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('connect', resolve);
  });
  socket.on('error', () => undefined);
  const hear = async (timeoutMs = 5000) => {
    const deadline = performance.now() + timeoutMs;
    while (heard.length === 0 && !state.ended) {
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`nothing is said within ${timeoutMs} ms`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        state.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return heard.shift();
  };
  return {
    hear,
    say: (text) => void socket.write(text),
    ask: async (text) => {
      socket.write(text);
      return await hear();
    },
    closed,
    close: () => socket.destroy(),
  };
}

/** One question on a connection of its own. */
export async function askTcp(
  to: { readonly address: string; readonly port: number },
  text: string,
): Promise<string | undefined> {
  const connection = await openTcp(to);
  try {
    return await connection.ask(text);
  } finally {
    connection.close();
  }
}
