import { counter, gauge, histogram, type MetricsRegistry } from '../metrics.ts';

const RESULTS = ['error', 'requeue_after', 'requeue', 'success'] as const;
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** The metrics of one controller, named as controller-runtime names them, present from the start. */
export class ControllerMetrics {
  readonly terminalErrors: { inc(): void };
  readonly panics: { inc(): void };
  readonly #results: ReadonlyMap<string, { inc(): void }>;
  readonly #errors: { inc(): void };
  readonly #seconds: { observe(seconds: number): void };
  readonly #active: { inc(): void; dec(): void };

  constructor(controller: string, registry: MetricsRegistry, concurrency: number) {
    const labelNames = ['controller'] as const;
    const count = (name: string, help: string): { inc(): void } => {
      const metric = counter(registry, { name: `controller_runtime_${name}`, help, labelNames });
      metric.inc({ controller }, 0);
      return metric.labels({ controller });
    };
    this.#errors = count('reconcile_errors_total', 'Reconciles that failed.');
    this.terminalErrors = count('terminal_reconcile_errors_total', 'Reconciles that failed for good.');
    this.panics = count('reconcile_panics_total', 'Reconciles that failed by a bug.');
    const total = counter(registry, {
      name: 'controller_runtime_reconcile_total',
      help: 'Reconciles by their result.',
      labelNames: ['controller', 'result'],
    });
    for (const result of RESULTS) total.inc({ controller, result }, 0);
    this.#results = new Map(RESULTS.map((result) => [result, total.labels({ controller, result })]));
    const seconds = histogram(registry, {
      name: 'controller_runtime_reconcile_time_seconds',
      help: 'Seconds that reconciles take.',
      labelNames,
      buckets: SECONDS,
    });
    seconds.zero({ controller });
    this.#seconds = seconds.labels({ controller });
    const workers = (name: string, help: string) =>
      gauge(registry, { name: `controller_runtime_${name}`, help, labelNames }).labels({ controller });
    this.#active = workers('active_workers', 'Reconciles under way.');
    workers('max_concurrent_reconciles', 'Reconciles that may be under way at once.').set(concurrency);
    workers('active_workers', 'Reconciles under way.').set(0);
  }

  began(): void {
    this.#active.inc();
  }

  ended(result: (typeof RESULTS)[number], seconds: number): void {
    this.#active.dec();
    this.#seconds.observe(seconds);
    this.#results.get(result)?.inc();
    if (result === 'error') this.#errors.inc();
  }
}
