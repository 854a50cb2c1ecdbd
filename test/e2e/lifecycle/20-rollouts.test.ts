import { after, before, describe, test } from 'node:test';
import { E2eCluster } from '../harness/cluster.ts';
import { assertNoneFailed, evict, Load, restart, scale, untilOnly } from '../harness/load.ts';
import { LOAD_NAMESPACE } from '../harness/load-objects.ts';

const RESTARTS = 20;

describe('a backend whose pods come and go, called 200 times a second without a second try', () => {
  let cluster: E2eCluster;
  let load: Load;
  before(async () => {
    cluster = await E2eCluster.open();
    load = await Load.start(cluster);
  });
  after(() => cluster[Symbol.asyncDispose]());

  test(`answers every call while it is restarted ${RESTARTS} times`, { timeout: 900_000 }, async () => {
    const result = await load.during(`${RESTARTS} restarts`, async () => {
      for (let times = 0; times < RESTARTS; times += 1) await restart(cluster, LOAD_NAMESPACE, 'backend');
    });
    assertNoneFailed(result, 5000);
  });

  test('answers every call while it is scaled up and down', { timeout: 240_000 }, async () => {
    const result = await load.during('scaled to 4, 1 and 2', async () => {
      for (const replicas of [4, 1, 2]) await scale(cluster, LOAD_NAMESPACE, 'backend', replicas);
    });
    assertNoneFailed(result);
  });

  test('answers every call while a pod is evicted, and then those of a node that is drained', {
    timeout: 240_000,
  }, async () => {
    await untilOnly(cluster, LOAD_NAMESPACE, 'app=backend', 2);
    const caller = await load.pod();
    const pods = await cluster.pods(LOAD_NAMESPACE, 'app=backend');
    // They are spread over the nodes, and the caller stays where it is.
    const node = pods.find(({ spec }) => spec.nodeName !== caller?.spec.nodeName)?.spec.nodeName ?? 'no other node';
    const result = await load.during('an eviction and a drained node', async () => {
      await evict(cluster, LOAD_NAMESPACE, pods[0]?.metadata.name ?? '');
      await untilOnly(cluster, LOAD_NAMESPACE, 'app=backend', 2);
      try {
        await cluster.kubectl('drain', node, '--pod-selector=app=backend', '--timeout=150s');
        await untilOnly(cluster, LOAD_NAMESPACE, 'app=backend', 2);
      } finally {
        await cluster.kubectl('uncordon', node);
      }
    });
    assertNoneFailed(result);
  });
});
