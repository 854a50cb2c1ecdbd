import {
  type Clock,
  HttpApi,
  type KubernetesObject,
  type ResourceKind,
  sleep,
} from '../../../operator/framework/index.ts';
import { InMemoryApi } from '../../../operator/framework/memory/index.ts';
import { seededRandom } from '../../../operator/framework/testing/index.ts';
import { FakeApiServer } from './fake-api-server.ts';
import { Follower } from './follower.ts';
import { Plan } from './plan.ts';
import { KINDS, Truth } from './truth.ts';
import { TurningClock } from './turning-clock.ts';

/** What one sequence came to. */
export interface Outcome {
  readonly seed: number;
  /** Undefined: in the end the follower had the truth, and what is pushed follows from it. */
  readonly difference: string | undefined;
  /** What was seen on the way that must never be. */
  readonly wrong: readonly string[];
  readonly happened: ReadonlyMap<string, number>;
  readonly lists: number;
  /** Lists that neither the start nor a fault explains. */
  readonly unexplained: number;
}

/** Milliseconds of a turn of the event loop; the time-outs are those of every day. */
const TURN_MS = 500;
const STEPS = 30;
/** One in so many sequences goes on to what is pushed to proxies. */
const PUSHING = 5;
/** One in so many ends with events in the wrong order. */
const SWAPPING = 4;
/** How long it may take to the truth once nothing goes wrong any more. */
const PATIENCE_MS = 1_200_000;
const NO_CREDENTIALS = { headers: {}, tls: {} };

/** Lets an API change behind a server on which things go wrong; what goes wrong, and when, follows from the seed. */
export async function runSequence(seed: number): Promise<Outcome> {
  const random = seededRandom(seed);
  const pushes = seed % PUSHING === 0;
  const clock = new TurningClock(TURN_MS);
  const api = new InMemoryApi({ clock, historySize: 16, bookmarkInterval: 5000 });
  const truth = new Truth(api);
  await truth.begin();
  await using server = await FakeApiServer.start(api, KINDS);
  const connection = { namespace: 'shop', server: server.url, credentials: async () => NO_CREDENTIALS };
  const client = new HttpApi(connection, { clock });
  const follower = new Follower({ api: client, kinds: KINDS, truth, clock, random, pageSize: 2, pushes });
  const plan = new Plan();
  const stop = new AbortController();
  const { ended } = await follower.start(stop.signal);
  try {
    server.disturbance = plan;
    for (let step = 0; step < STEPS; step++) {
      const dice = random();
      if (dice < 0.25) plan.arm(random);
      else if (dice < 0.85) await truth.change(random);
      else if (dice < 0.88) api.compact();
      else await sleep(clock, random() * 10_000);
    }
    await sleep(clock, random() * 20_000);
    plan.disarm();
    if (seed % SWAPPING === 0) {
      // Nothing comes after it that would mend it by chance.
      plan.swap();
      for (let last = 0; last < 4; last++) await truth.change(random);
      await sleep(clock, 10_000);
      plan.disarm();
    }
    const difference = await agreement(follower, api, clock);
    const lists = [...server.lists.values()].reduce((sum, count) => sum + count, 0);
    const unexplained = lists - KINDS.length - plan.fired - server.expired;
    return { seed, difference, wrong: follower.wrong, happened: plan.happened, lists, unexplained };
  } finally {
    stop.abort();
    client.close();
    await ended;
    clock.stop();
  }
}

/** Waits until the follower has the truth; answers what is different if it never has. */
async function agreement(follower: Follower, api: InMemoryApi, clock: Clock): Promise<string | undefined> {
  const truth = new Map<ResourceKind, readonly KubernetesObject[]>();
  for (const kind of KINDS) truth.set(kind, (await api.list(kind)).items);
  const deadline = clock.monotonic() + PATIENCE_MS;
  for (;;) {
    const difference = follower.difference(truth);
    if (difference === undefined || clock.monotonic() > deadline) return difference;
    await sleep(clock, 5000);
  }
}
