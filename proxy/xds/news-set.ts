/** Whether there may be news in any of several sets. Whoever has looked at all of them sets it back. */
export interface News {
  any: boolean;
  /** See {@link NewsSet.fresh}. */
  fresh: boolean;
}

/** Names on which there may be news; those that came since it was last asked are told apart, also when they were there before. */
export class NewsSet extends Set<string> {
  #fresh: Set<string> | undefined;
  readonly #news: News;

  /** `tells`: whether anybody asks for what is {@link fresh}. `news`: is told of what is added. */
  constructor(tells: boolean, news: News = { any: false, fresh: false }) {
    super();
    this.#news = news;
    if (tells) this.#fresh = new Set();
  }

  override add(name: string): this {
    this.#news.any = true;
    if (this.#fresh !== undefined) {
      this.#news.fresh = true;
      this.#fresh.add(name);
    }
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
