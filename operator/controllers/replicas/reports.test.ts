import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { silentLogger } from '../../framework/index.ts';
import { settle, TestClock } from '../../framework/testing/index.ts';
import type { Standing } from '../status/standing.ts';
import { Peers } from './peers.ts';
import type { ReportedRefusal } from './report.ts';
import { ReportFeed, type ReportSource } from './report-feed.ts';
import { NO_STANDING } from './standing-patch.ts';

const SPLIT = 'TrafficSplit/shop/reviews';
const STANDING: Standing = { ...NO_STANDING, uid: 'u', generation: 1, users: ['a'], concerned: ['a'] };

/** A replica that can be reached without a network. */
class Replica implements ReportSource {
  readonly instance: string;
  readonly standings = new Map<string, Standing>();
  readonly lines: string[] = [];
  proxies: readonly string[] = [];
  refused: readonly ReportedRefusal[] = [];
  /** Whether the other side takes more after each line. */
  isRead = true;
  feed: ReportFeed | undefined;
  readonly #clock: TestClock;
  #queue: string[] = [];
  #wake = (): void => {};

  constructor(instance: string, clock: TestClock) {
    this.instance = instance;
    this.#clock = clock;
  }

  objects(): Iterable<string> {
    return this.standings.keys();
  }
  standingOf(object: string): Standing | undefined {
    return this.standings.get(object);
  }
  connected(): readonly string[] {
    return this.proxies;
  }
  refusals(): readonly ReportedRefusal[] {
    return this.refused;
  }

  /** Changes how an object stands here. */
  stand(object: string, standing: Standing | undefined): void {
    if (standing === undefined) this.standings.delete(object);
    else this.standings.set(object, standing);
    this.feed?.touch(object);
  }

  /** Ends its stream. */
  cut(): void {
    this.feed?.close();
    this.feed = undefined;
    this.#wake();
  }

  /** Says nothing more, and keeps the stream open. */
  freeze(): void {
    this.feed?.close();
  }

  async *follow(signal: AbortSignal): AsyncIterable<string> {
    this.#queue = [];
    const write = (line: string): boolean => {
      this.lines.push(line);
      this.#queue.push(line);
      this.#wake();
      return this.isRead;
    };
    const feed = new ReportFeed(this, { write }, this.#clock);
    this.feed = feed;
    signal.addEventListener('abort', () => this.cut(), { once: true });
    while (this.feed === feed) {
      yield* this.#queue.splice(0);
      if (this.feed !== feed) break;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    signal.throwIfAborted();
  }
}

/** A leader `me` that follows replicas by address. */
function leader(addresses: Record<string, Replica | undefined>, clock: TestClock) {
  const told = { moved: [] as string[], refused: 0, changed: 0, streams: 0 };
  const peers = new Peers({
    instance: 'me',
    lapseMs: 15_000,
    clock,
    log: silentLogger,
    random: () => 0,
    follow: (address, signal) => {
      told.streams += 1;
      const replica = addresses[address];
      if (replica === undefined) throw new Error('connection refused');
      return replica.follow(signal);
    },
    moved: (objects) => void told.moved.push(...objects),
    refused: () => (told.refused += 1),
    changed: () => (told.changed += 1),
  });
  const view = () =>
    peers.views().map(({ instance, isLive, connected }) => ({ instance, isLive, proxies: [...connected] }));
  return { peers, told, view };
}

async function setUp() {
  const clock = new TestClock();
  const other = new Replica('other', clock);
  other.proxies = ['a'];
  other.stand(SPLIT, STANDING);
  const addresses: Record<string, Replica | undefined> = { '10.0.0.2:15012': other };
  const rig = leader(addresses, clock);
  rig.peers.follow(['10.0.0.2:15012']);
  await clock.advance(100);
  return { clock, other, addresses, ...rig };
}

describe('what a replica tells the one that leads', () => {
  it('is everything at first, then what changes', async () => {
    const { clock, other, peers, told, view } = await setUp();
    assert.deepEqual(view(), [{ instance: 'other', isLive: true, proxies: ['a'] }]);
    assert.deepEqual(peers.views()[0]?.standingOf(SPLIT), STANDING);
    assert.deepEqual([told.changed, told.moved], [1, []]);
    other.proxies = ['a', 'b'];
    other.stand(SPLIT, { ...STANDING, users: ['a', 'b'], late: ['b'] });
    await clock.advance(60);
    assert.deepEqual(peers.views()[0]?.standingOf(SPLIT), { ...STANDING, users: ['a', 'b'], late: ['b'] });
    assert.deepEqual([view()[0]?.proxies, told.moved], [['a', 'b'], [SPLIT]]);
    assert.deepEqual(JSON.parse(other.lines.at(-1) ?? ''), {
      kind: 'report',
      proxies: [['b'], []],
      objects: [[SPLIT, { users: [['b'], []], late: [['b'], []] }]],
    });
  });

  it('is in several lines where it is long, and counts when it is whole', async () => {
    const clock = new TestClock();
    const other = new Replica('other', clock);
    for (let each = 0; each < 450; each += 1) other.stand(`TrafficSplit/shop/${each}`, STANDING);
    const { peers, view } = leader({ x: other }, clock);
    peers.follow(['x']);
    await settle();
    assert.deepEqual(view(), []);
    await clock.advance(10);
    const reports = other.lines.map((line) => JSON.parse(line) as { objects?: unknown[]; complete?: true });
    assert.deepEqual(
      reports.map(({ objects, complete }) => [objects?.length, complete]),
      [
        [undefined, undefined],
        [200, undefined],
        [200, undefined],
        [50, true],
      ],
    );
    assert.deepEqual(peers.views()[0]?.standingOf('TrafficSplit/shop/449'), STANDING);
  });

  it('is of an object that is gone that it is gone', async () => {
    const { clock, other, peers, told } = await setUp();
    other.stand(SPLIT, undefined);
    await clock.advance(60);
    assert.equal(peers.views()[0]?.standingOf(SPLIT), undefined);
    assert.deepEqual(told.moved, [SPLIT]);
  });

  it('is the newest state alone when the other side reads again', async () => {
    const { clock, other, peers } = await setUp();
    other.isRead = false;
    await clock.advance(600);
    const before = other.lines.length;
    for (let generation = 2; generation < 100; generation += 1) {
      other.stand(SPLIT, { ...STANDING, generation });
      await clock.advance(60);
    }
    assert.equal(other.lines.length, before);
    other.isRead = true;
    other.feed?.resume();
    await clock.advance(60);
    assert.equal(other.lines.length, before + 1);
    assert.equal(peers.views()[0]?.standingOf(SPLIT)?.generation, 99);
  });

  it('comes at once when nothing came before, and not more often than every 50 ms', async () => {
    const { clock, other } = await setUp();
    const before = other.lines.length;
    other.stand(SPLIT, { ...STANDING, generation: 2 });
    await clock.advance(0);
    assert.equal(other.lines.length, before + 1);
    for (let generation = 3; generation < 13; generation += 1) {
      other.stand(SPLIT, { ...STANDING, generation });
      await clock.advance(10);
    }
    assert.equal(other.lines.length, before + 3);
  });

  it('has what proxies refuse, which goes when they no longer do', async () => {
    const { clock, other, peers, told } = await setUp();
    const refusal = { layer: 'mesh', type: 'T', name: 'n', version: 'v', proxy: 'a', error: 'too large' };
    const refusedBefore = told.refused;
    other.refused = [refusal];
    other.feed?.touchProxies();
    await clock.advance(60);
    assert.deepEqual([peers.refusals(), told.refused], [[refusal], refusedBefore + 1]);
    other.refused = [];
    other.feed?.touchProxies();
    await clock.advance(60);
    assert.deepEqual([peers.refusals(), told.refused], [[], refusedBefore + 2]);
  });
});

describe('a replica that is not heard of', () => {
  it('stands for its proxies until its time is over, unless it comes back', async () => {
    const { clock, other, addresses, told, view } = await setUp();
    addresses['10.0.0.2:15012'] = undefined;
    other.cut();
    await clock.advance(14_000);
    assert.deepEqual(view(), [{ instance: 'other', isLive: false, proxies: [] }]);
    await clock.advance(1500);
    assert.deepEqual(view(), []);
    const { changed } = told;
    addresses['10.0.0.2:15012'] = other;
    await clock.advance(1500);
    assert.deepEqual(view(), [{ instance: 'other', isLive: true, proxies: ['a'] }]);
    assert.equal(told.changed, changed + 1);
    await clock.advance(60_000);
    assert.equal(view().length, 1);
  });

  it('is one that holds its stream open and says nothing, too', async () => {
    const { clock, other, addresses, view } = await setUp();
    other.freeze();
    addresses['10.0.0.2:15012'] = undefined;
    await clock.advance(9000);
    assert.equal(view()[0]?.isLive, true);
    await clock.advance(1500);
    assert.equal(view()[0]?.isLive, false);
    await clock.advance(5000);
    assert.deepEqual(view(), []);
  });

  it('says so now and then when there is nothing new', async () => {
    const { clock, other, view, told } = await setUp();
    await clock.advance(60_000);
    assert.deepEqual([view()[0]?.isLive, told.streams], [true, 1]);
    assert.equal(other.lines.at(-1), '{"kind":"beat"}');
  });

  it('stands for its proxies beside the one that took its address', async () => {
    const { clock, other, addresses, view } = await setUp();
    const next = new Replica('next', clock);
    addresses['10.0.0.2:15012'] = next;
    other.cut();
    await clock.advance(500);
    assert.deepEqual(view(), [
      { instance: 'other', isLive: false, proxies: [] },
      { instance: 'next', isLive: true, proxies: [] },
    ]);
    await clock.advance(15_000);
    assert.deepEqual(view(), [{ instance: 'next', isLive: true, proxies: [] }]);
  });

  it('lapses when it is no longer named, and is followed again when it is', async () => {
    const { clock, peers, view } = await setUp();
    peers.follow([]);
    await clock.advance(1000);
    assert.deepEqual(view(), [{ instance: 'other', isLive: false, proxies: [] }]);
    peers.follow(['10.0.0.2:15012']);
    await clock.advance(1000);
    assert.deepEqual(view(), [{ instance: 'other', isLive: true, proxies: ['a'] }]);
  });

  it('is tried again every second, and forgotten when this one no longer leads', async () => {
    const { clock, addresses, other, peers, told, view } = await setUp();
    addresses['10.0.0.2:15012'] = undefined;
    other.cut();
    await clock.advance(10_000);
    assert.ok(told.streams >= 10 && told.streams < 20, `${told.streams} times`);
    await peers.close();
    assert.deepEqual([view(), clock.pendingTimers], [[], 0]);
  });
});

it('this replica, found among the addresses, is not followed', async () => {
  const clock = new TestClock();
  const { peers, view, told } = leader({ x: new Replica('me', clock) }, clock);
  peers.follow(['x']);
  await clock.advance(60_000);
  assert.deepEqual([view(), told.streams, peers.health()[0]?.state], [[], 1, 'self']);
});

it('what breaks the rules ends the stream, and counts for nothing', async () => {
  const clock = new TestClock();
  const liar = new Replica('liar', clock);
  const { peers, view, told } = leader({ x: liar }, clock);
  liar.follow = async function* () {
    yield '{"kind":"report","proxies":[["a"],[]],"complete":true}';
  };
  peers.follow(['x']);
  await clock.advance(1000);
  assert.deepEqual([view(), told.changed, told.streams > 1], [[], 0, true]);
  await peers.close();
});
