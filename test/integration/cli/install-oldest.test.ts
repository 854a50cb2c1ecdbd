import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { InstallReport } from '../../../operator/cli/install/run-install.ts';
import { type ControlPlane, startControlPlane } from '../../cluster/control-plane.ts';
import { dotkube } from './dotkube.ts';

const WEBHOOK = 'MutatingWebhookConfiguration dot-kube-injection';

describe('dotkube install on the oldest Kubernetes, which serves no policies that change pods', () => {
  let cluster: ControlPlane;
  before(async () => {
    cluster = await startControlPlane({ release: 'oldest', environment: { ...process.env, KUBECONFIG: '' } });
  });
  after(() => cluster?.stop());

  const install = async (...words: readonly string[]): Promise<InstallReport> => {
    const all = ['install', '--kubeconfig', cluster.kubeconfig, '-o', 'json', ...words];
    const { exitCode, stderr, stdout } = await dotkube(all);
    assert.equal(exitCode, 0, stderr);
    return JSON.parse(stdout) as InstallReport;
  };
  const objectsOf = ({ changes }: InstallReport, wanted: string): readonly string[] =>
    changes
      .filter(({ change, object }) => change === wanted && /Admission|Webhook/.test(object))
      .map(({ object }) => object);

  it('shows with --dry-run that injection is by a webhook', async () => {
    const report = await install('--dry-run');
    assert.deepEqual(objectsOf(report, 'created'), [WEBHOOK]);
    assert.equal(await cluster.kubectl('get', 'crd,mutatingwebhookconfigurations', '-o', 'name'), '');
  });

  it('injects by nothing where that is asked for', async () => {
    assert.deepEqual(objectsOf(await install('--dry-run', '--set', 'injection.by=None'), 'created'), []);
  });

  it('writes all of it, the kinds with their rules included, and nothing the second time', async () => {
    assert.deepEqual(objectsOf(await install('--no-wait'), 'created'), [WEBHOOK]);
    const flags = ['deployment', 'dot-kube-operator', '-n', 'dot-kube-system', '-o', 'jsonpath={..args}'];
    assert.match(await cluster.kubectl('get', ...flags), /--injection=webhook/);
    await cluster.kubectl('wait', '--for=condition=Established', '--timeout=30s', 'crd', '--all');
    const again = await install('--no-wait');
    assert.ok(again.changes.length > 10);
    assert.deepEqual(
      again.changes.filter(({ change }) => change !== 'unchanged'),
      [],
    );
  });
});
