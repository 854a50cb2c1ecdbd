import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { meshStanding, type ReplicaView, type Standing, type StandingQuestion } from './standing.ts';

const OBJECT = 'TrafficSplit/shop/reviews';
const NOTHING = { users: [], concerned: [], waitingFor: [], late: [], draining: false };

interface Replica extends Partial<Standing> {
  readonly connected?: readonly string[];
  readonly isLive?: boolean;
  /** It has not spoken of the object. */
  readonly isSilent?: boolean;
}

/** Replicas `r0`, `r1`, … of which all have compiled generation 2 unless they say otherwise. */
function ask(replicas: readonly Replica[], question: Partial<StandingQuestion> = {}) {
  const views = replicas.map(
    ({ connected = [], isLive = true, isSilent = false, ...standing }, index): ReplicaView => ({
      instance: `r${index}`,
      isLive,
      connected: new Set(connected),
      standingOf: () => (isSilent ? undefined : { uid: 'u', generation: 2, ...NOTHING, ...standing }),
    }),
  );
  const found = meshStanding({ object: OBJECT, uid: 'u', generation: 2, waitedFor: new Set(), ...question }, views);
  const names = (set: ReadonlySet<string>): readonly string[] => [...set].sort();
  return {
    ...found,
    users: names(found.users),
    concerned: names(found.concerned),
    waitingFor: names(found.waitingFor),
  };
}

describe('the standings of all replicas', () => {
  it('add up, and a proxy that two of them know is one', () => {
    const found = ask([
      { connected: ['a', 'b'], users: ['a', 'b'], concerned: ['a', 'b'], waitingFor: ['b'] },
      { connected: ['c'], users: ['b', 'c'], concerned: ['c'] },
    ]);
    assert.deepEqual([found.users, found.concerned, found.waitingFor], [['a', 'b', 'c'], ['a', 'b', 'c'], ['b']]);
    assert.deepEqual(found.behind, []);
  });

  it('name a replica that has not compiled the generation, and wait for all that use the one before there', () => {
    const found = ask([
      { connected: ['a'], users: ['a'], concerned: ['a'] },
      { connected: ['b', 'c'], users: ['b'], concerned: ['b'], generation: 1 },
    ]);
    assert.deepEqual([found.waitingFor, found.behind], [['b'], ['r1']]);
  });

  it('do not take an object for another one that had its name and its generation', () => {
    assert.deepEqual(ask([{}, { connected: ['b'], uid: 'before' }]).behind, ['r1']);
  });

  it('wait for a replica with proxies that has not spoken of the object at all, and for none without', () => {
    assert.deepEqual(ask([{}, { connected: ['b'], isSilent: true }]).behind, ['r1']);
    assert.deepEqual(ask([{}, { connected: [], isSilent: true }]).behind, []);
  });

  it('go by the replica that a proxy is connected to, whatever the one that it left says', () => {
    const left = { connected: [], users: ['a'], concerned: ['a'], waitingFor: ['a'] };
    assert.deepEqual(ask([{ connected: ['a'], users: ['a'] }, left]).waitingFor, []);
    assert.deepEqual(ask([{ connected: [] }, left]).waitingFor, ['a']);
  });

  it('go on to wait for a proxy that went over before it had acknowledged', () => {
    const moved = [{ connected: ['a'], users: ['a'], late: ['a'] }, {}];
    assert.deepEqual(ask(moved, { waitedFor: new Set(['a']) }).waitingFor, ['a']);
    assert.deepEqual(ask(moved, { waitedFor: new Set(['a']) }).concerned, ['a']);
  });

  it('do not wait for one that came later, unless nobody knows who was there', () => {
    const later = [{ connected: ['a'], users: ['a'], late: ['a'] }];
    assert.deepEqual(ask(later).waitingFor, []);
    assert.deepEqual(ask(later, { waitedFor: undefined }).waitingFor, ['a']);
  });

  it('no longer wait for a replica that fell silent once its proxies are elsewhere', () => {
    const silent = { isLive: false, users: ['b'], generation: 1 };
    assert.deepEqual(ask([{}, silent]).behind, ['r1']);
    assert.deepEqual(ask([{ connected: ['b'], users: ['b'] }, silent]).behind, []);
  });

  it('drain while one of them does', () => {
    assert.equal(ask([{}, { draining: true }]).draining, true);
  });
});
