import { connect, type Socket } from 'node:net';

/** Opens a connection that is ready to be written to. */
export type Dial = () => Promise<Socket>;

/** What became of the requests: how often each status was answered; 0 for a connection that ended instead. */
export type Statuses = ReadonlyMap<number, number>;

/** Plain TCP. */
export function dialTcp(to: { readonly address: string; readonly port: number }): Dial {
  return () =>
    new Promise((resolve, reject) => {
      const socket = connect({ host: to.address, port: to.port, noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(socket);
      });
    });
}

/**
 * Sends requests byte by byte as they are given, over `parallel` connections that are kept as long as the other side keeps them, one
 * after the other on each. `next` answers undefined when there are no more. The answers must have a length.
 */
export async function sendRaw(
  dial: Dial,
  parallel: number,
  next: () => Buffer | undefined,
  answered: (request: Buffer, status: number) => void = () => {},
): Promise<Statuses> {
  const statuses = new Map<number, number>();
  const worker = async (): Promise<void> => {
    let connection: RawConnection | undefined;
    for (let request = next(); request !== undefined; request = next()) {
      connection = connection?.isOpen === true ? connection : new RawConnection(await dial());
      const status = await connection.ask(request);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      answered(request, status);
    }
    connection?.end();
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return statuses;
}

/** A request that is not answered is given up. */
const ANSWER_MS = 10_000;

class RawConnection {
  readonly #socket: Socket;
  #received = '';
  #waiting: ((status: number) => void) | undefined;
  #isOpen = true;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1');
    socket.setTimeout(ANSWER_MS, () => socket.destroy());
    socket.on('data', (text) => {
      this.#received += String(text);
      this.#look();
    });
    socket.on('error', () => {});
    socket.on('end', () => socket.destroy());
    socket.on('close', () => {
      this.#isOpen = false;
      this.#answer(0);
    });
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  ask(request: Buffer): Promise<number> {
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.#received = '';
      if (this.#isOpen) this.#socket.write(request);
      else this.#answer(0);
    });
  }

  end(): void {
    this.#isOpen = false;
    this.#socket.destroy();
  }

  #look(): void {
    const end = this.#received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.#received.slice(0, end);
    const length = /^content-length: *(\d+)/im.exec(head)?.[1] ?? '0';
    if (this.#received.length < end + 4 + Number(length)) return;
    // What follows would be the answer to something that was not asked.
    const isOver = /^connection: *close/im.test(head) || this.#received.length > end + 4 + Number(length);
    if (isOver) this.end();
    this.#answer(Number(head.slice(9, 12)));
  }

  #answer(status: number): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.(status);
  }
}
