import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import type { Agent } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type Condition, findCondition } from '../../../operator/framework/index.ts';
import { scratchDirectory } from '../../tools/scratch-directory.ts';
import {
  type Answer,
  Forwarder,
  type MeshObject,
  type MeshPod,
  type OperatorProcess,
  splitOfReviews,
} from '../harness/index.ts';
import { type Pair, startPair } from './pair.ts';
import { type Write, type WritesLog, writesLogIn } from './writes-log.ts';

const NAMESPACE = 'bookstore';

/** How often the leader is killed. */
const KILLS = process.env['DOT_KUBE_FULL'] === undefined ? 4 : 20;

const LEASE_FLAGS = ['--lease-duration', '3'];
const LEASE = 'leases/dot-kube-system/dot-kube-operator';
const SPLIT_STATUS = 'trafficsplits/status/bookstore/reviews';

interface Status {
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
  readonly proxies?: object;
}

describe(`the replica that leads is ended ${KILLS} times`, () => {
  const scope = new AsyncDisposableStack();
  let log: WritesLog;
  let pair: Pair;
  let replicas: [leader: OperatorProcess, other: OperatorProcess];
  /** Connections of the callers: they are looked at once, whether they speak HTTP, and this machine may be slow. */
  const agents = new Map<MeshPod, Agent>();
  /** Where the proxies are sent to, in turn. */
  let serving: readonly number[] = [];
  let callers: readonly MeshPod[];
  let reviews: string;
  let settledAt = 0n;
  let settled: ReadonlyMap<string, unknown>;

  before(async () => {
    const directory = await scratchDirectory('writes');
    scope.defer(() => rm(directory, { recursive: true, force: true }));
    log = await writesLogIn(directory);
    pair = scope.use(await startPair({ flags: LEASE_FLAGS, apiServerArgs: log.apiServerArgs }));
    const { store, first, second } = pair;
    replicas = [first, second];
    serving = replicas.map(({ xdsPort }) => xdsPort);
    let turn = 0;
    const to = () => ({ host: '127.0.0.1', port: serving[turn++ % serving.length] ?? 0 });
    const balancer = scope.use(await Forwarder.start(store.network.hostAddress, to));
    const through = balancer.address;
    reviews = await store.addressOf('reviews');
    [, , ...callers] = await store.pods(
      { name: 'reviews-v1-0', app: 'reviews', through },
      { name: 'reviews-v2-0', app: 'reviews', version: 'v2', through },
      { name: 'storefront-0', app: 'storefront', through },
      { name: 'storefront-1', app: 'storefront', through },
    );
    for (const caller of callers) assert.equal((await caller.call(reviews, 8080)).status, 200);
    await store.applyAll();
    await store.cluster.kubectl(
      '-n',
      NAMESPACE,
      'wait',
      '--for=condition=Programmed',
      '--timeout=20s',
      'mesh',
      '--all',
    );
    await store.cluster.apply(splitOfReviews(0));
    await store.cluster.until(splitOfReviews(0), 'Programmed', 'True');
    settled = await statuses();
    settledAt = (await log.writes()).at(-1)?.revision ?? 0n;
  });
  after(async () => {
    for (const agent of agents.values()) agent.destroy();
    await scope.disposeAsync();
  });

  const versionOf = async (caller: MeshPod): Promise<string> =>
    (await caller.call(reviews, 8080, { agent: agentOf(caller) })).body;

  /** Each holds two connections open. */
  const agentOf = (caller: MeshPod): Agent => {
    const agent = agents.get(caller) ?? caller.application.agent({ keepAlive: true, maxSockets: 2 });
    agents.set(caller, agent);
    return agent;
  };

  /** What all policies say, without what tells generations and times apart. */
  async function statuses(): Promise<ReadonlyMap<string, unknown>> {
    const { kubectl } = pair.store.cluster;
    const { items } = JSON.parse(await kubectl('-n', NAMESPACE, 'get', 'mesh', '-o', 'json')) as {
      readonly items: readonly MeshObject[];
    };
    return new Map(items.map(({ kind, metadata, status }) => [`${kind}/${metadata.name}`, verdictOf(status)]));
  }

  /** Waits until a new configuration is in force in each caller; answers after how many milliseconds. */
  async function changed(version: string): Promise<number> {
    const started = performance.now();
    for (const caller of callers)
      while ((await versionOf(caller)) !== version) {
        if (performance.now() - started > 10_000) throw new Error(`${caller.name} is not told`);
        await delay(20);
      }
    return performance.now() - started;
  }

  test('no request fails, what is changed meanwhile is in force at once, and statuses are right each time', async () => {
    const traffic = startTraffic(callers, (caller) => caller.call(reviews, 8080, { agent: agentOf(caller) }));
    const told: number[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const [leader, other] = replicas;
      const v2 = kill % 2 === 0 ? 100 : 0;
      serving = [other.xdsPort];
      leader.process.kill(kill % 2 === 0 ? 'SIGKILL' : 'SIGTERM');
      await leader.process.exited;
      // Nobody leads, and proxies are told by whoever is there.
      await pair.store.cluster.apply(splitOfReviews(v2));
      told.push(await changed(v2 === 100 ? 'v2' : 'v1'));
      const next = scope.use(await pair.restart(leader));
      serving = [other.xdsPort, next.xdsPort];
      await other.logged('this replica leads');
      const { status } = await pair.store.cluster.until(splitOfReviews(v2), 'Programmed', 'True', 20_000);
      assert.deepEqual(status?.proxies, { total: 2, programmed: 2, rejected: 0 });
      assert.deepEqual(await statuses(), settled, `after ${kill + 1}`);
      await other.logged('another replica of the control plane reports');
      replicas = [other, next];
    }
    const { failed, answered } = await traffic.stop();
    assert.deepEqual(failed, []);
    assert.ok(answered > KILLS * 50, `${answered} requests`);
    assert.ok(Math.max(...told) < 3000, `told after ${told.map(Math.round).join(', ')} ms`);
  });

  test('nobody wrote anything who did not lead at that moment', async () => {
    const writes = await log.writes();
    const takeovers = new Set<string>();
    let holder = '';
    const strays: string[] = [];
    for (const { replica, what, object, revision } of writes) {
      if (what === LEASE) {
        holder = (object.spec as { readonly holderIdentity?: string }).holderIdentity ?? '';
        if (holder !== '') takeovers.add(holder);
      } else if (replica !== holder) strays.push(`${replica} wrote ${what} at ${revision}, when "${holder}" led`);
    }
    assert.deepEqual(strays, []);
    assert.equal(takeovers.size, KILLS + 1);
    assert.ok(writes.filter(({ what }) => what === SPLIT_STATUS).length >= KILLS);
  });

  test('no status that nobody touched ever said anything else', async () => {
    const writes = (await log.writes()).filter(
      ({ revision, what }) => revision > settledAt && what.includes('/status/'),
    );
    const others = writes.filter(({ what }) => what !== SPLIT_STATUS);
    assert.deepEqual(others.map(describeWrite), []);
    const counts = writes.map(({ object }) => (object.status as Status).proxies as { readonly total: number });
    assert.deepEqual([...new Set(counts.map(({ total }) => total))], [2]);
  });
});

function verdictOf(status: Status | undefined): unknown {
  const conditions = (status?.conditions ?? []).map(({ type, status: is, reason }) => `${type} ${is} ${reason}`);
  return { conditions, proxies: status?.proxies };
}

function describeWrite({ what, object }: Write): string {
  const { conditions = [], proxies } = object.status as Status;
  return `${what}: ${JSON.stringify(findCondition(conditions, 'Programmed'))} ${JSON.stringify(proxies)}`;
}

/** Requests one after the other from each pod, until stopped. */
function startTraffic(callers: readonly MeshPod[], call: (caller: MeshPod) => Promise<Answer>) {
  const failed: string[] = [];
  const over = new AbortController();
  let answered = 0;
  const run = async (caller: MeshPod): Promise<void> => {
    while (!over.signal.aborted) {
      const status = await call(caller).then(
        (answer) => answer.status,
        (error: unknown) => String(error),
      );
      if (status === 200) answered += 1;
      else
        failed.push(
          `${caller.name} at ${new Date().toISOString()}: ${status}; its proxy: ${caller.proxy.logs().slice(-1000)}`,
        );
      await delay(10);
    }
  };
  const running = Promise.all(callers.map(run));
  const stop = async (): Promise<{ readonly failed: readonly string[]; readonly answered: number }> => {
    over.abort();
    await running;
    return { failed, answered };
  };
  return { stop };
}
