import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestClock } from '../../framework/testing/index.ts';
import type { MeshController, MeshControllerEvents } from '../mesh/mesh-controller.ts';
import type { ReplicaView, Standing } from './standing.ts';
import { ProgrammingBoard, type Rejection } from './programming-board.ts';

const SPLIT = 'TrafficSplit/shop/reviews';
const ROUTE = 'mesh\nroute\nreviews';
const LISTENER = 'mesh\nlistener\ninbound';

/** Proxies by name, with the revision of every entry that they use. */
function subject(proxies: Record<string, Record<string, number>>) {
  const clock = new TestClock();
  let events: MeshControllerEvents = {};
  let returning = false;
  const rejections: Rejection[] = [];
  const others: ReplicaView[] = [];
  const moves: string[] = [];
  const connected = () => Object.keys(proxies);
  const rolled = (revision: number, entry = ROUTE) => ({
    object: SPLIT,
    uid: 'u1',
    generation: revision,
    entries: [{ key: entry, revision }],
  });
  let last = rolled(1);
  const mesh = {
    subscribe: (given: MeshControllerEvents) => void (events = given),
    objectsOf: () => [SPLIT],
    isBlamed: () => true,
    placeKeysOf: () => [ROUTE],
    rolledOut: () => [last],
  } as unknown as MeshController;
  const board = new ProgrammingBoard({
    source: {
      connected,
      uses: (proxy, entry) => proxies[proxy]?.[entry] !== undefined,
      ackedRevision: (proxy, entry) => proxies[proxy]?.[entry] ?? -1,
      rejections: () => rejections,
      usersOf: (entries) =>
        connected().filter((proxy) => entries.some((entry) => proxies[proxy]?.[entry] !== undefined)),
    },
    others: () => others,
    mesh,
    clock,
    drainMs: 1200,
    isReturning: () => returning,
    isListener: (type) => type === 'listener',
    moved: (_, waits) => void moves.push(waits ? 'waits' : 'settled'),
    gone: () => {},
  });
  return {
    clock,
    board,
    others,
    rejections,
    moves,
    roll: (revision: number, entry = ROUTE) => events.rolled?.((last = rolled(revision, entry))),
    acknowledge: (proxy: string, revision: number, entry = ROUTE) => {
      proxies[proxy] = { [entry]: revision };
      board.acknowledged(proxy, entry, revision);
    },
    setReturning: (value: boolean) => void (returning = value),
    leave: (proxy: string) => {
      delete proxies[proxy];
      board.disconnected(proxy);
    },
    come: (proxy: string, entries: Record<string, number>) => {
      proxies[proxy] = entries;
      board.connected(proxy);
    },
    programming: (generation: number) => board.programmingOf(SPLIT, generation),
  };
}

test('a proxy that leaves and comes back within five seconds is counted all the time', async () => {
  const { clock, roll, leave, come, programming } = subject({ a: { [ROUTE]: 1 }, b: { [ROUTE]: 1 } });
  roll(1);
  assert.deepEqual(programming(1), { kind: 'programmed', total: 2 });
  leave('a');
  await clock.advance(4000);
  assert.deepEqual(programming(1), { kind: 'programmed', total: 2 });
  come('a', { [ROUTE]: 1 });
  await clock.advance(60_000);
  assert.deepEqual(programming(1), { kind: 'programmed', total: 2 });
  leave('a');
  await clock.advance(5000);
  assert.deepEqual(programming(1), { kind: 'programmed', total: 1 });
});

test('a proxy that came a moment before it left is waited for as long as any other', async () => {
  const { clock, roll, leave, come, programming } = subject({});
  come('a', { [ROUTE]: 1 });
  await clock.advance(3000);
  roll(2);
  leave('a');
  await clock.advance(4900);
  assert.equal(programming(2)?.kind, 'waiting');
  await clock.advance(100);
  assert.deepEqual(programming(2), { kind: 'programmed', total: 0 });
});

test('a proxy that was started anew, and does not use it any more, is waited for no longer than five seconds', async () => {
  const { clock, roll, leave, come, programming } = subject({ a: { [ROUTE]: 1 } });
  roll(2);
  leave('a');
  come('a', {});
  await clock.advance(4900);
  assert.equal(programming(2)?.kind, 'waiting');
  await clock.advance(100);
  assert.equal(programming(2)?.kind, 'programmed');
});

test('a changed listener is in force when the connections of the old one are closed', async () => {
  const { clock, roll, acknowledge, programming } = subject({ a: { [LISTENER]: 1 } });
  roll(2, LISTENER);
  acknowledge('a', 2, LISTENER);
  assert.deepEqual(programming(2), { kind: 'waiting', total: 1, waitingFor: [] });
  await clock.advance(1200);
  assert.equal(programming(2)?.kind, 'programmed');
});

test('what is refused names the proxy and its words, and counts those that have taken it', () => {
  const { board, roll, acknowledge, rejections, programming } = subject({
    a: { [ROUTE]: 1 },
    b: { [ROUTE]: 1 },
    c: { [ROUTE]: 1 },
  });
  roll(2);
  acknowledge('a', 2);
  rejections.push({ entry: ROUTE, proxy: 'b', message: 'too large' });
  board.rejectionsChanged();
  assert.partialDeepStrictEqual(programming(2), { kind: 'rejected', total: 3, programmed: 1, rejected: 1 });
  const found = programming(2);
  assert.match(
    found?.kind === 'rejected' ? found.message : '',
    /^DK3001 b refuses what comes of it: too large \(fix: .+\)$/,
  );
  rejections.pop();
  board.rejectionsChanged();
  assert.equal(programming(2)?.kind, 'waiting');
});

/** Another replica, which has one proxy of generation 2. */
function other(proxy: string, standing: Partial<Standing> = {}): ReplicaView {
  const all = {
    uid: 'u1',
    generation: 2,
    users: [proxy],
    concerned: [proxy],
    waitingFor: [],
    late: [],
    draining: false,
  };
  return {
    instance: 'other',
    isLive: true,
    connected: new Set([proxy]),
    standingOf: () => ({ ...all, ...standing }),
  };
}

test('proxies of other replicas count, and are waited for', () => {
  const { roll, others, programming } = subject({ a: { [ROUTE]: 2 } });
  roll(2);
  others.push(other('b', { waitingFor: ['b'] }));
  assert.deepEqual(programming(2), { kind: 'waiting', total: 2, waitingFor: ['b'] });
  others[0] = other('b', { generation: 1 });
  assert.deepEqual(programming(2), { kind: 'waiting', total: 2, waitingFor: ['b'], replicas: ['other'] });
  others[0] = other('b');
  assert.deepEqual(programming(2), { kind: 'programmed', total: 2 });
});

test('a proxy that comes from another replica before it has acknowledged is waited for until it has', () => {
  const { roll, others, come, acknowledge, programming } = subject({ a: { [ROUTE]: 2 } });
  roll(2);
  others.push(other('b', { waitingFor: ['b'] }));
  assert.equal(programming(2)?.kind, 'waiting');
  others[0] = { ...other('b', { waitingFor: ['b'] }), connected: new Set() };
  come('b', { [ROUTE]: 1 });
  assert.deepEqual(programming(2), { kind: 'waiting', total: 2, waitingFor: ['b'] });
  others.pop();
  assert.deepEqual(programming(2), { kind: 'waiting', total: 2, waitingFor: ['b'] });
  acknowledge('b', 2);
  assert.deepEqual(programming(2), { kind: 'programmed', total: 2 });
});

test('a proxy that came later is not waited for because another replica is there', () => {
  const { roll, others, come, programming } = subject({ a: { [ROUTE]: 2 } });
  roll(2);
  others.push(other('b'));
  assert.equal(programming(2)?.kind, 'programmed');
  come('c', { [ROUTE]: 1 });
  assert.deepEqual(programming(2), { kind: 'programmed', total: 3 });
});

test('what this replica tells others is of its own proxies alone', () => {
  const { board, roll, others, come } = subject({ b: { [ROUTE]: 1 }, a: { [ROUTE]: 2 } });
  assert.equal(board.standingOf(SPLIT), undefined);
  roll(2);
  others.push(other('z'));
  come('c', { [ROUTE]: 1 });
  assert.deepEqual(board.standingOf(SPLIT), {
    uid: 'u1',
    generation: 2,
    users: ['a', 'b', 'c'],
    concerned: ['a', 'b'],
    waitingFor: ['b'],
    late: ['c'],
    draining: false,
  });
});

test('after a start, whoever has come back by the end of the wait is concerned', () => {
  const { board, roll, come, setReturning, acknowledge, programming } = subject({});
  setReturning(true);
  roll(2);
  assert.deepEqual(programming(2), { kind: 'returning', total: 0 });
  come('a', { [ROUTE]: 1 });
  setReturning(false);
  board.returned();
  assert.deepEqual(programming(2), { kind: 'waiting', total: 1, waitingFor: ['a'] });
  acknowledge('a', 2);
  assert.equal(programming(2)?.kind, 'programmed');
});

test('that fewer are waited for is told apart from that nobody is', () => {
  const { roll, acknowledge, moves } = subject({ a: { [ROUTE]: 1 }, b: { [ROUTE]: 1 } });
  roll(2);
  acknowledge('a', 2);
  assert.deepEqual(moves, ['waits', 'waits']);
  acknowledge('b', 2);
  assert.deepEqual(moves, ['waits', 'waits', 'settled']);
});

test('what nobody is waited for is settled at once', () => {
  const { roll, moves } = subject({ a: { [ROUTE]: 2 } });
  roll(2);
  assert.deepEqual(moves, ['settled']);
});

test('while connections of a replaced listener are being closed, it is still waited', async () => {
  const { clock, roll, acknowledge, moves } = subject({ a: { [LISTENER]: 1 } });
  roll(2, LISTENER);
  acknowledge('a', 2, LISTENER);
  assert.deepEqual(moves, ['waits', 'waits']);
  await clock.advance(1200);
  assert.deepEqual(moves, ['waits', 'waits', 'settled']);
});

test('a proxy is counted when it was seen to use the entry, still does, and nobody else has a say', () => {
  const { board, others, roll, acknowledge, programming, come } = subject({ a: { [ROUTE]: 1 } });
  const counts = (proxy: string) => board.counts(proxy, ROUTE, SPLIT);
  assert.equal(counts('a'), false, 'nobody has looked yet');
  roll(2);
  programming(2);
  assert.equal(counts('a'), false, 'it is waited for');
  acknowledge('a', 2);
  programming(2);
  assert.equal(counts('a'), true);
  come('b', { [ROUTE]: 2 });
  assert.equal(counts('b'), false, 'it came later');
  others.push({ connected: new Set(), standingOf: () => undefined, isLive: true, instance: 'x' });
  assert.equal(counts('a'), false, 'another replica may hear of it');
  others.pop();
  come('a', {});
  assert.equal(counts('a'), false, 'it asks for it no more');
});

test('once another replica leads, which is not known to this one, no proxy passes for counted', () => {
  const { board, roll, programming } = subject({ a: { [ROUTE]: 2 } });
  roll(2);
  programming(2);
  assert.equal(board.counts('a', ROUTE, SPLIT), true);
  board.unwatched();
  assert.equal(board.counts('a', ROUTE, SPLIT), false);
});
