import {
  Counter,
  type CounterConfiguration,
  Gauge,
  type GaugeConfiguration,
  Histogram,
  type HistogramConfiguration,
  Registry,
} from 'prom-client';

/** Where metrics are kept; `/metrics` of the health server shows one. */
export type MetricsRegistry = Registry;

/** A registry of its own, so that several managers (and tests) do not meet in a global one. */
export function createMetricsRegistry(): MetricsRegistry {
  return new Registry();
}

/** The counter of this name in a registry, made when it is not there. */
export function counter<L extends string>(registry: MetricsRegistry, config: CounterConfiguration<L>): Counter<L> {
  const known = registry.getSingleMetric(config.name);
  return known instanceof Counter ? known : new Counter({ ...config, registers: [registry] });
}

/** The gauge of this name in a registry, made when it is not there. */
export function gauge<L extends string>(registry: MetricsRegistry, config: GaugeConfiguration<L>): Gauge<L> {
  const known = registry.getSingleMetric(config.name);
  return known instanceof Gauge ? known : new Gauge({ ...config, registers: [registry] });
}

/** The histogram of this name in a registry, made when it is not there. */
export function histogram<L extends string>(
  registry: MetricsRegistry,
  config: HistogramConfiguration<L>,
): Histogram<L> {
  const known = registry.getSingleMetric(config.name);
  return known instanceof Histogram ? known : new Histogram({ ...config, registers: [registry] });
}
