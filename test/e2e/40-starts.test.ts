import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { PROXY_CONTAINER } from '../../operator/build/pod-class.ts';
import { NAMESPACE, policies } from '../scenarios/bookstore.ts';
import { ScenarioMesh } from '../scenarios/index.ts';
import { describePods, E2eCluster, type PodObject } from './harness/cluster.ts';
import { ClusterDriver } from './harness/cluster-driver.ts';
import { named, podTemplate, programContainer, programText } from './harness/objects.ts';

const STARTS = 50;
const AT_ONCE = 5;

describe('an application that calls others at once', () => {
  let cluster: E2eCluster;
  let mesh: ScenarioMesh;
  before(async () => {
    cluster = await E2eCluster.open();
    mesh = new ScenarioMesh(new ClusterDriver(cluster));
    // In plain text nobody is answered, so an answer is the proxy's work.
    await mesh.enforce(...(await policies('strict-mtls.yaml')));
  });
  after(async () => {
    await mesh.driver.remove(await policies('strict-mtls.yaml'));
    await cluster.kubectl('delete', 'job', '-n', NAMESPACE, '--ignore-not-found', 'first-connect');
    await cluster[Symbol.asyncDispose]();
  });

  test(`is answered at its first try in ${STARTS} of ${STARTS} starts`, { timeout: 400_000 }, async () => {
    const image = cluster.imageName('bookstore');
    const program = await programText('first-connect');
    const containers = [programContainer({ name: 'first', image, program, env: { TARGET: 'CATALOG' } })];
    const template = podTemplate({
      labels: { app: 'first-connect' },
      serviceAccount: 'shopper',
      containers,
      more: { restartPolicy: 'Never' },
    });
    const spec = { completions: STARTS, parallelism: AT_ONCE, backoffLimit: 0, template };
    await cluster.apply([{ apiVersion: 'batch/v1', kind: 'Job', metadata: named('first-connect'), spec }]);
    let last: readonly PodObject[] = [];
    await cluster.eventually(
      'all pods of the Job have ended',
      390,
      async () => {
        last = await cluster.pods(NAMESPACE, 'app=first-connect');
        const failed = last.find(({ status }) => status.phase === 'Failed');
        assert.equal(failed, undefined, describePods(failed === undefined ? [] : [failed]));
        return last.length === STARTS && last.every(({ status }) => status.phase === 'Succeeded') ? true : undefined;
      },
      () => describePods(last.filter(({ status }) => status.phase !== 'Succeeded')),
    );
    for (const { metadata, status } of last) {
      const proxy = status.initContainerStatuses?.find(({ name }) => name === PROXY_CONTAINER);
      const [first] = status.containerStatuses ?? [];
      const startedAt = proxy?.state.terminated?.startedAt ?? proxy?.state.running?.startedAt ?? '';
      assert.ok((first?.state.terminated?.startedAt ?? '') >= startedAt && startedAt !== '', metadata.name);
    }
    const which = ['-n', NAMESPACE, '-l', 'app=first-connect', '-c', 'first'];
    const text = await cluster.kubectl('logs', ...which, '--tail=-1', '--max-log-requests=100');
    const told = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly status?: number; readonly peer?: string });
    assert.equal(told.length, STARTS);
    for (const outcome of told) {
      assert.deepEqual([outcome.status, outcome.peer], [200, mesh.identityOf('shopper')], JSON.stringify(outcome));
    }
  });
});
