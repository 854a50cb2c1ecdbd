import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import type { Agent } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { ControlPlaneAddress } from '@dot-kube/proxy/bootstrap';
import { runCommand } from '../../../operator/local/tools/command.ts';
import { freePort } from '../../tools/free-port.ts';
import { scratchDirectory } from '../../tools/scratch-directory.ts';
import {
  Bookstore,
  Forwarder,
  type MeshPod,
  type OperatorProcess,
  type OperatorProcessOptions,
  ROOT,
  standbyFlags,
  startStandby,
} from '../harness/index.ts';

/** A proxy that starts has so long, milliseconds. */
const SOON = 2000;

const timeoutMilliseconds = 60_000;

describe('a proxy that starts while the control plane is away', () => {
  const scope = new AsyncDisposableStack();
  let store: Bookstore;
  let standby: OperatorProcess;
  let operatorOptions: Partial<OperatorProcessOptions>;
  let snapshotPort: number;
  let apiServer: Forwarder;
  let at: ControlPlaneAddress;
  let server: MeshPod;
  let caller: MeshPod;
  let denied: MeshPod;
  let reviews: string;

  before(async () => {
    snapshotPort = await freePort();
    operatorOptions = {
      flags: ['--lease-duration', '3', ...standbyFlags(snapshotPort)],
      xdsAddress: `:${await freePort()}`,
      timeoutMilliseconds,
    };
    store = scope.use(await Bookstore.start(operatorOptions));
    const directory = await scratchDirectory('standby-test');
    scope.defer(() => rm(directory, { recursive: true, force: true }));
    // With the rights that it has in a cluster, and no others.
    const user = 'system:serviceaccount:dot-kube-system:dot-kube-standby';
    const [groups, rights] = [['system:serviceaccounts'], join(ROOT, 'cdk8s/golden/standby.yaml')];
    await store.cluster.kubectl('apply', '--server-side', '-f', rights);
    const kubeconfig = await readFile(await store.cluster.controlPlane.kubeconfigFor(user, groups), 'utf8');
    const api = Number(/server: https:\/\/127\.0\.0\.1:(\d+)/.exec(kubeconfig)?.[1]);
    apiServer = scope.use(await Forwarder.start('127.0.0.1', () => ({ host: '127.0.0.1', port: isApiAway ? 1 : api })));
    const through = join(directory, 'kubeconfig');
    await writeFile(through, kubeconfig.replaceAll(`127.0.0.1:${api}`, `127.0.0.1:${apiServer.address.port}`));
    standby = scope.use(
      await startStandby({
        cluster: store.cluster,
        rootsPem: await store.operator.rootsPem(),
        primaries: [snapshotPort],
        kubeconfig: through,
      }),
    );
    at = { host: store.network.hostAddress, port: standby.xdsPort };
    [server, caller, denied] = (await store.pods(
      { name: 'reviews-v1-0', app: 'reviews', standby: at },
      { name: 'storefront-0', app: 'storefront', standby: at },
      { name: 'ratings-0', app: 'ratings', standby: at },
      { name: 'reviews-v2-0', app: 'reviews', version: 'v2', standby: at },
    )) as [MeshPod, MeshPod, MeshPod];
    await store.applyAll();
    reviews = await store.addressOf('reviews');
    await until(async () => (await status(denied)) === 403, 20_000);
    // Both versions are called, as what nobody called is not in the snapshot.
    for (let calls = 0; calls < 50; calls += 1) assert.equal(await status(caller), 200);
    await delay(1000);
  });
  after(() => scope.disposeAsync());

  let isApiAway = false;

  const status = (pod: MeshPod): Promise<number> =>
    pod.call(reviews, 8080).then(
      (answer) => answer.status,
      () => 0,
    );

  async function kill(): Promise<void> {
    store.operator.process.kill('SIGKILL');
    await store.operator.process.exited;
  }

  async function back(): Promise<void> {
    await store.operator.stop();
    store.operator = await store.replica(operatorOptions);
  }

  /** How long a proxy takes, from its start to the first answer that is as wanted. */
  async function servesAfter(pod: MeshPod, wanted: number, how = {}): Promise<number> {
    const started = performance.now();
    await pod.restartProxy({ until: 'started', ...how });
    await until(async () => (await pod.proxy.isLive()) && (await status(pod)) === wanted, 10_000);
    return performance.now() - started;
  }

  const metric = async (name: string): Promise<number> => {
    const { body } = await standby.health('/metrics');
    return Number(new RegExp(`^dotkube_standby_${name} (.*)$`, 'm').exec(body)?.[1]);
  };

  test('the standby has what proxies acknowledged, and lets nobody in while the control plane answers', async () => {
    assert.equal(await metric('serving'), 0);
    assert.equal(await metric('primaries'), 1);
    assert.ok((await metric('snapshot_resources')) > 20, `${await metric('snapshot_resources')} resources`);
    assert.equal((await standby.health('/readyz')).status, 200);
    await caller.restartProxy({ controlPlanes: [at], until: 'started' });
    await delay(1000);
    assert.equal(await caller.proxy.isLive(), false);
    await caller.restartProxy();
    assert.equal(await status(caller), 200);
  });

  test('serves within two seconds, with its policies, and what was never called fails at once', async (context) => {
    await kill();
    const took = [await servesAfter(caller, 200), await servesAfter(denied, 403)];
    context.diagnostic(`after ${took.map(Math.round).join(' and ')} ms`);
    assert.ok(Math.max(...took) < SOON, `after ${took.join(' and ')} ms`);
    const started = performance.now();
    await server.restartProxy();
    await until(async () => (await status(caller)) === 200, SOON);
    assert.ok(performance.now() - started < SOON, `its own after ${performance.now() - started} ms`);
    assert.equal(await status(denied), 403);
    // Nobody but its own proxy may speak to the application.
    await assert.rejects(plain(server), 'a call without mutual TLS is refused');
    const asked = performance.now();
    const never = await caller.call(await store.addressOf('catalog'), 8080);
    assert.deepEqual([never.status, performance.now() - asked < SOON], [404, true]);
    assert.deepEqual([await metric('serving'), await metric('proxies')], [1, 3]);
  });

  test('goes over to the control plane when that is back, and no request fails', async () => {
    const traffic = startTraffic(caller, reviews);
    await delay(500);
    await back();
    for (const name of ['storefront-0', 'reviews-v1-0', 'ratings-0'])
      await until(() => connectedTo(store.operator, name), 15_000);
    assert.deepEqual([await metric('serving'), await metric('proxies')], [0, 0]);
    await delay(1000);
    const { failed, answered } = await traffic.stop();
    assert.deepEqual([failed, answered > 100], [[], true]);
    assert.equal(await status(denied), 403);
  });

  test('serves within two seconds where what is sent to the control plane vanishes', async (context) => {
    await kill();
    const nowhere = `${store.network.hostAddress.replace(/\.\d+$/, '')}.250`;
    const namespace = `--net=/proc/${caller.application.holderPid}/ns/net`;
    const device = await runCommand('nsenter', [namespace, '--', 'ip', '-o', 'route', 'get', nowhere]);
    const [, link = ''] = / dev (\S+)/.exec(device.stdout) ?? [];
    // Somebody has the address, as far as the pod knows, and nobody takes what is sent there.
    const neighbour = ['neigh', 'replace', nowhere, 'lladdr', '02:00:00:00:00:fe', 'dev', link, 'nud', 'permanent'];
    const { exitCode, tail } = await runCommand('nsenter', [namespace, '--', 'ip', ...neighbour]);
    assert.equal(exitCode, 0, tail);
    const took = await servesAfter(caller, 200, { controlPlanes: [{ host: nowhere, port: 15_010 }] });
    context.diagnostic(`after ${Math.round(took)} ms`);
    assert.ok(took < SOON, `after ${took} ms`);
  });

  test('is served when it is of a new pod of a workload that the control plane knew', async () => {
    const pod = await store.pod({ name: 'storefront-1', app: 'storefront', standby: at });
    await until(async () => (await status(pod)) === 200, SOON);
  });

  test('is served when the API server is away, too, unless the control plane never told of its pod', async () => {
    isApiAway = true;
    apiServer.cut();
    // One that was never reviewed.
    const token = await store.cluster.token({ namespace: 'bookstore', name: 'storefront-0', app: 'storefront' });
    const took = await servesAfter(caller, 200, { token });
    assert.ok(took < SOON, `after ${took} ms`);
    const stranger = { namespace: 'bookstore', name: 'storefront-2', app: 'storefront', ip: '10.0.0.10' };
    await store.cluster.pod(stranger);
    await caller.restartProxy({ token: await store.cluster.token(stranger), until: 'started' });
    await delay(SOON);
    assert.equal(await caller.proxy.isLive(), false);
    isApiAway = false;
  });

  test('refuses everything, and says that it is not ready, when there is no standby', async () => {
    await caller.restartProxy({ until: 'started', standby: 'none' });
    await delay(SOON);
    assert.deepEqual([await caller.proxy.isLive(), await status(caller)], [false, 0]);
  });

  test('refuses everything with a standby that has never heard a control plane, which is not ready', async () => {
    await standby.stop();
    const fresh = scope.use(
      await startStandby({
        cluster: store.cluster,
        rootsPem: await store.operator.rootsPem(),
        primaries: [snapshotPort],
        name: 'standby-1',
        xdsAddress: `:${at.port}`,
        until: 'started',
      }),
    );
    await fresh.logged('health and metrics are served');
    await caller.restartProxy({ until: 'started' });
    await delay(SOON);
    assert.deepEqual([await caller.proxy.isLive(), await status(caller)], [false, 0]);
    assert.equal((await fresh.health('/readyz')).status, 503);
  });
});

/** A call of the application past the caller's proxy, without TLS. */
async function plain(pod: MeshPod): Promise<void> {
  const response = await fetch(`http://${pod.ip}:8080/`, { signal: AbortSignal.timeout(3000) });
  if (response.status === 200) return;
  throw new Error(`it answers ${response.status}`);
}

async function connectedTo(operator: OperatorProcess, pod: string): Promise<boolean> {
  return operator
    .log()
    .some(({ message, ...line }) => message === 'a proxy connected' && line['proxy'] === `bookstore/${pod}`);
}

async function until(holds: () => Promise<boolean>, milliseconds: number): Promise<void> {
  const deadline = performance.now() + milliseconds;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${milliseconds} ms: ${String(holds)}`);
    await delay(10);
  }
}

/** One request after the other, until stopped. */
function startTraffic(caller: MeshPod, host: string) {
  const failed: string[] = [];
  const over = new AbortController();
  const agent: Agent = caller.application.agent({ keepAlive: true });
  let answered = 0;
  const run = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const said = await caller.call(host, 8080, { agent }).then(
        (answer) => answer.status,
        (error: unknown) => String(error),
      );
      if (said === 200) answered += 1;
      else failed.push(`${new Date().toISOString()}: ${said}`);
      await delay(10);
    }
  };
  const running = run();
  const stop = async (): Promise<{ readonly failed: readonly string[]; readonly answered: number }> => {
    over.abort();
    await running;
    agent.destroy();
    return { failed, answered };
  };
  return { stop };
}
