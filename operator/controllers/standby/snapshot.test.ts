import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type EncodedResource,
  encodeResource,
  type EntryRef,
  parsePlaceKey,
  placeKey,
  typeUrls,
} from '@dot-kube/proxy/xds';
import { TestClock } from '../../framework/testing/index.ts';
import { Snapshot, type SnapshotStream } from './snapshot.ts';
import { type PlaceState, SnapshotFeed, type SnapshotSource } from './snapshot-feed.ts';
import { formatSnapshotMessage, MessageError, parseSnapshotMessage, type ToldPod } from './snapshot-message.ts';

const content = (name: string, text: string): EncodedResource =>
  encodeResource(typeUrls.route, name, Buffer.from(text), [{ type: typeUrls.cluster, name: 'c' }]);
const place = (name: string, layer = 'mesh'): EntryRef => ({ layer, type: typeUrls.route, name });

/** A replica, and what its proxies have acknowledged. */
class Replica implements SnapshotSource {
  readonly instance = 'one';
  readonly trustDomain = 'cluster.local';
  readonly states = new Map<string, PlaceState>();
  readonly told = new Map<string, ToldPod>();
  readonly lines: string[] = [];
  serving = true;
  reads = true;
  feed: SnapshotFeed | undefined;
  readonly #clock: TestClock;

  constructor(clock: TestClock) {
    this.#clock = clock;
  }

  isServing(): boolean {
    return this.serving;
  }
  *places(): Iterable<EntryRef> {
    for (const key of this.states.keys()) yield parsePlaceKey(key);
  }
  placeOf(ref: EntryRef): PlaceState | undefined {
    return this.states.get(placeKey(ref));
  }
  pods(): Iterable<string> {
    return this.told.keys();
  }
  podOf(key: string): ToldPod | undefined {
    return this.told.get(key);
  }

  /** What stands in a place now, and what was acknowledged of it. */
  put(ref: EntryRef, now: string | undefined, acknowledged?: string): void {
    const at = placeKey(ref);
    if (now === undefined) this.states.delete(at);
    else {
      const of = (text: string): EncodedResource => content(ref.name, text);
      this.states.set(at, {
        version: of(now).version,
        acknowledged: acknowledged === undefined ? undefined : of(acknowledged),
      });
    }
    this.feed?.touch(ref);
  }

  pod(key: string, uid: string | undefined): void {
    if (uid === undefined) this.told.delete(key);
    else this.told.set(key, { key, uid, serviceAccount: 'a', node: 'n', layers: ['mesh'] });
    this.feed?.touchPod(key);
  }

  /** Tells a snapshot from now on, over the wire. Answers how to end that. */
  tell(snapshot: Snapshot): () => void {
    const stream: SnapshotStream = snapshot.stream();
    const write = (line: string): boolean => {
      this.lines.push(line);
      const message = parseSnapshotMessage(line);
      if (message.kind === 'places' || message.kind === 'pods') stream.take(message);
      return this.reads;
    };
    this.feed = new SnapshotFeed(this, { write }, this.#clock);
    return () => {
      this.feed?.close();
      this.feed = undefined;
      stream.end();
    };
  }
}

function setUp() {
  const clock = new TestClock();
  const snapshot = new Snapshot(clock);
  const replica = (): Replica => new Replica(clock);
  /** What the snapshot has in a place. */
  const at = (ref: EntryRef): string | undefined => {
    const found = snapshot.cache.entry(ref);
    const texts = ['1', '2', '3', '4'];
    return found && texts.find((text) => content(ref.name, text).version === found.version);
  };
  const later = async (milliseconds: number): Promise<void> => {
    await clock.advance(milliseconds);
    snapshot.sweep();
  };
  return { clock, snapshot, replica, at, later };
}

describe('a snapshot has', () => {
  it('what was acknowledged, as it was encoded, and nothing that was not', async () => {
    const { snapshot, replica, at, later } = setUp();
    const one = replica();
    one.put(place('a'), '1', '1');
    one.put(place('held'), '2', '1');
    one.put(place('never'), '1');
    one.tell(snapshot);
    assert.equal(snapshot.isComplete, false);
    await later(100);
    assert.equal(snapshot.isComplete, true);
    assert.deepEqual([at(place('a')), at(place('held')), at(place('never'))], ['1', '1', undefined]);
    const { frame, refs } = content('a', '1');
    const found = snapshot.cache.entry(place('a'))?.resource;
    assert.deepEqual([found?.frame, found?.refs], [frame, refs]);
  });

  it('what is acknowledged later, and not what is refused then', async () => {
    const { snapshot, replica, at, later } = setUp();
    const one = replica();
    one.put(place('a'), '1', '1');
    one.tell(snapshot);
    await later(100);
    one.put(place('a'), '2', '1');
    await later(100);
    assert.equal(at(place('a')), '1');
    one.put(place('a'), '2', '2');
    await later(100);
    assert.equal(at(place('a')), '2');
  });

  it('what another replica has in force, whatever this one still holds', async () => {
    const { snapshot, replica, at, later } = setUp();
    const [one, other] = [replica(), replica()];
    one.put(place('a'), '2', '2');
    one.put(place('b'), '1');
    other.put(place('a'), '2', '1');
    other.put(place('b'), '1', '1');
    one.tell(snapshot);
    await later(100);
    other.tell(snapshot);
    await later(100);
    assert.deepEqual([at(place('a')), at(place('b'))], ['2', '1']);
  });

  it('all of it while nobody is heard, for as long as that takes', async () => {
    const { snapshot, replica, at, later } = setUp();
    const one = replica();
    one.put(place('a'), '1', '1');
    one.pod('shop/a', 'u');
    const end = one.tell(snapshot);
    await later(100);
    end();
    await later(24 * 3_600_000);
    assert.deepEqual([at(place('a')), snapshot.pod('shop/a')?.uid], ['1', 'u']);
  });

  it('what was acknowledged before a replica started anew, until that knows better', async () => {
    const { snapshot, replica, at, later } = setUp();
    const one = replica();
    for (const name of ['kept', 'gone']) one.put(place(name), '1', '1');
    one.put(place('own', 'identity/x'), '1', '1');
    one.pod('shop/a', 'u');
    const end = one.tell(snapshot);
    await later(100);
    end();
    const next = replica();
    next.put(place('kept'), '1');
    next.tell(snapshot);
    await later(100);
    assert.deepEqual([at(place('kept')), at(place('gone')), snapshot.pod('shop/a')], ['1', '1', undefined]);
    await later(11_000);
    assert.deepEqual([at(place('kept')), at(place('gone')), at(place('own', 'identity/x'))], ['1', undefined, '1']);
    await later(300_000);
    assert.equal(at(place('own', 'identity/x')), undefined);
  });

  it('for a moment what is gone: what refers to it may not be acknowledged otherwise yet', async () => {
    const { snapshot, replica, at, later } = setUp();
    const one = replica();
    one.put(place('a'), '1', '1');
    const end = one.tell(snapshot);
    await later(100);
    one.put(place('a'), undefined);
    await later(5000);
    assert.equal(at(place('a')), '1');
    end();
    await later(60_000);
    assert.equal(at(place('a')), '1', 'nobody is heard, so it stays');
    one.tell(snapshot);
    await later(100);
    await later(10_000);
    assert.equal(at(place('a')), undefined);
  });
});

describe('a replica tells a standby', () => {
  it('nothing before it lets proxies in itself', async () => {
    const { snapshot, replica, later } = setUp();
    const one = replica();
    one.serving = false;
    one.put(place('a'), '1', '1');
    one.tell(snapshot);
    await later(5000);
    assert.equal(snapshot.isComplete, false);
    one.serving = true;
    await later(600);
    assert.equal(snapshot.isComplete, true);
  });

  it('the newest state alone when the standby reads again', async () => {
    const { snapshot, replica, at, later } = setUp();
    const one = replica();
    one.put(place('a'), '1', '1');
    one.tell(snapshot);
    await later(100);
    one.reads = false;
    await later(600);
    const before = one.lines.length;
    for (const text of ['2', '3', '4']) {
      one.put(place('a'), text, text);
      await later(60);
    }
    assert.equal(one.lines.length, before);
    one.reads = true;
    one.feed?.resume();
    await later(60);
    assert.deepEqual([one.lines.length, at(place('a'))], [before + 1, '4']);
  });

  it('in several lines where it is much, which is whole with the last', async () => {
    const { snapshot, replica, later } = setUp();
    const one = replica();
    for (let each = 0; each < 5000; each += 1) one.put(place(`r${each}`), '1', '1');
    one.tell(snapshot);
    await later(100);
    const lines = one.lines.filter((line) => line.startsWith('{"kind":"places"'));
    assert.deepEqual(
      lines.map((line) => line.includes('"complete":true')),
      [false, false, true],
    );
    assert.equal([...snapshot.cache.entries('mesh')].length, 5000);
  });

  it('something every half a second when there is nothing to tell', async () => {
    const { snapshot, replica, later } = setUp();
    const one = replica();
    one.tell(snapshot);
    await later(100);
    const before = one.lines.length;
    await later(5000);
    assert.deepEqual(
      one.lines.slice(before),
      Array.from({ length: 10 }, () => '{"kind":"beat","serving":true}'),
    );
  });
});

for (const line of [
  '',
  '[]',
  '{"kind":"shout"}',
  '{"kind":"hello","format":"1"}',
  '{"kind":"places","places":[["mesh","no type","a"]]}',
  `{"kind":"places","places":[["mesh","${typeUrls.route}","a","v",true,7,[]]]}`,
  '{"kind":"pods","pods":[["a",{"uid":1}]]}',
]) {
  it(`${line || 'an empty line'} is refused`, () => {
    assert.throws(() => parseSnapshotMessage(line), MessageError);
  });
}

it('a certificate comes as it was sent', () => {
  const message = { kind: 'certificate', cert: 'a\nb', key: 'c' } as const;
  assert.deepEqual(parseSnapshotMessage(formatSnapshotMessage(message)), message);
});
