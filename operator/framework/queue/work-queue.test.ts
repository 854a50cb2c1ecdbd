import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMetricsRegistry } from '../metrics.ts';
import { TestClock } from '../testing/test-clock.ts';
import { WorkQueue } from './work-queue.ts';

function queueWith(clock = new TestClock(), metrics = createMetricsRegistry()) {
  const queue = new WorkQueue({ name: 'test', clock, metrics, backoff: { base: 10, max: 100 } });
  return { clock, metrics, queue };
}

/** What waits in a queue, taken out and done. */
async function drain(queue: WorkQueue): Promise<string[]> {
  const items: string[] = [];
  while (queue.depth > 0) {
    const item = (await queue.take()) ?? '';
    items.push(item);
    queue.done(item);
  }
  return items;
}

describe('a work queue', () => {
  it('gives items in their order and each one once', async () => {
    const { queue } = queueWith();
    for (const item of ['a', 'b', 'a', 'c', 'b']) queue.add(item);
    assert.deepEqual(await drain(queue), ['a', 'b', 'c']);
  });

  it('never has an item worked on twice at once, and gives it again when it was added meanwhile', async () => {
    const { queue } = queueWith();
    queue.add('a');
    assert.equal(await queue.take(), 'a');
    queue.add('a');
    queue.add('a');
    assert.equal(queue.depth, 0);
    queue.done('a');
    assert.deepEqual(await drain(queue), ['a']);
  });

  it('gives an item to who waits for one, in the order of the waiting', async () => {
    const { queue } = queueWith();
    const [first, second] = [queue.take(), queue.take()];
    queue.add('a');
    queue.add('b');
    assert.deepEqual([await first, await second], ['a', 'b']);
  });

  it('gives a delayed item when its time has come, the earliest time', async () => {
    const { clock, queue } = queueWith();
    queue.addAfter('a', 100);
    queue.addAfter('a', 50);
    queue.addAfter('a', 200);
    await clock.advance(49);
    assert.equal(queue.depth, 0);
    await clock.advance(1);
    assert.deepEqual(await drain(queue), ['a']);
    await clock.advance(1000);
    assert.equal(queue.depth, 0, 'the later times are forgotten');
  });

  it('makes an item wait longer with every failure, up to a bound, until it is forgotten', async () => {
    const { clock, queue } = queueWith();
    const waits: number[] = [];
    for (let failure = 0; failure < 6; failure++) {
      const before = clock.monotonic();
      queue.addRateLimited('a');
      while (queue.depth === 0) await clock.advance(1);
      waits.push(clock.monotonic() - before);
      await drain(queue);
    }
    assert.deepEqual(waits, [10, 20, 40, 80, 100, 100]);
    assert.equal(queue.failuresOf('a'), 6);
    queue.forget('a');
    queue.addRateLimited('a');
    await clock.advance(10);
    assert.deepEqual(await drain(queue), ['a']);
  });

  it('sends everybody home when it is shut down, and takes nothing any more', async () => {
    const { clock, queue } = queueWith();
    queue.addAfter('later', 10);
    const taker = queue.take();
    queue.shutDown();
    assert.equal(await taker, undefined);
    queue.add('a');
    await clock.advance(10);
    assert.deepEqual([queue.depth, await queue.take()], [0, undefined]);
    assert.equal(clock.pendingTimers, 0);
  });

  it('has metrics from the start, and they count', async () => {
    const { clock, metrics, queue } = queueWith();
    const value = async (name: string): Promise<number> => {
      const text = await metrics.getSingleMetricAsString(name);
      return Number(text.split('{name="test",controller="test"} ')[1]?.split('\n')[0]);
    };
    for (const name of ['adds_total', 'retries_total', 'depth', 'unfinished_work_seconds']) {
      assert.equal(await value(`workqueue_${name}`), 0, name);
    }
    queue.add('a');
    queue.add('b');
    assert.equal(await value('workqueue_depth'), 2);
    await queue.take();
    await clock.advance(3000);
    assert.equal(await value('workqueue_unfinished_work_seconds'), 3);
    assert.equal(await value('workqueue_longest_running_processor_seconds'), 3);
    queue.done('a');
    assert.equal(await value('workqueue_unfinished_work_seconds'), 0);
    queue.addRateLimited('a');
    assert.deepEqual([await value('workqueue_adds_total'), await value('workqueue_retries_total')], [2, 1]);
    const text = await metrics.metrics();
    assert.match(text, /workqueue_work_duration_seconds_sum\{name="test",controller="test"\} 3/);
  });
});
