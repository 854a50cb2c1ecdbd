/** What a screen writes to: `process.stdout` is one. */
export interface ScreenStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  write(text: string): unknown;
}

/** Columns where the stream is no terminal, or says none. */
const DEFAULT_COLUMNS = 120;

/**
 * Lines that stay, and below them on a terminal a picture that is drawn over and over. Elsewhere pictures are lines like all
 * others, so draw them seldom.
 */
export class Screen {
  readonly #stream: ScreenStream;
  #picture: readonly string[] = [];
  #drawn = 0;

  constructor(stream: ScreenStream) {
    this.#stream = stream;
  }

  /** Whether the picture can be drawn in place. */
  get live(): boolean {
    return this.#stream.isTTY === true;
  }

  get columns(): number {
    return this.#stream.columns ?? DEFAULT_COLUMNS;
  }

  /** Writes a line that stays. */
  print(line: string): void {
    this.#erase();
    this.#stream.write(`${line}\n`);
    this.#redraw();
  }

  /** Replaces the picture; it has at most as many lines as the terminal. */
  draw(lines: readonly string[]): void {
    if (!this.live) {
      this.#stream.write(lines.map((line) => `${line}\n`).join(''));
      return;
    }
    const room = Math.max(1, (this.#stream.rows ?? 24) - 1);
    const cut = lines.length > room ? [...lines.slice(0, room - 1), `… ${lines.length - room + 1} more lines`] : lines;
    // In one write, so that nothing flickers.
    const up = this.#drawn > 0 ? `\u001B[${this.#drawn}A\r` : '';
    this.#stream.write(`${up}${cut.map((line) => `${line}\u001B[K\n`).join('')}\u001B[J`);
    this.#picture = cut;
    this.#drawn = cut.length;
  }

  /** Empties the line that somebody else has begun. */
  eraseLine(): void {
    this.#stream.write('\r\u001B[K');
  }

  /** Leaves the picture where it is: what comes next is written below it. */
  leave(): void {
    this.#picture = [];
    this.#drawn = 0;
  }

  #erase(): void {
    if (this.#drawn > 0) this.#stream.write(`\u001B[${this.#drawn}A\r\u001B[J`);
    this.#drawn = 0;
  }

  #redraw(): void {
    if (this.#picture.length > 0) this.draw(this.#picture);
  }
}
