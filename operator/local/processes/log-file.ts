import { createWriteStream, type WriteStream } from 'node:fs';
import { rename, stat } from 'node:fs/promises';

/** A log of at most this size; the one before it is kept as `.1`. */
const MAXIMUM_BYTES = 10 * 1024 * 1024;

/** Where the output of processes goes: a file that starts over when it has grown too large. */
export class LogFile {
  readonly path: string;
  #stream: WriteStream;
  #written = 0;

  constructor(path: string) {
    this.path = path;
    this.#stream = open(path);
    void this.#measure();
  }

  write(chunk: Buffer | string): void {
    this.#written += chunk.length;
    this.#stream.write(chunk);
    if (this.#written > MAXIMUM_BYTES) void this.#startOver();
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#stream.end(() => resolve());
    });
  }

  async #measure(): Promise<void> {
    try {
      this.#written += (await stat(this.path)).size;
    } catch {
      // It is not there yet.
    }
  }

  async #startOver(): Promise<void> {
    this.#written = 0;
    try {
      await rename(this.path, `${this.path}.1`);
      this.#stream.end();
      this.#stream = open(this.path);
    } catch {
      // It goes on in the old file.
    }
  }
}

function open(path: string): WriteStream {
  const stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
  // A full disk must not end the mesh.
  stream.on('error', () => undefined);
  return stream;
}
