/** Counts the bytes that several parties hold together. */
export class ByteBudget {
  readonly #limit: number;
  #held = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether more is held than may be. */
  get exceeded(): boolean {
    return this.#held > this.#limit;
  }

  /** Counts bytes; negative when they are let go. */
  add(bytes: number): void {
    this.#held += bytes;
  }
}
