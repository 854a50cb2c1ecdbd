import { monitorEventLoopDelay } from 'node:perf_hooks';
import { gauge, type MetricsRegistry } from './metrics.ts';

/** Milliseconds between two looks at the clock. More looks find more stalls, and are most of what an idle process costs. */
const RESOLUTION_MS = 50;

/** Nanoseconds to seconds. */
const NANO = 1e-9;

/**
 * Tells how late the event loop is, in seconds: `dotkube_event_loop_delay_seconds` with the label `quantile` (0.5, 0.99, and 1 for
 * the longest), each since the metrics were last asked for. While it stands still, proxies and the API wait.
 */
export function watchEventLoop(registry: MetricsRegistry): void {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  const metric = gauge(registry, {
    name: 'dotkube_event_loop_delay_seconds',
    help: 'How late the event loop was, since the metrics were last asked for.',
    labelNames: ['quantile'],
    collect: () => {
      for (const [quantile, seconds] of delaysOf(delays)) metric.set({ quantile }, seconds);
      delays.reset();
    },
  });
}

/** By quantile, seconds. What Node.js measures is the time between two looks; what is later than agreed is the delay. Pure. */
export function delaysOf(
  delays: Pick<ReturnType<typeof monitorEventLoopDelay>, 'count' | 'max' | 'percentile'>,
  resolutionMs = RESOLUTION_MS,
): readonly (readonly [string, number])[] {
  const late = (nanoseconds: number): number => Math.max(0, nanoseconds * NANO - resolutionMs / 1000);
  if (delays.count === 0) return ['0.5', '0.99', '1'].map((quantile) => [quantile, 0]);
  return [
    ['0.5', late(delays.percentile(50))],
    ['0.99', late(delays.percentile(99))],
    ['1', late(delays.max)],
  ];
}
