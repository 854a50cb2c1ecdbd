import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiError } from '../api/api-error.ts';
import { InMemoryApi } from '../memory/in-memory-api.ts';
import { createMetricsRegistry } from '../metrics.ts';
import { WIDGET, widget } from '../testing/contract/widget.ts';
import { interceptApi } from '../testing/intercept-api.ts';
import { seededRandom } from '../testing/random.ts';
import { settle, TestClock } from '../testing/test-clock.ts';
import { LeaderElection } from './leader-election.ts';
import { fencedApi, Leadership } from './leadership.ts';
import { LEASE } from './lease.ts';

const REF = { namespace: 'ns', name: 'leader' };

/** A candidate that takes part for as long as it lives, and the switch of its network. */
function candidate(memory: InMemoryApi, clock: TestClock, identity: string, random: () => number = () => 0) {
  const network = { isUp: true, failOften: 0 };
  const metrics = createMetricsRegistry();
  const api = interceptApi(memory, async ({ options }) => {
    if (!network.isUp) {
      await new Promise((_resolve, reject) => {
        options.signal?.addEventListener('abort', () => reject(options.signal?.reason as Error));
        clock.setTimeout(() => reject(new ApiError({ code: 0, reason: 'Timeout', message: 'no network' })), 5000);
      });
    }
    if (random() < network.failOften) throw new ApiError({ code: 500, reason: 'InternalError', message: 'injected' });
  });
  const election = new LeaderElection({ api, lease: REF, identity, clock, metrics, random });
  const life = new AbortController();
  const live = async (): Promise<void> => {
    while (!life.signal.aborted) {
      const leadership = await election.acquire(life.signal);
      if (leadership === undefined) return;
      await election.renew(leadership, life.signal);
      await election.release();
    }
  };
  return { election, network, metrics, life, live, identity, leads: () => election.leadership !== undefined };
}

async function leaseOf(memory: InMemoryApi) {
  return (await memory.get(LEASE, REF)).spec;
}

describe('leader election', () => {
  it('gives the lease to one of two, which keeps it', async () => {
    const clock = new TestClock();
    const memory = new InMemoryApi({ clock });
    const [a, b] = [candidate(memory, clock, 'a'), candidate(memory, clock, 'b')];
    void a.live();
    void b.live();
    await clock.advance(60_000);
    assert.deepEqual([a.leads(), b.leads()], [true, false]);
    assert.equal(b.election.holder, 'a');
    const spec = await leaseOf(memory);
    assert.deepEqual(spec, {
      holderIdentity: 'a',
      leaseDurationSeconds: 15,
      acquireTime: '2026-01-01T00:00:00.000000Z',
      renewTime: '2026-01-01T00:01:00.000000Z',
      leaseTransitions: 0,
    });
    assert.match(await a.metrics.metrics(), /leader_election_master_status\{name="leader"\} 1/);
    assert.match(await b.metrics.metrics(), /leader_election_master_status\{name="leader"\} 0/);
  });

  it('gives it to the next one at once when it is given back', async () => {
    const clock = new TestClock();
    const memory = new InMemoryApi({ clock });
    const [a, b] = [candidate(memory, clock, 'a'), candidate(memory, clock, 'b')];
    void a.live();
    void b.live();
    await clock.advance(10_000);
    a.life.abort();
    await clock.advance(2000);
    assert.deepEqual([a.leads(), b.leads()], [false, true]);
    assert.equal((await leaseOf(memory))?.leaseTransitions, 1);
  });

  it('gives back what a claim took whose answer it did not wait for', async () => {
    const clock = new TestClock();
    const memory = new InMemoryApi({ clock });
    const life = new AbortController();
    const api = {
      ...interceptApi(memory, () => {}),
      create: async (...args: Parameters<InMemoryApi['create']>) => {
        await memory.create(...args);
        life.abort();
        throw new Error('aborted');
      },
    } as unknown as InMemoryApi;
    const election = new LeaderElection({ api, lease: REF, identity: 'a', clock });
    assert.equal(await election.acquire(life.signal), undefined);
    assert.equal((await leaseOf(memory))?.holderIdentity, '');
  });

  it('ends the right of a leader that cannot renew, before anybody else gets it', async () => {
    const clock = new TestClock();
    const memory = new InMemoryApi({ clock });
    const [a, b] = [candidate(memory, clock, 'a'), candidate(memory, clock, 'b')];
    void a.live();
    void b.live();
    await clock.advance(20_000);
    a.network.isUp = false;
    await clock.advance(9_999);
    assert.deepEqual([a.leads(), b.leads()], [true, false]);
    await clock.advance(1);
    assert.deepEqual([a.leads(), b.leads()], [false, false]);
    await clock.advance(4_000);
    assert.deepEqual([a.leads(), b.leads()], [false, false]);
    await clock.advance(4_000);
    assert.deepEqual([a.leads(), b.leads()], [false, true]);
    a.network.isUp = true;
    await clock.advance(60_000);
    assert.deepEqual([a.leads(), b.leads()], [false, true]);
  });

  it('does not let a frozen process go on writing when it wakes up', async () => {
    const clock = new TestClock();
    const leadership = new Leadership(clock, clock.monotonic() + 10_000);
    const memory = new InMemoryApi({ clock });
    const api = fencedApi(memory, () => leadership);
    await api.create(WIDGET, widget('ns', 'before', {}));
    // No timer gets to run while the process is frozen.
    clock.monotonic = () => 10_000;
    await assert.rejects(api.create(WIDGET, widget('ns', 'after', {})), /must not write/);
    assert.equal((await api.list(WIDGET)).items.length, 1, 'reading is allowed');
    leadership.extend(20_000);
    assert.equal(leadership.isValid, false, 'what has ended stays so');
  });

  it('refuses every kind of write without the lease, and aborts those under way when it ends', async () => {
    const clock = new TestClock();
    const memory = new InMemoryApi({ clock });
    const made = await memory.create(WIDGET, widget('ns', 'a', {}));
    const ref = { namespace: 'ns', name: 'a' };
    const none = fencedApi(memory, () => undefined);
    const writes = [
      none.create(WIDGET, widget('ns', 'b', {})),
      none.createSubresource(WIDGET, ref, 'token', made),
      none.replace(WIDGET, made),
      none.apply(WIDGET, made, { fieldManager: 'x' }),
      none.delete(WIDGET, ref),
    ];
    for (const write of writes) await assert.rejects(write, (error) => (error as ApiError).reason === 'NotLeader');

    const leadership = new Leadership(clock, 1000);
    const slow = interceptApi(memory, async ({ options }) => {
      await new Promise((_resolve, reject) => {
        options.signal?.addEventListener('abort', () => reject(options.signal?.reason as Error));
      });
    });
    const write = fencedApi(slow, () => leadership).delete(WIDGET, ref, { signal: new AbortController().signal });
    const refused = assert.rejects(write, /must not write/);
    await clock.advance(1000);
    await refused;
  });

  it('trusts no other clock: a lease counts from when it was seen to change', async () => {
    const clock = new TestClock();
    const memory = new InMemoryApi({ clock });
    memory.seed({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: REF,
      spec: { holderIdentity: 'gone', leaseDurationSeconds: 15, renewTime: '1999-01-01T00:00:00.000000Z' },
    });
    const a = candidate(memory, clock, 'a');
    void a.live();
    await clock.advance(14_000);
    assert.equal(a.leads(), false);
    await clock.advance(4_000);
    assert.equal(a.leads(), true);
  });

  it('refuses times that would let two lead', () => {
    const api = new InMemoryApi();
    const times = { leaseDuration: 10_000, renewDeadline: 10_000, retryPeriod: 2000 };
    assert.throws(() => new LeaderElection({ api, lease: REF, identity: 'a', ...times }), RangeError);
  });

  it('never lets two lead, whatever fails (50 sequences)', async () => {
    let changes = 0;
    for (let seed = 1; seed <= 50; seed++) {
      const random = seededRandom(seed);
      const clock = new TestClock();
      const memory = new InMemoryApi({ clock });
      const all = ['a', 'b', 'c'].map((identity) => candidate(memory, clock, identity, random));
      for (const each of all) void each.live();
      let last = '';
      for (let step = 0; step < 60; step++) {
        await clock.advance(random() * 3000);
        const leaders = all.filter((each) => each.leads()).map((each) => each.identity);
        assert.ok(leaders.length <= 1, `seed ${seed}: ${leaders.join(' and ')} lead`);
        if (leaders[0] !== undefined && leaders[0] !== last) changes++;
        last = leaders[0] ?? last;
        for (const { network } of all) {
          if (random() < 0.15) network.isUp = !network.isUp;
          network.failOften = random() * 0.3;
        }
      }
      for (const { network } of all) [network.isUp, network.failOften] = [true, 0];
      await clock.advance(60_000);
      assert.equal(all.filter((each) => each.leads()).length, 1, `seed ${seed}: somebody leads in the end`);
      for (const { life } of all) life.abort();
      await settle();
    }
    assert.ok(changes > 100, `the lease changed hands ${changes} times only`);
  });
});
