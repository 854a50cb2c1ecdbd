/** Names on which there may be news; those that came since it was last asked are told apart, also when they were there before. */
export class NewsSet extends Set<string> {
  #fresh: Set<string> | undefined;

  /** `tells`: whether anybody asks for what is {@link fresh}. */
  constructor(tells: boolean) {
    super();
    if (tells) this.#fresh = new Set();
  }

  override add(name: string): this {
    this.#fresh?.add(name);
    return super.add(name);
  }

  /** Whether there is something {@link fresh}. */
  get hasFresh(): boolean {
    return this.#fresh !== undefined && this.#fresh.size > 0;
  }

  /** Names that were added since the last time, and are still there. Those that are added meanwhile follow. */
  *fresh(): Iterable<string> {
    if (this.#fresh === undefined) return;
    for (const name of this.#fresh) {
      this.#fresh.delete(name);
      if (this.has(name)) yield name;
    }
  }
}
