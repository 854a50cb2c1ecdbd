import { setTimeout as delay } from 'node:timers/promises';
import type { Dial } from './flows.ts';

/** How often a stream's server says something, in milliseconds. */
export const BEAT_MS = 20;

/** A connection on which the server goes on and on saying something. */
export class LongStream {
  readonly name: string;
  readonly #beats: number[] = [];
  #endedAt: number | undefined;
  #close = (): void => {};

  private constructor(name: string) {
    this.name = name;
  }

  /** Connects, says `first` if there is something to say, and listens. */
  static async open(name: string, dial: Dial, first = ''): Promise<LongStream> {
    const stream = new LongStream(name);
    const socket = await dial();
    stream.#close = () => socket.destroy();
    socket.on('data', () => stream.#beats.push(performance.now()));
    socket.on('close', () => (stream.#endedAt = performance.now()));
    if (first !== '') socket.write(first);
    while (stream.#beats.length === 0) {
      if (stream.#endedAt !== undefined) throw new Error(`${name}: closed before anything was said`);
      await delay(5);
    }
    return stream;
  }

  /** When it was cut (`performance.now`); undefined while it is open. */
  get endedAt(): number | undefined {
    return this.#endedAt;
  }

  /** When something was heard last. */
  get heardAt(): number {
    return this.#beats.at(-1) ?? 0;
  }

  /** The longest silence so far, milliseconds. */
  get longestGap(): number {
    return this.#beats.reduce(
      (gap, at, index) => Math.max(gap, index === 0 ? 0 : at - (this.#beats[index - 1] ?? at)),
      0,
    );
  }

  close(): void {
    this.#close();
  }
}

/** What to say to a server that streams over HTTP/1.1. */
export const GET_STREAM = 'GET /stream HTTP/1.1\r\nhost: server\r\n\r\n';
