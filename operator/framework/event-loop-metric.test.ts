import assert from 'node:assert/strict';
import { test } from 'node:test';
import { delaysOf, watchEventLoop } from './event-loop-metric.ts';
import { createMetricsRegistry } from './metrics.ts';

test('a delay is what is later than agreed', () => {
  const percentile = (share: number) => (share === 99 ? 25e6 : 5.5e6);
  const rounded = delaysOf({ count: 9, max: 105e6, percentile }, 5).map(([name, value]) => [name, value.toFixed(4)]);
  assert.deepEqual(rounded, [
    ['0.5', '0.0005'],
    ['0.99', '0.0200'],
    ['1', '0.1000'],
  ]);
});

test('nothing was late when nothing was measured', () => {
  assert.deepEqual(
    delaysOf({ count: 0, max: 0, percentile: () => 0 }).map(([, value]) => value),
    [0, 0, 0],
  );
});

test('the metrics have the longest stall since they were last asked for', async () => {
  const registry = createMetricsRegistry();
  watchEventLoop(registry);
  const longest = async (): Promise<number> => {
    const text = await registry.metrics();
    return Number(/dotkube_event_loop_delay_seconds\{quantile="1"\} (\S+)/.exec(text)?.[1]);
  };
  await new Promise((resolve) => setTimeout(resolve, 60));
  const until = performance.now() + 300;
  while (performance.now() < until);
  await new Promise((resolve) => setTimeout(resolve, 60));
  const stalled = await longest();
  assert.ok(stalled >= 0.25, `${stalled} s`);
  assert.ok((await longest()) < stalled);
});
