import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { ApiError } from '../api/api-error.ts';
import type { Api, ListOptions, WatchEvent, WatchOptions } from '../api/api.ts';
import { InMemoryApi } from '../memory/in-memory-api.ts';
import { createMetricsRegistry } from '../metrics.ts';
import { WIDGET, type Widget, widget } from '../testing/contract/widget.ts';
import { type ApiCall, interceptApi } from '../testing/intercept-api.ts';
import { settle, TestClock } from '../testing/test-clock.ts';
import { Informer, type InformerOptions } from './informer.ts';

const MINUTE = 60_000;

/** An informer that runs against an in-memory API, with the calls that it makes. */
function following(t: TestContext, options: Partial<InformerOptions<Widget>> = {}, before?: (call: ApiCall) => void) {
  const clock = new TestClock();
  const memory = new InMemoryApi({ clock });
  const metrics = createMetricsRegistry();
  const calls: string[] = [];
  const api: Api = interceptApi(memory, (call) => {
    calls.push(textOf(call, clock));
    before?.(call);
  });
  const informer = new Informer<Widget>({ api, kind: WIDGET, clock, metrics, random: () => 0, ...options });
  const stop = new AbortController();
  t.after(() => stop.abort());
  const names = (): string[] => informer.store.list().map((each) => each.metadata.name);
  const start = async (): Promise<void> => {
    void informer.run(stop.signal);
    await settle();
  };
  const make = (name: string): Promise<Widget> => memory.create(WIDGET, widget('ns', name, { size: 1 }));
  const drop = (name: string): Promise<void> => memory.delete(WIDGET, { namespace: 'ns', name });
  const relists = async (reason: string): Promise<number> => {
    const text = await metrics.getSingleMetricAsString('watch_relists_total');
    return Number(text.split(`reason="${reason}"} `)[1]?.split('\n')[0]);
  };
  return { clock, memory, metrics, calls, informer, names, start, make, drop, relists };
}

function textOf({ verb, options }: ApiCall, clock: TestClock): string {
  const { limit, continue: token, resourceVersion, timeoutSeconds } = options as Partial<ListOptions & WatchOptions>;
  const parts = [verb, limit, token, resourceVersion, timeoutSeconds].map((part) => part ?? '-');
  return `${clock.monotonic() / 1000}s ${parts.join(' ')}`;
}

describe('an informer', () => {
  it('lists in pages, then watches from there, and is in sync from the first whole list on', async (t) => {
    const { memory, calls, informer, names, start, make } = following(t, { timings: { pageSize: 2 } });
    for (const name of ['a', 'b', 'c']) await make(name);
    assert.equal(informer.hasSynced, false);
    await start();
    assert.deepEqual(names(), ['a', 'b', 'c']);
    assert.equal(informer.hasSynced, true);
    await informer.started();
    const version = memory.resourceVersion;
    assert.deepEqual(calls, ['0s list 2 - - -', '0s list 2 1.2 - -', `0s watch - - ${version} 300`]);
    assert.deepEqual(informer.state, { kind: 'watching', resourceVersion: version });
  });

  it('tells of events that came together in one batch', async (t) => {
    const { informer, start, make, drop } = following(t);
    await start();
    const batches: string[][] = [];
    informer.store.subscribe((changes) => void batches.push(changes.map(({ kind, key }) => `${kind} ${key}`)));
    await Promise.all([make('a'), make('b'), drop('a')]);
    await settle();
    assert.deepEqual(batches, [['upsert ns/a', 'upsert ns/b', 'remove ns/a']]);
  });

  it('watches again from the last version, bookmarks included, when the server ends a watch', async (t) => {
    const { clock, memory, calls, start, make } = following(t, { timings: { watchTimeout: [90_000, 90_000] } });
    await make('first');
    await start();
    await make('a');
    memory.seed({ apiVersion: 'v1', kind: 'Other', metadata: { name: 'elsewhere' } });
    await clock.advance(90_000);
    assert.equal(calls.at(-1), `90s watch - - ${memory.resourceVersion} 90`);
    assert.equal(calls.filter((call) => call.includes('list')).length, 1);
  });

  it('lists again when the history is gone, and swaps without a moment of emptiness', async (t) => {
    let isDown = false;
    const { clock, memory, informer, names, start, make, drop, relists } = following(t, {}, () => {
      if (isDown) throw new ApiError({ code: 503, reason: 'ServiceUnavailable', message: 'down' });
    });
    await make('a');
    await make('b');
    await start();
    const batches: number[] = [];
    informer.store.subscribe((changes) => void batches.push(changes.length));
    isDown = true;
    // The watch ends while the server is away, and its version is compacted meanwhile.
    await clock.advance(10 * MINUTE);
    await drop('a');
    await make('c');
    await settle();
    memory.compact();
    isDown = false;
    await clock.advance(10 * MINUTE);
    assert.deepEqual(names().sort(), ['b', 'c']);
    assert.deepEqual(batches, [2]);
    assert.equal(await relists('expired'), 1);
  });

  it('keeps what it has for a minute when a list says that everything is gone, and says so', async (t) => {
    let lies = 0;
    const { clock, memory, metrics, names, start, make, calls } = following(t, {
      timings: { resync: [10 * MINUTE, 10 * MINUTE] },
    });
    const list = memory.list.bind(memory);
    memory.list = async (kind, options) => {
      const page = await list(kind, options);
      return lies-- > 0 ? { ...page, items: [] } : page;
    };
    const doubted = async (): Promise<boolean> =>
      (await metrics.getSingleMetricAsString('watch_list_doubted')).includes('} 1');
    await make('a');
    await start();
    lies = 3;
    const before = calls.length;
    await clock.advance(10 * MINUTE + 1000);
    assert.deepEqual([names(), await doubted()], [['a'], true]);
    await clock.advance(5000);
    assert.deepEqual([names(), await doubted()], [['a'], false]);
    const lists = calls.slice(before).filter((call) => call.includes('list'));
    assert.deepEqual(lists.map(Number.parseFloat), [600, 600.5, 601.5, 603.5]);
    lies = 1000;
    await clock.advance(10 * MINUTE + 50_000);
    assert.deepEqual([names(), await doubted()], [['a'], true]);
    await clock.advance(20_000);
    assert.deepEqual([names(), await doubted()], [[], false], 'what has stayed so is believed');
  });

  it('believes at once what it sees being deleted', async (t) => {
    const { names, start, make, drop } = following(t);
    await make('a');
    await make('b');
    await start();
    await drop('a');
    await drop('b');
    await settle();
    assert.deepEqual(names(), []);
  });

  it('of a kind of which there is always something is not in sync with nothing for a minute', async (t) => {
    const { clock, informer, start } = following(t, { neverEmpty: true });
    await start();
    await clock.advance(55_000);
    assert.equal(informer.hasSynced, false);
    await clock.advance(10_000);
    assert.equal(informer.hasSynced, true);
  });

  it('that begins with nothing looks once more after a minute', async (t) => {
    const { clock, informer, start, relists, calls } = following(t);
    await start();
    assert.equal(informer.hasSynced, true);
    await clock.advance(61_000);
    assert.equal(await relists('resync'), 1);
    await clock.advance(60 * MINUTE);
    assert.equal(calls.filter((call) => call.includes('list')).length, 2);
  });

  it('lists ever less often when every watch ends with 410', async (t) => {
    const { clock, memory, start, calls } = following(t);
    const status = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 410, reason: 'Expired' } as const;
    memory.watch = async function* () {
      yield { type: 'ERROR', object: status };
    };
    await start();
    await clock.advance(20_000);
    const lists = calls.filter((call) => call.includes('list')).map(Number.parseFloat);
    assert.deepEqual(lists, [0, 0, 0.5, 1.5, 3.5, 7.5, 15.5]);
  });

  it('asks for everything in one piece when pages expire before the last one is read', async (t) => {
    const { clock, names, calls, start, make } = following(t, { timings: { pageSize: 1 } }, ({ options }) => {
      if (!('continue' in options)) return;
      throw new ApiError({ code: 410, reason: 'Expired', message: 'The provided continue parameter is too old.' });
    });
    for (const name of ['a', 'b']) await make(name);
    await start();
    await clock.advance(1000);
    assert.deepEqual(names(), ['a', 'b']);
    assert.deepEqual(
      calls.map((call) => call.split(' ').slice(1, 3).join(' ')),
      ['list 1', 'list 1', 'list -', 'watch -'],
    );
  });

  it('lists all again after a long time, though the watch is fine', async (t) => {
    const { clock, start, make, calls, relists } = following(t, { timings: { resync: [20 * MINUTE, 40 * MINUTE] } });
    await make('a');
    await start();
    await clock.advance(19 * MINUTE);
    assert.equal(await relists('resync'), 0);
    await clock.advance(2 * MINUTE);
    assert.equal(await relists('resync'), 1);
    assert.match(calls.find((call) => call.startsWith('1200s list')) ?? '', /^1200s list 500 - \d+ -$/);
  });

  it('takes a silent watch for dead, and lists after a second one', async (t) => {
    const { clock, memory, start, relists, calls } = following(t);
    let says: WatchEvent[] = [];
    // As over a half-open connection: then nothing comes, not even an end.
    memory.watch = async function* (_, options) {
      yield* says as WatchEvent<never>[];
      yield await new Promise<never>((_resolve, reject) => {
        options.signal?.addEventListener('abort', () => reject(options.signal?.reason as Error));
      });
    };
    await start();
    await clock.advance(3 * MINUTE);
    assert.deepEqual(calls.filter((call) => call.includes('watch')).length, 2);
    assert.equal(await relists('silence'), 0);
    await clock.advance(3 * MINUTE);
    assert.equal(await relists('silence'), 1);
    says = [{ type: 'BOOKMARK', object: widget('ns', '', {}, { resourceVersion: '1000' }) }];
    await clock.advance(30 * MINUTE);
    assert.equal(await relists('silence'), 1, 'silences after a word each count as a first one');
  });

  it('waits longer after every failure, as long as the server asks, and from the start again after a healthy minute', async (t) => {
    let [isDown, retryAfter] = [true, 0];
    const { clock, calls, start, make } = following(t, {}, () => {
      if (!isDown) return;
      throw new ApiError({ code: 429, reason: 'TooManyRequests', message: 'busy', retryAfter });
    });
    await make('a');
    await start();
    await clock.advance(7500);
    const times = (): number[] => calls.splice(0).map((call) => Number.parseFloat(call));
    assert.deepEqual(times(), [0, 0.5, 1.5, 3.5, 7.5]);
    retryAfter = 25_000;
    await clock.advance(8000);
    assert.deepEqual(times(), [15.5]);
    await clock.advance(25_000);
    assert.deepEqual(times(), [40.5]);
    isDown = false;
    await clock.advance(30_000);
    assert.deepEqual(times(), [70.5, 70.5], 'the back-off was longer by then; a list and a watch');
    // The watch ends after 300 s in good health.
    [isDown, retryAfter] = [true, 0];
    await clock.advance(301_500);
    assert.deepEqual(times(), [370.5, 371, 372]);
  });

  it('goes on with what the server has when that has gone back, as after a restore', async (t) => {
    const { clock, memory, names, start, make, relists } = following(t, { timings: { resync: [MINUTE, MINUTE] } });
    await make('a');
    await start();
    const list = memory.list.bind(memory);
    memory.list = async (kind, options) => {
      if (options?.resourceVersion !== undefined) {
        throw new ApiError({ code: 504, reason: 'Timeout', message: 'Too large resource version: 9, current: 3' });
      }
      return list(kind, options);
    };
    await make('b');
    await make('c');
    await clock.advance(2.5 * MINUTE);
    assert.deepEqual(names(), ['a', 'b', 'c']);
    assert.equal(await relists('resync'), 4, 'each of two took a second try');
  });

  it('of an optional kind is in sync without it, and follows it when it comes', async (t) => {
    let isMissing = true;
    const { clock, informer, names, start, make } = following(t, { optional: true }, () => {
      if (isMissing) throw new ApiError({ code: 404, reason: 'NotFound', message: 'no such kind' });
    });
    await start();
    await informer.started();
    assert.deepEqual([informer.isAbsent, informer.store.size], [true, 0]);
    isMissing = false;
    await make('a');
    await clock.advance(MINUTE);
    assert.deepEqual([informer.isAbsent, names()], [false, ['a']]);
    isMissing = true;
    await clock.advance(20 * MINUTE);
    assert.deepEqual([informer.isAbsent, names()], [true, ['a']], 'what was there is not taken for deleted');
  });

  it('of a kind that must be there is not in sync without it', async (t) => {
    const { clock, informer, start } = following(t, {}, () => {
      throw new ApiError({ code: 404, reason: 'NotFound', message: 'no such kind' });
    });
    await start();
    await clock.advance(5 * MINUTE);
    assert.equal(informer.hasSynced, false);
  });

  it('survives a listener that throws', async (t) => {
    const { informer, names, start, make } = following(t);
    await start();
    informer.store.subscribe(() => {
      throw new Error('broken listener');
    });
    await make('a');
    await settle();
    await make('b');
    await settle();
    assert.deepEqual(names(), ['a', 'b']);
  });

  it('shows how long ago it heard of its kind', async (t) => {
    const { clock, metrics, start, make } = following(t);
    const age = async (): Promise<string | undefined> => {
      const text = await metrics.getSingleMetricAsString('watch_last_event_age_seconds');
      return text.split('{kind="widgets.framework.example.com"} ')[1];
    };
    await start();
    await clock.advance(30_000);
    assert.equal(await age(), '30');
    await make('a');
    await clock.advance(5000);
    assert.equal(await age(), '5');
    await clock.advance(2 * MINUTE);
    assert.equal(await age(), '35', 'bookmarks come once a minute');
  });

  it('ends, timers and all, when it is told to', async (t) => {
    const { clock, memory } = following(t);
    const informer = new Informer({ api: memory, kind: WIDGET, clock });
    const stop = new AbortController();
    const ended = informer.run(stop.signal);
    await settle();
    stop.abort();
    await ended;
    assert.equal(clock.pendingTimers, 0);
  });
});
