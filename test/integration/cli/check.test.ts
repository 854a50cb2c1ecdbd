import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { CheckReport } from '../../../operator/cli/check/run-checks.ts';
import { type ControlPlane, startControlPlane } from '../../cluster/control-plane.ts';
import { dotkube } from './dotkube.ts';

describe('dotkube check', () => {
  let cluster: ControlPlane;
  before(async () => {
    cluster = await startControlPlane({ environment: { ...process.env, KUBECONFIG: '' } });
  });
  after(() => cluster?.stop());

  const states = async (kubeconfig = cluster.kubeconfig) => {
    const { exitCode, stderr, stdout } = await dotkube(['check', '--kubeconfig', kubeconfig, '-o', 'json']);
    assert.notEqual(stdout, '', stderr);
    const { checks, passed } = JSON.parse(stdout) as CheckReport;
    assert.equal(exitCode, passed ? 0 : 1);
    return Object.fromEntries(checks.map(({ id, message, state }) => [id, [state, message] as const]));
  };

  it('passes on a cluster that can have dot-kube', async () => {
    const found = await states();
    assert.deepEqual(
      Object.values(found).map(([state]) => state),
      ['ok', 'ok', 'ok', 'ok', 'ok', 'skipped'],
    );
    assert.match(found['injection-means']?.[1] ?? '', /MutatingAdmissionPolicy/);
    assert.match(
      (await dotkube(['check', '--kubeconfig', cluster.kubeconfig])).stdout,
      /passed: 5 ok, 0 warnings, 0 failed/,
    );
  });

  it('says which rights somebody lacks to install', async () => {
    const found = await states(await cluster.kubeconfigFor('nobody'));
    assert.deepEqual(found['permissions']?.[0], 'failed');
    assert.match(found['permissions']?.[1] ?? '', /create customresourcedefinitions\.apiextensions\.k8s\.io/);
  });

  it('says that nobody answers', async () => {
    const { stderr } = await dotkube(['check', '--kubeconfig', '/no/such']);
    assert.match(stderr, /cannot read the kubeconfig/);
  });

  it('finds what is not as it should be after an installation, and that injection works', async () => {
    assert.equal((await dotkube(['install', '--no-wait', '--kubeconfig', cluster.kubeconfig])).exitCode, 0);
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'dot-kube-ca', namespace: 'dot-kube-system' },
    };
    await cluster.kubectl.input(JSON.stringify(secret), 'create', '-f', '-');
    // Policies take effect a moment after they are stored.
    let found = await states();
    for (let times = 0; times < 30 && found['injection-works']?.[0] !== 'ok'; times++) found = await states();
    assert.deepEqual(
      Object.entries(found).flatMap(([id, [state]]) => (state === 'failed' ? [id] : [])),
      ['operator-ready', 'leader', 'root-certificate'],
    );
    assert.equal(found['injection-works']?.[0], 'ok');
    assert.equal(found['kinds-established']?.[0], 'ok');
    assert.deepEqual(found['control-plane-certificate'], ['skipped', 'not known: no replica of the operator runs']);
  });

  it('skips what somebody may not look at', async () => {
    const nobody = await cluster.kubeconfigFor('nobody');
    await cluster.kubectl('create', 'role', 'look', '--verb=get', '--resource=deployments', '-n', 'dot-kube-system');
    await cluster.kubectl('create', 'rolebinding', 'look', '--role=look', '--user=nobody', '-n', 'dot-kube-system');
    const found = await states(nobody);
    assert.equal(found['permissions']?.[0], 'warning');
    for (const id of ['root-certificate', 'injection-works', 'proxies-in-sync', 'leader'])
      assert.equal(found[id]?.[0], 'skipped', id);
  });
});
