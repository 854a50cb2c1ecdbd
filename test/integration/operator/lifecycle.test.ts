import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { LEASE } from '../../../operator/framework/index.ts';
import { scratchDirectory } from '../../tools/scratch-directory.ts';
import { MeshCluster, startOperator, startProxy, SYSTEM_NAMESPACE } from '../harness/index.ts';

const POD = { namespace: 'default', name: 'web-0', app: 'web', ip: '10.244.0.7' };

describe('the operator as a process', () => {
  const scope = new AsyncDisposableStack();
  let cluster: MeshCluster;

  before(async () => {
    cluster = scope.use(await MeshCluster.start({ crds: false }));
  });
  after(() => scope.disposeAsync());

  test('waits for the CRDs, says so, is not ready meanwhile, and is soon after they are applied', async () => {
    await using operator = await startOperator({ kubeconfig: cluster.kubeconfig, until: 'started' });
    const line = await operator.logged(
      'the server does not know the kind: its CustomResourceDefinition has to be installed',
    );
    assert.match(String(line['kind']), /\.mesh\.dot-kube\.io$/);
    const ready = await operator.health('/readyz');
    assert.equal(ready.status, 503);
    assert.match(ready.body, /\[-\] informer\/trafficsplits\.mesh\.dot-kube\.io failed/);
    assert.match(ready.body, /\[\+\] informer\/services ok/);
    assert.equal((await operator.health('/livez')).status, 200);
    await cluster.applyCrds();
    await operator.logged('xDS is served', 5000);
    assert.equal((await operator.health('/readyz')).status, 200);
  });

  test('ends at SIGTERM with 0, its streams and its Lease given back, and says nothing of errors', async () => {
    await cluster.pod(POD);
    const lease = async () =>
      (await cluster.api.get(LEASE, { namespace: SYSTEM_NAMESPACE, name: 'dot-kube-operator' })).spec;
    await using operator = await startOperator({ kubeconfig: cluster.kubeconfig });
    await operator.logged('this replica leads');
    await using proxy = await startProxy({
      operatorPort: operator.xdsPort,
      rootsPem: await operator.rootsPem(),
      token: await cluster.token(POD),
      proxyId: 'web-0.default',
    });
    assert.notEqual((await lease())?.holderIdentity, '');
    const started = performance.now();
    operator.process.kill('SIGTERM');
    assert.deepEqual(await operator.process.exited, { exitCode: 0, signal: null });
    assert.ok(performance.now() - started < 3000, 'at once');
    assert.equal((await lease())?.holderIdentity, '');
    assert.deepEqual(
      operator.log().filter(({ level }) => level !== 'info'),
      [],
    );
    // A running proxy outlives the control plane.
    assert.equal(await proxy.isLive(), true);
  });

  test('says what is wrong with its command line or its kubeconfig, and ends with 2', async () => {
    const ended = async (kubeconfig: string, ...flags: readonly string[]) => {
      await using operator = await startOperator({ kubeconfig, flags, until: 'started' });
      return { ...(await operator.process.exited), said: operator.text() };
    };
    const flag = await ended(cluster.kubeconfig, '--log-level', 'loud');
    assert.deepEqual(
      [flag.exitCode, flag.said],
      [2, 'dot-kube-operator: --log-level is one of debug, info, warn, error, not loud\n'],
    );
    const file = await ended('/nonexistent/config');
    assert.equal(file.exitCode, 2);
    assert.match(file.said, /^dot-kube-operator: cannot read the kubeconfig \/nonexistent\/config: ENOENT/);
  });

  test('ends with 1 and the reason when a port that it needs is taken', async () => {
    await using first = await startOperator({ kubeconfig: cluster.kubeconfig });
    const xdsAddress = `:${first.xdsPort}`;
    await using second = await startOperator({ kubeconfig: cluster.kubeconfig, xdsAddress, until: 'started' });
    assert.equal((await second.process.exited).exitCode, 1);
    assert.match(second.text(), /"the operator ended"/);
    assert.match(second.text(), new RegExp(`EADDRINUSE.*:${first.xdsPort}`));
  });

  test('waits for an API server that cannot be reached, says so, and ends at SIGTERM with 0', async () => {
    const kubeconfig = join(await scratchDirectory('unreachable'), 'kubeconfig');
    const context = { name: 'x', context: { cluster: 'x', user: 'x' } };
    const clusters = [{ name: 'x', cluster: { server: 'https://127.0.0.1:1' } }];
    const config = { 'current-context': 'x', contexts: [context], clusters, users: [{ name: 'x', user: {} }] };
    await writeFile(kubeconfig, JSON.stringify(config));
    await using operator = await startOperator({ kubeconfig, until: 'started' });
    const line = await operator.logged('the API server cannot be reached and is tried again');
    assert.equal(line['error'], 'cannot reach https://127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1');
    operator.process.kill('SIGTERM');
    assert.deepEqual(await operator.process.exited, { exitCode: 0, signal: null });
  });
});
