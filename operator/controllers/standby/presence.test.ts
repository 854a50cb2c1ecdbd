import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestClock } from '../../framework/testing/index.ts';
import { ENDED_MS, type Heard, LONGEST_RETURN_MS, PresenceKeeper, RETURN_MS, SILENCE_MS } from './presence.ts';

function setUp() {
  const clock = new TestClock();
  const told: string[] = [];
  const heard: { -readonly [K in keyof Heard]: Heard[K] }[] = [];
  const keeper = new PresenceKeeper(clock, () => heard, {
    away: () => told.push('away'),
    answers: () => told.push('answers'),
  });
  /** A replica that says something every half a second, for so long. */
  const speak = async (replica: (typeof heard)[number], milliseconds: number): Promise<void> => {
    for (let passed = 0; passed < milliseconds; passed += 500) {
      Object.assign(replica, { at: clock.monotonic(), open: true });
      keeper.update();
      await clock.advance(Math.min(500, milliseconds - passed));
    }
  };
  const replica = (): (typeof heard)[number] => {
    const one = { at: undefined, serving: true, open: false };
    heard.push(one);
    return one;
  };
  return { clock, told, keeper, speak, replica };
}

/** One that has answered for a while. */
async function answering() {
  const rig = setUp();
  const one = rig.replica();
  await rig.speak(one, 5000);
  rig.told.length = 0;
  return { ...rig, one };
}

describe('the control plane is away', () => {
  it('when nothing is heard of it for a second and a half, and not before', async () => {
    const { clock, keeper } = await answering();
    await clock.advance(SILENCE_MS - 500 - 1);
    assert.equal(keeper.kind, 'answers');
    await clock.advance(1);
    assert.equal(keeper.kind, 'away');
  });

  it('sooner when its stream has ended', async () => {
    const { clock, keeper, one } = await answering();
    one.at = clock.monotonic();
    one.open = false;
    keeper.update();
    await clock.advance(ENDED_MS - 1);
    assert.equal(keeper.kind, 'answers');
    await clock.advance(1);
    assert.equal(keeper.kind, 'away');
  });

  it('when it says that it lets no proxies in', async () => {
    const { keeper, one } = await answering();
    one.serving = false;
    keeper.update();
    assert.equal(keeper.kind, 'away');
  });

  it('not while another replica is heard', async () => {
    const { keeper, replica, speak, told } = await answering();
    await speak(replica(), 10_000);
    assert.deepEqual([keeper.kind, told], ['answers', []]);
  });
});

describe('the control plane is back', () => {
  it('when it has answered for a second without a break', async () => {
    const { clock, keeper, one, speak, told } = await answering();
    await clock.advance(60_000);
    await speak(one, RETURN_MS - 1);
    assert.equal(keeper.kind, 'away');
    await clock.advance(1);
    assert.deepEqual([keeper.kind, told], ['answers', ['away', 'answers']]);
  });

  it('not when it was heard for a moment only', async () => {
    const { clock, keeper, one, speak } = await answering();
    await clock.advance(60_000);
    for (let times = 0; times < 5; times += 1) {
      await speak(one, 600);
      one.open = false;
      keeper.update();
      await clock.advance(1000);
      assert.equal(keeper.kind, 'away');
    }
  });

  it('later and later when it keeps going, up to half a minute', async () => {
    const { clock, keeper, one, speak } = await answering();
    const waits: number[] = [];
    for (let times = 0; times < 7; times += 1) {
      await clock.advance(SILENCE_MS);
      assert.equal(keeper.kind, 'away');
      const since = clock.monotonic();
      while (keeper.kind === 'away') await speak(one, 250);
      waits.push(Math.round((clock.monotonic() - since) / 1000));
    }
    assert.deepEqual(waits.slice(0, 4), [1, 2, 4, 8]);
    assert.ok(Math.max(...waits) <= LONGEST_RETURN_MS / 1000 + 1, waits.join(' '));
  });
});

it('what is closed waits for nothing', async () => {
  const { clock, keeper } = await answering();
  keeper.close();
  assert.equal(clock.pendingTimers, 0);
});
