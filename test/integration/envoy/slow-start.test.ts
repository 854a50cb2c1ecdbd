import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Algorithm, SlowStart } from '@dot-kube/proxy/model';
import {
  binomialBounds,
  endpoint,
  startMesh,
  startServers,
  type ServiceSpec,
  type TestMesh,
  type TestProxy,
  type TestServer,
} from './harness/index.ts';

const WINDOW_MS = 8000;
/** So many calls tell a share of 7 % from one of 25 %. */
const ENOUGH = 120;
const OLD = 3;
const SLOW: SlowStart = { windowMs: WINDOW_MS };

const ALGORITHMS: Readonly<Record<string, Algorithm>> = {
  turns: { kind: 'round-robin', slowStart: SLOW },
  least: { kind: 'least-request', slowStart: SLOW },
  // With t of the window over, t² of the weight: slower at first than in a straight line.
  late: { kind: 'round-robin', slowStart: { windowMs: WINDOW_MS, aggression: 0.5, minWeightPercent: 1 } },
  atonce: { kind: 'round-robin' },
};

/** A call, with the least and the most time that the endpoint can have been there for. */
interface Call {
  readonly isNew: boolean;
  readonly youngestMs: number;
  readonly oldestMs: number;
}

describe('an endpoint that is new', () => {
  const scope = new AsyncDisposableStack();
  let servers: readonly TestServer[] = [];
  const calls = new Map<string, Call[]>();

  before(async () => {
    servers = await startServers(OLD + 1, 'replica');
    for (const server of servers) scope.use(server);
    const mesh: TestMesh = scope.use(await startMesh());
    const withEndpoints = (count: number): readonly ServiceSpec[] =>
      Object.entries(ALGORITHMS).map(([name, algorithm]) => ({
        name,
        endpoints: servers.slice(0, count).map((server) => endpoint(server)),
        cluster: { loadBalancer: { algorithm } },
      }));
    await mesh.service(...withEndpoints(OLD));
    const client = await mesh.proxy({ name: 'client', calls: Object.keys(ALGORITHMS) });
    // The endpoints that are there before are new too, for as long as the first window lasts.
    await during(client, performance.now() + WINDOW_MS + 250);
    const earliest = performance.now();
    await mesh.service(...withEndpoints(OLD + 1));
    const latest = performance.now();
    const sampled = await during(client, latest + WINDOW_MS + 2000);
    for (const [name, made] of sampled) {
      calls.set(
        name,
        made.map(({ server, sent, answered }) => ({
          isNew: server === servers[OLD]?.name,
          youngestMs: sent - latest,
          oldestMs: answered - earliest,
        })),
      );
    }
  });
  after(() => scope.disposeAsync());

  /** Asserts that of the calls between two ages of the endpoint, it had a share that its weights at those ages allow. */
  function assertShareBetween(name: string, from: number, to: number, weights: readonly [number, number]): number {
    const made = (calls.get(name) ?? []).filter(
      ({ youngestMs, oldestMs }) => youngestMs >= from * WINDOW_MS && oldestMs <= to * WINDOW_MS,
    );
    const [low, high] = weights.map((weight) => weight / (weight + OLD));
    const count = made.filter(({ isNew }) => isNew).length;
    const { least } = binomialBounds(made.length, low ?? 0);
    const { most } = binomialBounds(made.length, high ?? 1);
    assert.ok(made.length >= ENOUGH, `${name}: only ${made.length} calls`);
    assert.ok(count >= least && count <= most, `${name}: ${count} of ${made.length}, not ${least} to ${most}`);
    return count / made.length;
  }

  for (const name of ['turns', 'least']) {
    test(`gets little of the traffic at first, and its full share when the window is over (${name})`, () => {
      const first = assertShareBetween(name, -1, 0.25, [0.1, 0.25]);
      const middle = assertShareBetween(name, 0.4, 0.6, [0.4, 0.6]);
      const last = assertShareBetween(name, 0.75, 1, [0.75, 1]);
      assertShareBetween(name, 1, 2, [1, 1]);
      assert.ok(first < middle && middle < last, `${first}, ${middle}, ${last}`);
    });
  }

  test('grows later with an aggression below 1', () => {
    assertShareBetween('late', -1, 0.25, [0.01, 0.0625]);
    assertShareBetween('late', 0.4, 0.6, [0.16, 0.36]);
    assertShareBetween('late', 1, 2, [1, 1]);
  });

  test('gets its full share at once without slow start', () => {
    assertShareBetween('atonce', 0, 0.25, [1, 1]);
  });
});

/** Calls all Services, one call at a time of each, since least requests would count those under way, until the time has come. */
async function during(client: TestProxy, end: number) {
  const made = await Promise.all(
    Object.keys(ALGORITHMS).map(async (name) => {
      const found: { readonly server: string; readonly sent: number; readonly answered: number }[] = [];
      while (performance.now() < end) {
        const sent = performance.now();
        const { server } = await client.call(name);
        found.push({ server, sent, answered: performance.now() });
      }
      return [name, found] as const;
    }),
  );
  return new Map(made);
}
