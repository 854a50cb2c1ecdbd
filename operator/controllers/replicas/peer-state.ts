import type { ReplicaTrust } from '../identity/proxy-trust.ts';
import type { ReplicaView, Standing } from '../status/standing.ts';
import { type ReplicaMessage, REPORT_FORMAT, ReportError, type ReportedRefusal } from './report.ts';
import { NO_STANDING, patchStanding } from './standing-patch.ts';

/** What a line changed. */
export interface PeerNews {
  /** Objects that stand differently. */
  readonly objects: readonly string[];
  readonly refusals: boolean;
  /** With this line everything has been told once. */
  readonly complete: boolean;
}

/** What one other replica has told on one stream. */
export class PeerState implements ReplicaView {
  readonly #standings = new Map<string, Standing>();
  readonly #proxies = new Set<string>();
  #instance = '';
  #isLive = false;
  #refusals: readonly ReportedRefusal[] = [];
  #trust: ReplicaTrust | undefined;

  /** Empty until it has said hello. */
  get instance(): string {
    return this.#instance;
  }

  /** It has told everything once, and its stream is open. */
  get isLive(): boolean {
    return this.#isLive;
  }

  /** Of one whose stream has ended it is not known who is still there. */
  get connected(): ReadonlySet<string> {
    return this.#isLive ? this.#proxies : new Set();
  }

  get refusals(): readonly ReportedRefusal[] {
    return this.#refusals;
  }

  get trust(): ReplicaTrust | undefined {
    return this.#trust;
  }

  /** Every object that it has spoken of. */
  get objects(): Iterable<string> {
    return this.#standings.keys();
  }

  standingOf(object: string): Standing | undefined {
    return this.#standings.get(object);
  }

  /** Takes a line in. Throws {@link ReportError} for what is against the rules. */
  take(message: ReplicaMessage): PeerNews {
    if ((message.kind === 'hello') !== (this.#instance === '')) throw new ReportError('hello is said first, and once');
    switch (message.kind) {
      case 'hello':
        if (message.format !== REPORT_FORMAT) throw new ReportError(`a report of format ${message.format}`);
        if (message.instance === '') throw new ReportError('a replica without a name');
        this.#instance = message.instance;
        return NOTHING;
      case 'beat':
        return NOTHING;
      case 'report': {
        const [came, left] = message.proxies ?? [[], []];
        for (const proxy of left) this.#proxies.delete(proxy);
        for (const proxy of came) this.#proxies.add(proxy);
        const objects = message.objects ?? [];
        for (const [object, patch] of objects) {
          if (patch === null) this.#standings.delete(object);
          else this.#standings.set(object, patchStanding(this.#standings.get(object) ?? NO_STANDING, patch));
        }
        this.#trust = message.trust ?? this.#trust;
        if (message.refusals !== undefined) this.#refusals = message.refusals;
        const complete = message.complete === true;
        this.#isLive ||= complete;
        return { objects: objects.map(([object]) => object), refusals: message.refusals !== undefined, complete };
      }
    }
  }

  /** Its stream has ended. What it said stands until somebody else drops it. */
  lost(): void {
    this.#isLive = false;
  }
}

const NOTHING: PeerNews = { objects: [], refusals: false, complete: false };
