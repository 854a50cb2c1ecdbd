import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Clock } from '../clock.ts';
import { createMetricsRegistry } from '../metrics.ts';
import { settle, TestClock } from '../testing/test-clock.ts';
import { Controller, type ControllerOptions } from './controller.ts';
import { done, type Reconciler, requeueAfter, TerminalError } from './reconcile.ts';
import type { Enqueue } from './source.ts';

/** A controller that runs, with a hand on its source and a list of what it was asked to reconcile. */
function running(reconcile: Reconciler, options: Partial<ControllerOptions> = {}) {
  const clock = new TestClock();
  const metrics = createMetricsRegistry();
  const seen: string[] = [];
  let enqueue: Enqueue = () => assert.fail('the source was not started');
  const controller = new Controller({
    name: 'test',
    reconcile: (request, context) => {
      seen.push(`${request.namespace ?? ''}/${request.name}@${clock.monotonic()}`);
      return reconcile(request, context);
    },
    sources: [
      (given) => {
        enqueue = given;
        return () => void seen.push('source ended');
      },
    ],
    clock,
    metrics,
    backoff: { base: 100, max: 1000 },
    ...options,
  });
  const stop = new AbortController();
  const ended = controller.run(stop.signal);
  const count = async (name: string, labels = 'controller="test"'): Promise<number> => {
    const text = await metrics.getSingleMetricAsString(`controller_runtime_${name}`);
    return Number(text.split(`{${labels}} `)[1]?.split('\n')[0]);
  };
  return { clock, metrics, seen, stop, ended, count, enqueue: (name: string) => enqueue({ namespace: 'ns', name }) };
}

describe('a controller', () => {
  it('reconciles what its sources ask for, once however often it was asked', async () => {
    const { seen, enqueue, count } = running(async () => done());
    enqueue('a');
    enqueue('a');
    enqueue('b');
    await settle();
    assert.deepEqual(seen, ['ns/a@0', 'ns/b@0']);
    assert.equal(await count('reconcile_total', 'controller="test",result="success"'), 2);
  });

  it('looks again after the time that the reconciler asked for', async () => {
    const { clock, seen, enqueue, count } = running(async () => requeueAfter(5000));
    enqueue('a');
    await clock.advance(10_000);
    assert.deepEqual(seen, ['ns/a@0', 'ns/a@5000', 'ns/a@10000']);
    assert.equal(await count('reconcile_total', 'controller="test",result="requeue_after"'), 3);
  });

  it('tries again after failures, later each time, and at once begins anew after a success', async () => {
    let failures = 3;
    const { clock, seen, enqueue, count } = running(async () => {
      if (failures-- > 0) throw new Error('not yet');
      return done();
    });
    enqueue('a');
    await clock.advance(1000);
    assert.deepEqual(seen, ['ns/a@0', 'ns/a@100', 'ns/a@300', 'ns/a@700']);
    assert.equal(await count('reconcile_errors_total'), 3);
    assert.equal(await count('reconcile_panics_total'), 0);
    failures = 1;
    enqueue('a');
    await clock.advance(200);
    assert.deepEqual(seen.slice(4), ['ns/a@1000', 'ns/a@1100']);
  });

  it('does not try again after a terminal error', async () => {
    const { clock, seen, enqueue, count } = running(async () => {
      throw new TerminalError('never');
    });
    enqueue('a');
    await clock.advance(100_000);
    assert.deepEqual(seen, ['ns/a@0']);
    assert.equal(await count('terminal_reconcile_errors_total'), 1);
    assert.equal(await count('reconcile_total', 'controller="test",result="error"'), 1);
  });

  it('survives a bug of the reconciler, counts it and tries again', async () => {
    const { clock, seen, enqueue, count } = running(() => {
      throw new TypeError('undefined is not a function');
    });
    enqueue('a');
    await clock.advance(100);
    assert.deepEqual(seen, ['ns/a@0', 'ns/a@100']);
    assert.equal(await count('reconcile_panics_total'), 2);
  });

  it('works on as many requests at once as it may, and never on one of them twice', async () => {
    let [now, most] = [0, 0];
    const release = Promise.withResolvers<void>();
    const reconcile: Reconciler = async () => {
      most = Math.max(most, ++now);
      await release.promise;
      now--;
      return done();
    };
    const { seen, enqueue, count } = running(reconcile, { concurrency: 2 });
    for (const name of ['a', 'b', 'c']) enqueue(name);
    await settle();
    enqueue('a');
    await settle();
    assert.deepEqual(seen, ['ns/a@0', 'ns/b@0']);
    assert.equal(await count('active_workers'), 2);
    release.resolve();
    await settle();
    assert.deepEqual(seen, ['ns/a@0', 'ns/b@0', 'ns/c@0', 'ns/a@0']);
    assert.equal(most, 2);
    assert.equal(await count('active_workers'), 0);
  });

  it('waits for the work under way when it stops, tells it, and then ends its sources', async () => {
    const release = Promise.withResolvers<void>();
    let told = false;
    const { seen, stop, ended, enqueue } = running(async (_, { signal }) => {
      signal.addEventListener('abort', () => (told = true));
      await release.promise;
      return done();
    });
    enqueue('a');
    enqueue('never');
    await settle();
    stop.abort();
    let hasEnded = false;
    const end = ended.then(() => (hasEnded = true));
    await settle();
    assert.deepEqual([told, hasEnded], [true, false]);
    release.resolve();
    await end;
    assert.deepEqual(seen, ['ns/a@0', 'source ended']);
  });

  it('has all its metrics at zero before anything happens', async () => {
    const { metrics } = running(async () => done());
    const text = await metrics.metrics();
    for (const result of ['success', 'error', 'requeue', 'requeue_after']) {
      assert.match(text, new RegExp(`controller_runtime_reconcile_total\\{controller="test",result="${result}"\\} 0`));
    }
    assert.match(text, /controller_runtime_reconcile_errors_total\{controller="test"\} 0/);
    assert.match(text, /controller_runtime_reconcile_time_seconds_count\{controller="test"\} 0/);
    assert.match(text, /controller_runtime_max_concurrent_reconciles\{controller="test"\} 1/);
  });

  it('gives the reconciler a logger that says which request it is about, and the clock', async () => {
    let given: Clock | undefined;
    const { clock, enqueue } = running(async (_, context) => {
      given = context.clock;
      return done();
    });
    enqueue('a');
    await settle();
    assert.equal(given, clock);
  });
});
