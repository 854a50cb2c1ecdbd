import { counter, gauge, histogram, type MetricsRegistry } from '../metrics.ts';

/** What the gauges show; `active` has the seconds that each item has been worked on so far. */
interface QueueState {
  readonly depth: number;
  readonly active: readonly number[];
}

const LABELS = ['name', 'controller'] as const;
const SECONDS = [1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10, 100, 1000];

/** Every queue of a registry, by name: its gauges are read when they are scraped. */
const states = new WeakMap<MetricsRegistry, Map<string, () => QueueState>>();

/** The metrics of one work queue, named as client-go and controller-runtime name them, present from the start. */
export class QueueMetrics {
  readonly #adds: { inc(): void };
  readonly #retries: { inc(): void };
  readonly #queueSeconds: { observe(seconds: number): void };
  readonly #workSeconds: { observe(seconds: number): void };

  constructor(name: string, registry: MetricsRegistry, state: () => QueueState) {
    const labels = { name, controller: name };
    const labelNames = [...LABELS];
    const help = (what: string): string => `${what} of the work queue.`;
    const adds = counter(registry, { name: 'workqueue_adds_total', help: help('Adds'), labelNames });
    const retries = counter(registry, { name: 'workqueue_retries_total', help: help('Retries'), labelNames });
    const queueSeconds = histogram(registry, {
      name: 'workqueue_queue_duration_seconds',
      help: help('How long items wait for their turn: seconds'),
      labelNames,
      buckets: SECONDS,
    });
    const workSeconds = histogram(registry, {
      name: 'workqueue_work_duration_seconds',
      help: help('How long items are worked on: seconds'),
      labelNames,
      buckets: SECONDS,
    });
    // A labelled child exists from its first use, so that is made now.
    adds.inc(labels, 0);
    retries.inc(labels, 0);
    queueSeconds.zero(labels);
    workSeconds.zero(labels);
    this.#adds = adds.labels(labels);
    this.#retries = retries.labels(labels);
    this.#queueSeconds = queueSeconds.labels(labels);
    this.#workSeconds = workSeconds.labels(labels);
    registerState(registry, name, state);
  }

  added(): void {
    this.#adds.inc();
  }

  retried(): void {
    this.#retries.inc();
  }

  taken(seconds: number): void {
    this.#queueSeconds.observe(seconds);
  }

  worked(seconds: number): void {
    this.#workSeconds.observe(seconds);
  }
}

function registerState(registry: MetricsRegistry, name: string, state: () => QueueState): void {
  const known = states.get(registry);
  if (known !== undefined) return void known.set(name, state);
  const queues = new Map([[name, state]]);
  states.set(registry, queues);
  const show = (metric: string, help: string, value: (state: QueueState) => number): void => {
    gauge(registry, {
      name: metric,
      help,
      labelNames: [...LABELS],
      collect() {
        for (const [queue, read] of queues) this.set({ name: queue, controller: queue }, value(read()));
      },
    });
  };
  show('workqueue_depth', 'Items that wait in the work queue.', (queue) => queue.depth);
  show(
    'workqueue_unfinished_work_seconds',
    'Seconds of work in progress that is not yet observed in work_duration.',
    (queue) => queue.active.reduce((sum, seconds) => sum + seconds, 0),
  );
  show(
    'workqueue_longest_running_processor_seconds',
    'Seconds that the longest running work has taken so far.',
    (queue) => Math.max(0, ...queue.active),
  );
}
