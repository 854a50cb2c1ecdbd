/** A version of a resource that may be the one a proxy refuses. */
export interface Suspect {
  readonly name: string;
  readonly version: string;
}

interface Group {
  readonly suspects: readonly Suspect[];
  /** It holds a resource that is refused, as far as one can tell. */
  readonly sure: boolean;
  /** The group after it is sure to hold one when this one holds none. */
  readonly decidesNext: boolean;
}

/**
 * Finds the resources that a proxy refuses among those of a refused response, by sending them in halves.
 *
 * Envoy names no culprit for routes, and applies an unknown subset of the response, so nothing short of "alone and
 * refused" is proof, and nothing short of an ACK is acquittal.
 */
export class Probe {
  /** The next group to try is the last one. */
  readonly #groups: Group[] = [];
  #trying: Group | undefined;

  /** Takes in the resources of a refused response. `error` is what the proxy said: it may name some of them. */
  add(suspects: readonly Suspect[], error: string): void {
    this.#split(suspects, error);
  }

  /** Whether the fate of this version is still open here. */
  has(name: string, version: string): boolean {
    const holds = ({ suspects }: Group) => suspects.some((each) => each.name === name && each.version === version);
    return this.#groups.some(holds) || (this.#trying !== undefined && holds(this.#trying));
  }

  /** Everything whose fate is open. */
  suspects(): readonly Suspect[] {
    return [...this.#groups, ...(this.#trying === undefined ? [] : [this.#trying])].flatMap(({ suspects }) => suspects);
  }

  /** Whether nothing is left to try. */
  get done(): boolean {
    return this.#groups.length === 0 && this.#trying === undefined;
  }

  /** The group to send next, without those that are no longer `current`; undefined when none is left. */
  next(current: (suspect: Suspect) => boolean): readonly Suspect[] | undefined {
    for (let group = this.#groups.pop(); group !== undefined; group = this.#groups.pop()) {
      const suspects = group.suspects.filter(current);
      if (suspects.length === 0) continue;
      if (group.sure && suspects.length > 1 && suspects.length === group.suspects.length) {
        this.#split(suspects, '');
        continue;
      }
      this.#trying = { ...group, suspects };
      return suspects;
    }
    this.#trying = undefined;
    return undefined;
  }

  /** The group that was sent is in force. */
  passed(): void {
    const decided = this.#trying?.decidesNext === true ? this.#groups.pop() : undefined;
    if (decided !== undefined) this.#groups.push({ ...decided, sure: true });
    this.#trying = undefined;
  }

  /** The group that was sent was refused. Answers the culprit when it was alone. */
  failed(error: string): Suspect | undefined {
    const suspects = this.#trying?.suspects ?? [];
    this.#trying = undefined;
    if (suspects.length > 1) this.#split(suspects, error);
    return suspects.length === 1 ? suspects[0] : undefined;
  }

  /** Two groups out of one that holds a culprit: those that the proxy named and the others, or halves. */
  #split(suspects: readonly Suspect[], error: string): void {
    if (suspects.length === 1) {
      this.#groups.push({ suspects, sure: true, decidesNext: false });
      return;
    }
    const named = suspects.filter(({ name }) => error.includes(name));
    const byName = named.length > 0 && named.length < suspects.length;
    const middle = suspects.length >> 1;
    const later = byName ? named : suspects.slice(middle);
    const first = byName ? suspects.filter((suspect) => !named.includes(suspect)) : suspects.slice(0, middle);
    this.#groups.push({ suspects: later, sure: false, decidesNext: false });
    this.#groups.push({ suspects: first, sure: false, decidesNext: true });
  }
}
