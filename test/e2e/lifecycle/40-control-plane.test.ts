import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { PROXY_CONTAINER } from '../../../operator/build/pod-class.ts';
import { describePods, E2eCluster, isReady } from '../harness/cluster.ts';
import { assertNoneFailed, Load, restart, scale, untilOnly } from '../harness/load.ts';
import { LOAD_NAMESPACE } from '../harness/load-objects.ts';
import { measured } from '../harness/measurements.ts';
import { SYSTEM_NAMESPACE } from '../harness/system.ts';

const OPERATOR = 'dot-kube-operator';
const AWAY_MS = 60_000;
/** From the moment when a replica is ready: proxies try again at least every 10 s, and the machine is shared. */
const SOON_SECONDS = 45;

describe('the control plane, which proxies do without', () => {
  let cluster: E2eCluster;
  let load: Load;
  before(async () => {
    cluster = await E2eCluster.open();
    load = await Load.start(cluster);
  });
  after(() => cluster[Symbol.asyncDispose]());

  test('is rolled, and every call is answered, also while pods of the backend come and go', {
    timeout: 240_000,
  }, async () => {
    const result = await load.during('the control plane rolled, and the backend with it', async () => {
      await Promise.all([
        restart(cluster, SYSTEM_NAMESPACE, OPERATOR),
        restart(cluster, LOAD_NAMESPACE, 'backend').then(() => restart(cluster, LOAD_NAMESPACE, 'backend')),
      ]);
    });
    assertNoneFailed(result);
  });

  test('is away for a minute: calls go on, and pods made meanwhile wait, and start when it is back', {
    timeout: 300_000,
  }, async () => {
    await untilOnly(cluster, LOAD_NAMESPACE, 'app=backend', 2);
    let afterSeconds = 0;
    const result = await load.during('no control plane for a minute', async () => {
      await cluster.kubectl('scale', `deployment/${OPERATOR}`, '-n', SYSTEM_NAMESPACE, '--replicas=0');
      await cluster.eventually('no replica is left', 90, async () => {
        const left = await cluster.kubectl('get', 'pods', '-n', SYSTEM_NAMESPACE, '-o', 'name');
        return left.trim() === '' ? true : undefined;
      });
      await cluster.kubectl('rollout', 'restart', 'deployment/backend', '-n', LOAD_NAMESPACE);
      await delay(AWAY_MS);
      const pods = await cluster.pods(LOAD_NAMESPACE, 'app=backend');
      assert.equal(pods.length, 4, describePods(pods));
      assert.equal(pods.filter(isReady).length, 2, describePods(pods));
      for (const pod of pods) {
        assert.ok(
          pod.spec.initContainers?.some(({ name }) => name === PROXY_CONTAINER),
          pod.metadata.name,
        );
      }
      await scale(cluster, SYSTEM_NAMESPACE, OPERATOR, 2);
      const back = performance.now();
      await untilOnly(cluster, LOAD_NAMESPACE, 'app=backend', 2);
      afterSeconds = (performance.now() - back) / 1000;
    });
    process.stdout.write(
      `pods that were made meanwhile were ready, and those before them gone, after ${afterSeconds.toFixed(1)} s\n`,
    );
    await measured({ readyAfterControlPlaneSeconds: Math.round(afterSeconds * 10) / 10 });
    assertNoneFailed(result);
    assert.ok(afterSeconds < SOON_SECONDS, `${afterSeconds} s`);
  });
});
