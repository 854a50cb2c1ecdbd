import type { Clock } from '../../framework/index.ts';
import { FeedPace, type LineSink } from '../feeds/feed-pace.ts';
import type { ReplicaTrust } from '../identity/proxy-trust.ts';
import type { Standing } from '../status/standing.ts';
import {
  formatMessage,
  REPORT_FORMAT,
  type ReplicaMessage,
  type ReportedRefusal,
  type SetPatch,
  type StandingPatch,
} from './report.ts';
import { NO_STANDING, setPatch, standingPatch } from './standing-patch.ts';

/** What a replica knows of its own proxies. */
export interface ReportSource {
  /** Its name. */
  readonly instance: string;
  /** Source keys of all objects whose programming is tracked. */
  objects(): Iterable<string>;
  /** Where one stands here; undefined: it is gone. */
  standingOf(object: string): Standing | undefined;
  /** Ids of the proxies that are connected here. */
  connected(): readonly string[];
  refusals(): readonly ReportedRefusal[];
  /** How they stand in a change of the root. */
  trust?(): ReplicaTrust;
}

type ObjectNews = readonly [object: string, patch: StandingPatch | null];

/** Objects in one line. */
const OBJECTS_PER_LINE = 200;

/** Refusals that are told of: a message names one. */
const MOST_REFUSALS = 200;

/**
 * Tells one other replica how this one's proxies stand: everything at first, then what changes. Nothing is queued: of what
 * changes while the other one does not read, the newest state is told when it does.
 */
export class ReportFeed {
  readonly #source: ReportSource;
  readonly #pace: FeedPace;
  readonly #dirty: Set<string>;
  readonly #told = new Map<string, Standing>();
  #connected: readonly string[] = [];
  #refusals = '[]';
  #trust: string | undefined;
  #isComplete = false;

  /** Says hello, and tells all there is soon. */
  constructor(source: ReportSource, sink: LineSink, clock: Clock) {
    this.#source = source;
    this.#pace = new FeedPace(sink, clock, { flush: () => this.#flush(), beat: () => this.#beat() });
    this.#dirty = new Set(source.objects());
    this.#write({ kind: 'hello', format: REPORT_FORMAT, instance: source.instance });
    this.#pace.next();
  }

  /** How an object stands may have changed. */
  touch(object: string): void {
    this.#dirty.add(object);
    this.touchProxies();
  }

  /** Proxies connected or left, or what they refuse changed. */
  touchProxies(): void {
    this.#pace.changed();
  }

  /** The other side reads again. */
  resume(): void {
    this.#pace.resume();
  }

  close(): void {
    this.#pace.close();
  }

  #flush(): void {
    const objects = this.#takeObjects();
    const connected = this.#source.connected();
    const proxies = setPatch(this.#connected, connected);
    this.#connected = connected;
    const refusals = this.#source.refusals().slice(0, MOST_REFUSALS);
    const refused = JSON.stringify(refusals);
    const areOther = refused !== this.#refusals;
    this.#refusals = refused;
    const trust = this.#takeTrust();
    const isWhole = !this.#isComplete && this.#dirty.size === 0;
    this.#isComplete ||= isWhole;
    if (objects.length > 0 || proxies !== undefined || areOther || trust !== undefined || isWhole)
      this.#write(reportOf(objects, proxies, areOther ? refusals : undefined, trust, isWhole));
    // In turns, so that a long report does not keep proxies waiting.
    if (this.#dirty.size > 0) this.#pace.next();
  }

  #takeObjects(): readonly ObjectNews[] {
    const objects: ObjectNews[] = [];
    for (const object of this.#dirty) {
      if (objects.length >= OBJECTS_PER_LINE) break;
      this.#dirty.delete(object);
      const [before, now] = [this.#told.get(object), this.#source.standingOf(object)];
      if (now === undefined) {
        if (this.#told.delete(object)) objects.push([object, null]);
        continue;
      }
      const patch = standingPatch(before ?? NO_STANDING, now);
      if (patch !== undefined) objects.push([object, patch]);
      this.#told.set(object, now);
    }
    return objects;
  }

  /** Undefined where it was told already. */
  #takeTrust(): ReplicaTrust | undefined {
    const trust = this.#source.trust?.();
    const text = trust && JSON.stringify(trust);
    if (text === this.#trust) return undefined;
    this.#trust = text;
    return trust;
  }

  #write(message: ReplicaMessage): void {
    this.#pace.write(formatMessage(message));
  }

  #beat(): void {
    // What proxies acknowledge of certificates touches no object.
    const trust = this.#takeTrust();
    this.#write(trust === undefined ? { kind: 'beat' } : { kind: 'report', trust });
  }
}

function reportOf(
  objects: readonly ObjectNews[],
  proxies: SetPatch | undefined,
  refusals: readonly ReportedRefusal[] | undefined,
  trust: ReplicaTrust | undefined,
  isWhole: boolean,
): ReplicaMessage {
  return {
    kind: 'report',
    ...(proxies === undefined ? {} : { proxies }),
    ...(objects.length === 0 ? {} : { objects }),
    ...(refusals === undefined ? {} : { refusals }),
    ...(trust === undefined ? {} : { trust }),
    ...(isWhole ? { complete: true } : {}),
  };
}
