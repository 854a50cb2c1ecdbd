import type { Clock } from '../clock.ts';
import { counter, gauge, type MetricsRegistry } from '../metrics.ts';
import type { ListReason } from './state.ts';

/** When each kind of a registry was last heard of (monotonic milliseconds), read when the metric is scraped. */
const lastHeard = new WeakMap<MetricsRegistry, Map<string, () => number>>();

/** The metrics of one watcher. `kind` is the resource name, such as `services` or `gateways.gateway.networking.k8s.io`. */
export class WatchMetrics {
  readonly #kind: string;
  readonly #clock: Clock;
  readonly #events: { inc(labels: { kind: string; type: string }): void };
  readonly #relists: { inc(labels: { kind: string; reason: string }): void };
  readonly #failures: { inc(labels: { kind: string; reason: string }): void };
  readonly #doubts: { set(labels: { kind: string }, value: number): void };
  #heardAt: number;

  constructor(kind: string, registry: MetricsRegistry, clock: Clock) {
    this.#kind = kind;
    this.#clock = clock;
    this.#heardAt = clock.monotonic();
    this.#events = counter(registry, {
      name: 'watch_events_total',
      help: 'Events of watches by their type.',
      labelNames: ['kind', 'type'],
    });
    const relists = counter(registry, {
      name: 'watch_relists_total',
      help: 'How often all objects of a kind were listed again, and why.',
      labelNames: ['kind', 'reason'],
    });
    for (const reason of ['expired', 'desync', 'silence', 'resync']) relists.inc({ kind, reason }, 0);
    this.#relists = relists;
    this.#failures = counter(registry, {
      name: 'watch_failures_total',
      help: 'Lists and watches that failed, by the reason.',
      labelNames: ['kind', 'reason'],
    });
    this.#doubts = gauge(registry, {
      name: 'watch_list_doubted',
      help: '1 while a list without what was there before is not believed and what was there is kept.',
      labelNames: ['kind'],
    });
    this.#doubts.set({ kind }, 0);
    registerAge(registry, kind, () => (clock.monotonic() - this.#heardAt) / 1000);
  }

  /** Something came from the server: a page, or an event. */
  heard(type?: string): void {
    this.#heardAt = this.#clock.monotonic();
    if (type !== undefined) this.#events.inc({ kind: this.#kind, type });
  }

  relisted(reason: ListReason): void {
    this.#relists.inc({ kind: this.#kind, reason });
  }

  /** A list is doubted, or not any more. */
  doubted(isDoubted: boolean): void {
    this.#doubts.set({ kind: this.#kind }, isDoubted ? 1 : 0);
  }

  failed(reason: string): void {
    this.#failures.inc({ kind: this.#kind, reason });
  }
}

function registerAge(registry: MetricsRegistry, kind: string, age: () => number): void {
  const known = lastHeard.get(registry);
  if (known !== undefined) return void known.set(kind, age);
  const ages = new Map([[kind, age]]);
  lastHeard.set(registry, ages);
  gauge(registry, {
    name: 'watch_last_event_age_seconds',
    help: 'Seconds since anything was heard of a kind; bookmarks come once a minute.',
    labelNames: ['kind'],
    collect() {
      for (const [name, read] of ages) this.set({ kind: name }, read());
    },
  });
}
