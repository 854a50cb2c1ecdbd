import { type Entry, placeKey } from './cache.ts';
import type { Clock } from './clock.ts';
import { KeptEntries } from './kept-entries.ts';
import type { EntryRef } from './resource.ts';
import { type TypeUrl, typeUrls } from './type-url.ts';

/** A content that is held back from every proxy because one refused it, alone. */
export interface Quarantine extends EntryRef {
  readonly version: string;
  /** Envoy's own words. */
  readonly error: string;
  /** The proxy that refused it. */
  readonly proxy: string;
  /** The version that proxies are held at; undefined when there is none, and the resource is withheld. */
  readonly heldAt: string | undefined;
}

/** What a stream may say of an entry. */
export type Offer =
  | { readonly kind: 'entry'; readonly entry: Entry }
  /** Wait: another stream is trying it. `settled` is called when that is over. */
  | { readonly kind: 'hold' }
  /** Nothing, until its content changes. */
  | { readonly kind: 'withhold' };

/** Who hears of verdicts. Listeners must not throw. */
export interface VettingEvents {
  /** What may be said of this entry may have changed. */
  readonly settled: (ref: EntryRef) => void;
  readonly quarantined: (quarantine: Quarantine) => void;
  readonly released: (quarantine: Quarantine) => void;
}

interface Stream {
  readonly id: number;
  readonly proxyId: string;
}

/**
 * - untried: no proxy was sent it.
 * - trial: one proxy was sent it, the others wait (not for long).
 * - assumed: nobody refused it in time.
 * - good: a proxy acknowledged it.
 * - suspect: it was in a refused response, and the stream that was refused is finding out.
 * - bad: refused when it was alone. It goes to one more proxy, which confirms that, or clears it: one that has broken, or is up
 *   to no good, must not hold back the configuration of all others.
 */
type Verdict = 'untried' | 'trial' | 'assumed' | 'good' | 'suspect' | 'bad';

interface Refusal {
  readonly quarantine: Quarantine;
  /** One: it is to be confirmed. */
  readonly proxies: ReadonlySet<string>;
}

/** What is found out about the present content of a place. */
export interface VettingRecord {
  /** Whose it is. */
  readonly owner: Vetting;
  /** The place is gone. */
  isGone: boolean;
  readonly ref: EntryRef;
  version: string;
  verdict: Verdict;
  /** The stream that tries it. */
  by: number | undefined;
  /** The newest entry that a proxy acknowledged. */
  good: Entry | undefined;
  /** Set while the verdict is `bad`. */
  refusal: Refusal | undefined;
  /** Contents that were refused alone, newest last: proxies that did so are not sent the same bytes again. */
  refusals: readonly Refusal[];
  cancelTrial: (() => void) | undefined;
}

const REMEMBERED_REFUSALS = 8;
const HOLD: Offer = { kind: 'hold' };
const WITHHOLD: Offer = { kind: 'withhold' };

/**
 * Which contents may go to which streams: a changed one goes to one proxy first, one that was refused goes to nobody.
 * Endpoints are not tried on one proxy first: they are the bulk of all changes, and addresses are not refused.
 */
export class Vetting {
  readonly #records = new Map<string, VettingRecord>();
  readonly #byStream = new Map<number, Set<VettingRecord>>();
  readonly #kept = new KeptEntries();
  /** Streams that have kept others waiting for their answer, and have not answered since: they try nothing. */
  readonly #silent = new Set<number>();
  readonly #clock: Clock;
  readonly #canaryWaitMs: number;
  readonly #events: VettingEvents;
  readonly #isProven: boolean;

  /** `isProven`: all contents were acknowledged elsewhere before they came here, so one proxy's refusal says nothing about them. */
  constructor(clock: Clock, canaryWaitMs: number, events: VettingEvents, isProven = false) {
    this.#clock = clock;
    this.#canaryWaitMs = canaryWaitMs;
    this.#events = events;
    this.#isProven = isProven;
  }

  /** The newest content of a place that a proxy acknowledged; undefined: none did. */
  good(ref: EntryRef): Entry | undefined {
    return this.#records.get(placeKey(ref))?.good;
  }

  /** What a stream may say of an entry. `asked`: the proxy asks for it and must not be kept waiting. */
  offer(entry: Entry, stream: Stream, asked: boolean): Offer {
    const record = this.#record(entry);
    const fallback = (): Offer | undefined =>
      record.good === undefined ? undefined : { kind: 'entry', entry: record.good };
    switch (record.verdict) {
      case 'untried':
      case 'assumed':
      case 'good':
        return { kind: 'entry', entry };
      case 'trial':
        if (record.by === stream.id) return { kind: 'entry', entry };
        return fallback() ?? (asked ? { kind: 'entry', entry } : HOLD);
      case 'suspect':
        return record.by === stream.id ? { kind: 'entry', entry } : (fallback() ?? HOLD);
      case 'bad':
        return this.#mayConfirm(record, stream, asked) ? { kind: 'entry', entry } : (fallback() ?? WITHHOLD);
    }
  }

  /** Whether other streams wait until one has tried it; `settled` is called when that is over. */
  isTriedElsewhere(entry: Entry, stream: Stream): boolean {
    const record = this.#records.get(entry.key);
    if (record === undefined || record.by === stream.id) return false;
    return record.verdict === 'trial' || record.verdict === 'suspect';
  }

  /** An entry went out on a stream. */
  sent(entry: Entry, stream: Stream): void {
    const record = this.#record(entry);
    if (record.version !== entry.version) return;
    if (record.verdict === 'bad') this.#assign(record, 'bad', stream);
    if (record.verdict !== 'untried' || this.#silent.has(stream.id)) return;
    this.#assign(record, 'trial', stream);
    record.cancelTrial = this.#clock.setTimeout(() => {
      this.#silent.add(stream.id);
      this.#settle(record, 'assumed');
    }, this.#canaryWaitMs);
  }

  /** A stream acknowledged or refused something. */
  answered(streamId: number): void {
    this.#silent.delete(streamId);
  }

  /** A proxy has an entry in force. */
  acknowledged(entry: Entry): void {
    const record = this.#record(entry);
    // All proxies but the first one say what is known.
    if (record.good === entry && record.verdict === 'good' && record.version === entry.version) return;
    if (record.good === undefined || record.good.revision < entry.revision) record.good = entry;
    this.#keepFor(record);
    if (record.version !== entry.version || record.verdict === 'good') return;
    this.#release(record);
    record.refusals = record.refusals.filter(({ quarantine }) => quarantine.version !== entry.version);
    const awaited = record.verdict === 'trial' || record.verdict === 'suspect' || record.verdict === 'bad';
    if (awaited) this.#settle(record, 'good');
    else record.verdict = 'good';
  }

  /**
   * A response was refused in which this entry was not alone. `mine`: the stream that calls is to find out whether it is the
   * culprit; `theirs`: another one does; `cleared`: a proxy has it in force, or its content is another by now.
   */
  suspected(entry: Entry, stream: Stream): 'mine' | 'theirs' | 'cleared' {
    const record = this.#record(entry);
    if (record.version !== entry.version || record.verdict === 'good') return 'cleared';
    const tried = record.verdict === 'bad' || record.verdict === 'suspect';
    if (tried && record.by !== stream.id) return 'theirs';
    this.#assign(record, record.verdict === 'bad' ? 'bad' : 'suspect', stream);
    return 'mine';
  }

  /**
   * A proxy refused this entry alone: it is held back from all, until another one takes it. When others have it in force, it
   * is this one proxy that cannot take it.
   */
  refused(entry: Entry, stream: Stream, error: string): void {
    const record = this.#record(entry);
    if (record.version !== entry.version || record.verdict === 'good') return;
    const { refusal } = record;
    if (refusal !== undefined) {
      this.#condemn(record, { ...refusal, proxies: new Set([...refusal.proxies, stream.proxyId]) });
      return;
    }
    const { layer, type, name, version } = entry;
    const quarantine = { layer, type, name, version, error, proxy: stream.proxyId, heldAt: record.good?.version };
    this.#condemn(record, { quarantine, proxies: new Set([stream.proxyId]) });
    this.#events.quarantined(quarantine);
  }

  /** A stream gave up on an entry, or is gone: somebody else may try. */
  abandoned(entry: Entry, stream: Stream): void {
    const record = this.#records.get(entry.key);
    if (record !== undefined && record.by === stream.id) this.#open(record);
  }

  /** A stream is gone with all that it was trying. */
  streamClosed(streamId: number): void {
    for (const record of this.#byStream.get(streamId) ?? []) this.#open(record);
    this.#byStream.delete(streamId);
    this.#silent.delete(streamId);
  }

  /** Contents of entries changed at once, or are gone. */
  changed(refs: readonly EntryRef[], entryOf: (ref: EntryRef) => Entry | undefined): void {
    const gone: EntryRef[] = [];
    for (const ref of refs) {
      const entry = entryOf(ref);
      if (entry === undefined) gone.push(ref);
      else this.#changed(ref, entry);
    }
    // What clusters refer to goes after them, as it is kept with them.
    const isCluster = ({ type }: EntryRef): boolean => type === typeUrls.cluster;
    for (const ref of [...gone.filter(isCluster), ...gone.filter((each) => !isCluster(each))]) this.#gone(ref);
  }

  /**
   * What is gone from the cache, but not for proxies: contents that they are held at lead there. Least specific layer first.
   */
  kept(layers: readonly string[], type: TypeUrl, name: string): Entry | undefined {
    return this.#kept.find(layers, type, name);
  }

  /** Everything that is held back. */
  quarantined(): readonly Quarantine[] {
    return [...this.#records.values()].flatMap(({ refusal }) => refusal?.quarantine ?? []);
  }

  #changed(ref: EntryRef, entry: Entry): void {
    this.#kept.delete(ref);
    const record = this.#records.get(placeKey(ref));
    if (record !== undefined) this.#renew(record, entry);
  }

  #gone(ref: EntryRef): void {
    const key = placeKey(ref);
    const record = this.#records.get(key);
    if (record === undefined) return;
    this.#unassign(record);
    this.#release(record);
    this.#records.delete(key);
    record.isGone = true;
    if (record.good !== undefined) this.#kept.add(record.good);
    this.#drop(key);
  }

  /** What the content leads to that proxies are held at, while another one is not in force anywhere. */
  #keepFor({ ref, version, good }: VettingRecord): void {
    const key = placeKey(ref);
    if (good === undefined || good.version === version) this.#drop(key);
    else this.#kept.hold(key, good.resource.refs);
  }

  #drop(key: string): void {
    for (const ref of this.#kept.drop(key)) {
      const record = this.#records.get(placeKey(ref));
      if (record !== undefined) {
        this.#unassign(record);
        record.isGone = true;
      }
      this.#records.delete(placeKey(ref));
      this.#events.settled(ref);
    }
  }

  #record(entry: Entry): VettingRecord {
    const kept = entry.place.record;
    if (kept?.owner === this && !kept.isGone) return kept;
    const known = this.#records.get(entry.key);
    if (known !== undefined) {
      entry.place.record = known;
      return known;
    }
    const { layer, type, name, version } = entry;
    const verdict = this.#newVerdict(type);
    const ref = { layer, type, name };
    const unknown = { by: undefined, good: undefined, refusal: undefined, refusals: [], cancelTrial: undefined };
    const record: VettingRecord = { owner: this, isGone: false, ref, version, verdict, ...unknown };
    entry.place.record = record;
    this.#records.set(entry.key, record);
    return record;
  }

  #newVerdict(type: TypeUrl): Verdict {
    if (this.#isProven) return 'good';
    return type === typeUrls.endpoints ? 'assumed' : 'untried';
  }

  /** Another content: what was found out about the one before says nothing about it, unless it was refused earlier. */
  #renew(record: VettingRecord, entry: Entry): void {
    if (record.version === entry.version) return;
    this.#unassign(record);
    this.#release(record);
    record.version = entry.version;
    this.#keepFor(record);
    const refusal = record.refusals.find(({ quarantine }) => quarantine.version === entry.version);
    if (record.good?.version === entry.version) {
      record.good = entry;
      record.verdict = 'good';
    } else if (refusal === undefined) record.verdict = this.#newVerdict(entry.type);
    else {
      const quarantine = { ...refusal.quarantine, heldAt: record.good?.version };
      this.#condemn(record, { ...refusal, quarantine });
      this.#events.quarantined(quarantine);
    }
  }

  /** One other proxy than the one that refused it may try it, unless it waits for an answer. */
  #mayConfirm({ refusal, by }: VettingRecord, stream: Stream, asked: boolean): boolean {
    if (by === stream.id) return true;
    return !asked && by === undefined && refusal?.proxies.size === 1 && !refusal.proxies.has(stream.proxyId);
  }

  #condemn(record: VettingRecord, refusal: Refusal): void {
    const others = record.refusals.filter(({ quarantine }) => quarantine.version !== refusal.quarantine.version);
    record.refusal = refusal;
    record.refusals = [...others, refusal].slice(-REMEMBERED_REFUSALS);
    this.#settle(record, 'bad');
  }

  /** Whoever comes next may try it. */
  #open(record: VettingRecord): void {
    this.#settle(record, record.verdict === 'bad' ? 'bad' : 'untried');
  }

  #assign(record: VettingRecord, verdict: Verdict, stream: Stream): void {
    this.#unassign(record);
    record.verdict = verdict;
    record.by = stream.id;
    const mine = this.#byStream.get(stream.id) ?? new Set<VettingRecord>();
    this.#byStream.set(stream.id, mine.add(record));
  }

  #unassign(record: VettingRecord): void {
    record.cancelTrial?.();
    record.cancelTrial = undefined;
    if (record.by !== undefined) this.#byStream.get(record.by)?.delete(record);
    record.by = undefined;
  }

  #settle(record: VettingRecord, verdict: Verdict): void {
    this.#unassign(record);
    record.verdict = verdict;
    this.#events.settled(record.ref);
  }

  #release(record: VettingRecord): void {
    const { refusal } = record;
    record.refusal = undefined;
    if (refusal !== undefined) this.#events.released(refusal.quarantine);
  }
}
