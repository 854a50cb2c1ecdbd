import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { type E2eCluster, isReady, type PodObject } from './cluster.ts';
import { programText } from './objects.ts';
import { LOAD_NAMESPACE, loadObjects } from './load-objects.ts';

/** What came of the calls of one protocol. */
export interface Tally {
  readonly sent: number;
  readonly answered: number;
  readonly failed: number;
  readonly missed: number;
  readonly slowestMs: number;
  /** The first ones. */
  readonly failures: readonly { readonly at: string; readonly afterMs: number; readonly what: string }[];
  /** Answers by the pod that gave them. */
  readonly servers: Readonly<Record<string, number>>;
}

/** What came of the calls since the program began. */
export type Tallies = Readonly<Record<'http1' | 'http2', Tally>>;

/** What came of the calls while something happened. */
export interface LoadResult {
  readonly calls: number;
  readonly failed: number;
  /** For people: how many, at which rate, and the bound that so many calls without a failure give. */
  readonly words: string;
  readonly failures: readonly string[];
}

const CONTROL_PORT = 9900;
/** Longer than a call may take. */
const SETTLE_MS = 20_000;

/** Calls that go on all the time, over HTTP/1.1 and HTTP/2, from a pod of the mesh to a backend of two replicas. */
export class Load {
  readonly cluster: E2eCluster;
  readonly #address: string;

  private constructor(cluster: E2eCluster, address: string) {
    this.cluster = cluster;
    this.#address = address;
  }

  /** Makes the namespace, the backend and who calls it, or takes what is there. */
  static async start(cluster: E2eCluster): Promise<Load> {
    const [served, load] = await Promise.all([programText('served'), programText('load')]);
    const node = await firstNode(cluster);
    const objects = loadObjects({
      image: cluster.imageName('bookstore'),
      served,
      load,
      node,
      controlPort: CONTROL_PORT,
    });
    await cluster.apply(objects.slice(0, 1));
    await cluster.apply(objects.slice(1));
    for (const name of ['backend', 'load']) {
      await cluster.kubectl('rollout', 'status', `deployment/${name}`, '-n', LOAD_NAMESPACE, '--timeout=120s');
    }
    await untilOnly(cluster, LOAD_NAMESPACE, 'app=backend', 2);
    await untilOnly(cluster, LOAD_NAMESPACE, 'app=load', 1);
    const [pod] = await cluster.pods(LOAD_NAMESPACE, 'app=load');
    assert.ok(pod !== undefined);
    const address = await cluster.forward(LOAD_NAMESPACE, pod.metadata.name, CONTROL_PORT);
    const started = new Load(cluster, address);
    await cluster.eventually('calls of both protocols are answered', 60, async () => {
      const { http1, http2 } = await started.tallies();
      return http1.answered > 10 && http2.answered > 10 ? true : undefined;
    });
    return started;
  }

  /** Who calls. */
  async pod(): Promise<PodObject | undefined> {
    return (await this.cluster.pods(LOAD_NAMESPACE, 'app=load')).at(-1);
  }

  async tallies(): Promise<Tallies> {
    const response = await fetch(`http://${this.#address}/`, { signal: AbortSignal.timeout(30_000) });
    return (await response.json()) as Tallies;
  }

  /** Does something while calls go on, and a little longer; answers what came of all calls that were begun in that time. */
  async during(what: string, action: () => Promise<void>): Promise<LoadResult> {
    const before = await this.tallies();
    const started = performance.now();
    await action();
    // What has just happened reaches proxies, and who was asked to end ends.
    await delay(7000);
    const seconds = (performance.now() - started) / 1000;
    const after = await this.#settled();
    const result = resultOf(what, before, after, seconds);
    process.stdout.write(`${result.words}\n`);
    return result;
  }

  /** Once all calls that have begun by now have ended. */
  async #settled(): Promise<Tallies> {
    const { http1, http2 } = await this.tallies();
    const begun = { http1: http1.sent, http2: http2.sent };
    const until = performance.now() + SETTLE_MS;
    for (;;) {
      const now = await this.tallies();
      const done = (['http1', 'http2'] as const).every((name) => now[name].answered + now[name].failed >= begun[name]);
      if (done || performance.now() > until) return now;
      await delay(500);
    }
  }
}

/** Fails with what went wrong, unless every call was answered, and enough of them were made. */
export function assertNoneFailed({ calls, failed, failures, words }: LoadResult, atLeast = 200): void {
  assert.equal(failed, 0, `${words}\n${failures.join('\n')}`);
  assert.ok(calls >= atLeast, `only ${words}`);
}

/** Restarts a Deployment and waits until none but its new pods are wanted. */
export async function restart(cluster: E2eCluster, namespace: string, deployment: string): Promise<void> {
  const which = [`deployment/${deployment}`, '-n', namespace] as const;
  await cluster.kubectl('rollout', 'restart', ...which);
  await cluster.kubectl('rollout', 'status', ...which, '--timeout=180s');
}

/** So many replicas, all ready. */
export async function scale(cluster: E2eCluster, namespace: string, name: string, replicas: number): Promise<void> {
  await cluster.kubectl('scale', `deployment/${name}`, '-n', namespace, `--replicas=${replicas}`);
  await cluster.kubectl('rollout', 'status', `deployment/${name}`, '-n', namespace, '--timeout=180s');
}

/** Asks for a pod to go as `kubectl drain` does; false where a PodDisruptionBudget does not let it go yet. */
export async function evict(cluster: E2eCluster, namespace: string, pod: string): Promise<void> {
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: pod, namespace } };
  const path = `/api/v1/namespaces/${namespace}/pods/${pod}/eviction`;
  await cluster.kubectl.input(JSON.stringify(eviction), 'create', '--raw', path, '-f', '-');
}

/** Waits until pods with these labels are so many, ready, and none is on its way out. */
export async function untilOnly(
  cluster: E2eCluster,
  namespace: string,
  selector: string,
  count: number,
): Promise<void> {
  await cluster.eventually(`${count} pods with ${selector} and no others`, 120, async () => {
    const { items } = await cluster.read<{ items: readonly PodObject[] }>('pods', '-n', namespace, '-l', selector);
    return items.length === count && items.every(isReady) ? true : undefined;
  });
}

function resultOf(what: string, before: Tallies, after: Tallies, seconds: number): LoadResult {
  const parts = (['http1', 'http2'] as const).map((name) => ({
    name,
    calls: after[name].sent - before[name].sent,
    failed: after[name].failed - before[name].failed,
    missed: after[name].missed - before[name].missed,
    slowestMs: after[name].slowestMs,
    failures: after[name].failures.slice(before[name].failures.length),
  }));
  const calls = parts.reduce((sum, part) => sum + part.calls, 0);
  const failed = parts.reduce((sum, part) => sum + part.failed, 0);
  const each = parts.map((part) => `${part.name} ${part.calls}, slowest ${part.slowestMs} ms`).join('; ');
  const bound = failed === 0 ? `, with 95 % confidence fewer than ${((3 / calls) * 100).toPrecision(2)} %` : '';
  const missed = parts.reduce((sum, part) => sum + part.missed, 0);
  return {
    calls,
    failed,
    words:
      `${what}: ${failed} of ${calls} calls failed${bound}; ${Math.round(calls / seconds)} a second for ` +
      `${Math.round(seconds)} s (${each}${missed > 0 ? `; ${missed} were not begun` : ''})`,
    failures: parts.flatMap(({ name, failures }) =>
      failures.map(({ afterMs, at, what: said }) => `${name} ${at} after ${afterMs} ms: ${said.slice(0, 300)}`),
    ),
  };
}

async function firstNode(cluster: E2eCluster): Promise<string> {
  const nodes = (await cluster.kubectl('get', 'nodes', '-o', 'name')).trim().split('\n').toSorted();
  return (nodes[0] ?? '').replace('node/', '');
}
