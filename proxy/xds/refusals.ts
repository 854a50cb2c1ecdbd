import type { Entry } from './cache.ts';
import { Probe, type Suspect } from './probe.ts';
import type { Rejection } from './observer.ts';
import type { ProxyView } from './proxy-view.ts';
import type { EntryRef } from './resource.ts';
import type { SentResponse } from './subscription.ts';
import type { Told } from './told.ts';
import type { TypeUrl } from './type-url.ts';
import type { Vetting } from './vetting.ts';

interface Stream {
  readonly id: number;
  readonly proxyId: string;
  /** The proxy refused this alone. */
  readonly rejected: (rejection: Rejection) => void;
}

/** What follows from the responses that one stream's proxy refuses: whom to suspect, whom to send next to find out. */
export class Refusals {
  readonly #probes = new Map<TypeUrl, Probe>();
  readonly #stream: Stream;
  readonly #view: ProxyView;
  readonly #vetting: Vetting;

  constructor(stream: Stream, view: ProxyView, vetting: Vetting) {
    this.#stream = stream;
    this.#view = view;
    this.#vetting = vetting;
  }

  /** A response was refused. */
  refused(type: TypeUrl, response: SentResponse, error: string): void {
    const entries = [...response.told.values()].filter((told): told is Entry => told.kind === 'entry');
    const culprit = response.probe ? this.#probes.get(type)?.failed(error) : undefined;
    const [only] = entries;
    if (only !== undefined && (entries.length === 1 || culprit !== undefined)) this.#condemn(only, error);
    else if (!response.probe && entries.length > 0) this.#suspect(type, entries, error);
    this.#tidy(type);
  }

  /** A group of suspects is in force. */
  passed(type: TypeUrl): void {
    this.#probes.get(type)?.passed();
    this.#tidy(type);
  }

  /** Whether this version waits for its turn to be tried. */
  isSuspect(type: TypeUrl, name: string, version: string): boolean {
    return this.#probes.size > 0 && this.#probes.get(type)?.has(name, version) === true;
  }

  /** Whether somebody of any type waits for a turn. */
  get hasAnySuspects(): boolean {
    return this.#probes.size > 0;
  }

  /** Whether somebody waits for a turn. */
  hasSuspects(type: TypeUrl): boolean {
    return this.#probes.size > 0 && this.#probes.has(type);
  }

  /** The next group to send, and nothing else with it. */
  next(type: TypeUrl): ReadonlyMap<string, Told> {
    const probe = this.#probes.get(type);
    const current = (suspect: Suspect) => this.#isStillWanted(type, suspect);
    const group = probe?.next(current) ?? [];
    this.#tidy(type);
    return new Map(group.map(({ name, version }) => [name, this.#current(type, name, version)] as [string, Entry]));
  }

  /** The proxy does not answer: others may find out. */
  giveUp(type: TypeUrl): void {
    for (const { name } of this.#probes.get(type)?.suspects() ?? []) {
      const entry = this.#view.find(type, name);
      if (entry !== undefined) this.#vetting.abandoned(entry, this.#stream);
    }
    this.#probes.delete(type);
  }

  #suspect(type: TypeUrl, entries: readonly Entry[], error: string): void {
    const judged = entries.map((entry) => ({ entry, judgement: this.#vetting.suspected(entry, this.#stream) }));
    const mine = judged.filter(({ judgement }) => judgement === 'mine').map(({ entry }) => entry);
    const theirs = judged.some(({ judgement }) => judgement === 'theirs');
    // When all of them hold elsewhere, it is this proxy that cannot take one of them.
    const suspects = mine.length > 0 || theirs ? mine : entries;
    if (suspects.length === 0) return;
    const probe = this.#probes.get(type) ?? new Probe();
    this.#probes.set(type, probe);
    probe.add(suspects, error);
  }

  #condemn(entry: Entry, error: string): void {
    this.#view.reject(entry, error);
    this.#vetting.refused(entry, this.#stream, error);
    this.#stream.rejected({ ...refOf(entry), version: entry.version, proxy: this.#stream.proxyId, error });
  }

  #isStillWanted(type: TypeUrl, { name, version }: Suspect): boolean {
    if (this.#current(type, name, version) !== undefined) return true;
    const entry = this.#view.find(type, name);
    if (entry !== undefined) this.#vetting.abandoned(entry, this.#stream);
    return false;
  }

  /** The entry, as long as it is what the proxy should have. */
  #current(type: TypeUrl, name: string, version: string): Entry | undefined {
    const entry = this.#view.wanted(type, name);
    return entry?.version === version ? entry : undefined;
  }

  #tidy(type: TypeUrl): void {
    if (this.#probes.get(type)?.done === true) this.#probes.delete(type);
  }
}

function refOf({ layer, type, name }: Entry): EntryRef {
  return { layer, type, name };
}
