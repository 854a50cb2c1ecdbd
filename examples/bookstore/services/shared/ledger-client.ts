import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Address } from './settings.ts';

/** What the ledger says to an order. */
export interface Receipt {
  readonly orders: number;
  readonly version: string;
  readonly pod: string;
}

interface Connection {
  readonly socket: Socket;
  /** Those that wait for a line, oldest first. */
  readonly waiting: PromiseWithResolvers<string>[];
}

/** Talks to the ledger over one TCP connection, which is made anew when it has ended. */
export class LedgerClient {
  readonly #address: Address;
  #connection: Connection | undefined;

  constructor(address: Address) {
    this.#address = address;
  }

  /** Appends an order. Throws when the ledger cannot be reached, says no, or takes longer than `timeoutMs`. */
  async append(order: object, timeoutMs = 5000): Promise<Receipt> {
    const connection = this.#connection ?? this.#connect();
    const late = setTimeout(() => connection.socket.destroy(new Error('the ledger does not answer')), timeoutMs);
    try {
      const answer = this.#next(connection);
      connection.socket.write(`APPEND ${JSON.stringify(order)}\n`);
      return receiptOf(await answer);
    } finally {
      clearTimeout(late);
    }
  }

  /** Ends the connection. */
  close(): void {
    this.#connection?.socket.end();
  }

  #connect(): Connection {
    const socket = connect(this.#address);
    const connection: Connection = { socket, waiting: [] };
    this.#connection = connection;
    // The ledger speaks first.
    void this.#next(connection).catch(() => undefined);
    const lines = createInterface({ input: socket });
    lines.on('line', (line) => connection.waiting.shift()?.resolve(line));
    // It passes the socket's errors on, which are handled below.
    lines.on('error', () => undefined);
    let problem = new Error('the ledger closed the connection');
    socket.on('error', (error) => {
      problem = error;
    });
    socket.on('close', () => {
      if (this.#connection === connection) this.#connection = undefined;
      for (const { reject } of connection.waiting) reject(problem);
    });
    return connection;
  }

  async #next({ waiting }: Connection): Promise<string> {
    const line = Promise.withResolvers<string>();
    waiting.push(line);
    return await line.promise;
  }
}

function receiptOf(line: string): Receipt {
  const [ok, orders, version = '', pod = ''] = line.split(' ');
  if (ok !== 'OK') throw new Error(line);
  return { orders: Number(orders), version, pod };
}
