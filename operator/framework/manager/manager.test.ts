import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InMemoryApi } from '../memory/in-memory-api.ts';
import { interceptApi } from '../testing/intercept-api.ts';
import { settle, TestClock } from '../testing/test-clock.ts';
import { LeaderElection } from './leader-election.ts';
import { LEASE } from './lease.ts';
import { Manager } from './manager.ts';
import type { Runnable, Stage } from './runnable.ts';
import { aborted } from './stage-group.ts';

const REF = { namespace: 'ns', name: 'leader' };

/** A runnable that writes down when it starts and stops. */
function runnable(log: string[], stage: Stage, more: Partial<Runnable> = {}): Runnable {
  return {
    name: stage,
    stage,
    run: async (signal) => {
      log.push(`+${stage}`);
      await aborted(signal);
      await settle();
      log.push(`-${stage}`);
    },
    ...more,
  };
}

describe('a manager', () => {
  it('starts the stages in their order, each when the one before is ready, and stops them in the reverse', async () => {
    const log: string[] = [];
    const synced = Promise.withResolvers<void>();
    const manager = new Manager({ clock: new TestClock() });
    manager.add(
      runnable(log, 'leader'),
      runnable(log, 'worker'),
      runnable(log, 'cache', { started: () => synced.promise }),
      runnable(log, 'server'),
    );
    const stop = new AbortController();
    const running = manager.run(stop.signal);
    await settle();
    assert.deepEqual([log, manager.isReady], [['+server', '+cache'], false]);
    synced.resolve();
    await settle();
    assert.deepEqual(log, ['+server', '+cache', '+worker', '+leader']);
    assert.deepEqual([manager.isReady, manager.isLeading], [true, true]);
    stop.abort();
    assert.equal(manager.isReady, true);
    await running;
    assert.deepEqual(log.slice(4), ['-leader', '-worker', '-cache', '-server']);
    assert.deepEqual([manager.isReady, manager.isLeading], [false, false]);
  });

  it('stops while it still waits for a cache', async () => {
    const log: string[] = [];
    const manager = new Manager({ clock: new TestClock() });
    manager.add(runnable(log, 'cache', { started: () => new Promise(() => {}) }), runnable(log, 'worker'));
    const stop = new AbortController();
    const running = manager.run(stop.signal);
    await settle();
    stop.abort();
    await running;
    assert.deepEqual(log, ['+cache', '-cache']);
  });

  it('stops everything when one of its parts fails or ends, and says which', async () => {
    const failures: [Partial<Runnable>, RegExp][] = [
      [{ run: () => Promise.reject(new Error('port in use')) }, /worker failed/],
      [{ run: () => Promise.resolve() }, /worker ended by itself/],
    ];
    for (const [more, message] of failures) {
      const log: string[] = [];
      const manager = new Manager({ clock: new TestClock() });
      manager.add(runnable(log, 'server'), runnable(log, 'worker', more));
      await assert.rejects(manager.run(new AbortController().signal), message);
      assert.deepEqual(log, ['+server', '-server']);
    }
  });

  it('does not wait for ever for what does not stop', async () => {
    const clock = new TestClock();
    const log: string[] = [];
    const manager = new Manager({ clock, stopTimeout: 5000 });
    manager.add(
      runnable(log, 'server'),
      runnable(log, 'worker', { name: 'stubborn', run: () => new Promise(() => {}) }),
    );
    const stop = new AbortController();
    const running = manager.run(stop.signal);
    await settle();
    stop.abort();
    const failed = assert.rejects(running, /did not stop in time: stubborn/);
    await clock.advance(5000);
    await failed;
    assert.deepEqual(log, ['+server', '-server']);
  });

  it('runs the last stage only while it leads, again after it has lost the lease, and gives that back in the end', async () => {
    const clock = new TestClock();
    const memory = new InMemoryApi({ clock });
    let isCut = false;
    const api = interceptApi(memory, () => {
      if (isCut) throw new Error('no network');
    });
    const log: string[] = [];
    const election = new LeaderElection({ api, lease: REF, identity: 'a', clock, random: () => 0 });
    const manager = new Manager({ clock, election });
    manager.add(runnable(log, 'worker'), runnable(log, 'leader'));
    const stop = new AbortController();
    const running = manager.run(stop.signal);
    await clock.advance(5000);
    assert.deepEqual([log, manager.isLeading], [['+worker', '+leader'], true]);
    isCut = true;
    await clock.advance(12_000);
    assert.deepEqual([log, manager.isLeading, manager.isReady], [['+worker', '+leader', '-leader'], false, true]);
    isCut = false;
    await clock.advance(20_000);
    assert.deepEqual([log.slice(3), manager.isLeading], [['+leader'], true]);
    stop.abort();
    await clock.advance(1000);
    await running;
    assert.deepEqual(log.slice(4), ['-leader', '-worker']);
    assert.equal((await memory.get(LEASE, REF)).spec?.holderIdentity, '');
  });

  it('keeps the lease until the last stage has stopped', async () => {
    const clock = new TestClock();
    const api = new InMemoryApi({ clock });
    const election = new LeaderElection({ api, lease: REF, identity: 'a', clock, random: () => 0 });
    const finish = Promise.withResolvers<void>();
    const manager = new Manager({ clock, election, stopTimeout: 60_000 });
    manager.add(runnable([], 'leader', { run: () => finish.promise }));
    const stop = new AbortController();
    const running = manager.run(stop.signal);
    await clock.advance(1000);
    stop.abort();
    await clock.advance(30_000);
    assert.equal((await api.get(LEASE, REF)).spec?.holderIdentity, 'a');
    assert.notEqual(election.leadership, undefined, 'it was renewed meanwhile');
    finish.resolve();
    await clock.advance(0);
    await running;
    assert.equal((await api.get(LEASE, REF)).spec?.holderIdentity, '');
  });

  it('refuses to be run twice or to be added to late', async () => {
    const manager = new Manager({ clock: new TestClock() });
    await manager.run(AbortSignal.abort());
    await assert.rejects(manager.run(AbortSignal.abort()), /runs once/);
    assert.throws(() => manager.add(runnable([], 'worker')), /before the manager runs/);
  });
});
