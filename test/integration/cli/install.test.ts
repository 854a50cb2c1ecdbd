import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { outputFiles } from '../../../cdk8s/output/files.ts';
import type { SystemManifests } from '../../../cdk8s/system/index.ts';
import { loadCharts } from '../../../operator/cli/install/charts.ts';
import type { InstallReport } from '../../../operator/cli/install/run-install.ts';
import { type ControlPlane, startControlPlane } from '../../cluster/control-plane.ts';
import { dotkube } from './dotkube.ts';

const DEPLOYMENT = ['deployment', 'dot-kube-operator', '-n', 'dot-kube-system'];

describe('dotkube install', () => {
  let cluster: ControlPlane;
  before(async () => {
    cluster = await startControlPlane({ environment: { ...process.env, KUBECONFIG: '' } });
  });
  after(() => cluster?.stop());

  const install = (...words: readonly string[]) => dotkube(['install', '--kubeconfig', cluster.kubeconfig, ...words]);
  const report = async (...words: readonly string[]): Promise<InstallReport> => {
    const { exitCode, stderr, stdout } = await install('-o', 'json', ...words);
    assert.equal(exitCode, 0, stderr);
    return JSON.parse(stdout) as InstallReport;
  };
  const changed = ({ changes }: InstallReport, wanted: string): readonly string[] =>
    changes.filter(({ change }) => change === wanted).map(({ object }) => object);
  /** As the controllers would do that do not run here. */
  const runOperator = async (): Promise<void> => {
    const { metadata, spec } = JSON.parse(await cluster.kubectl('get', ...DEPLOYMENT, '-o', 'json')) as {
      metadata: { generation: number };
      spec: { replicas: number };
    };
    const counts = { replicas: spec.replicas, updatedReplicas: spec.replicas, readyReplicas: spec.replicas };
    const status = { observedGeneration: metadata.generation, ...counts, availableReplicas: spec.replicas };
    await cluster.kubectl(
      'patch',
      ...DEPLOYMENT,
      '--subresource=status',
      '--type=merge',
      '-p',
      JSON.stringify({ status }),
    );
  };

  it('prints without a cluster what npm run synth writes', async () => {
    const { exitCode, stdout } = await dotkube(['install', '-o', 'yaml']);
    assert.equal(exitCode, 0);
    assert.equal(stdout, outputFiles().get('install.yaml'));
    assert.ok((await dotkube(['install', '-o', 'yaml', '--set', 'replicas=7'])).stdout.includes('replicas: 7'));
  });

  it('has charts that fit what it asks of them', async () => {
    const objects: SystemManifests = (await loadCharts()).systemManifests({}) as SystemManifests;
    assert.ok(objects.crds.length >= 3);
  });

  it('says of values what is wrong before it asks any cluster', async () => {
    const { exitCode, stderr } = await install('--set', 'replicass=3');
    assert.equal(exitCode, 2);
    assert.match(stderr, /there is no value replicass/);
    const missing = await install('-f', 'no-such-file.yaml');
    assert.deepEqual([missing.exitCode, /there is no file no-such-file\.yaml/.test(missing.stderr)], [2, true]);
  });

  it('changes nothing with --dry-run', async () => {
    const { changes, dryRun } = await report('--dry-run');
    assert.ok(dryRun && changes.length > 10 && changes.every(({ change }) => change === 'created'));
    assert.equal(await cluster.kubectl('get', 'crd', '-o', 'name'), '');
  });

  it('waits until the operator runs, and says what it waits for when it does not in time', async () => {
    assert.ok(changed(await report('--no-wait'), 'created').length > 10);
    const { exitCode, stderr } = await install('--timeout', '1s');
    assert.equal(exitCode, 1);
    assert.match(stderr, /not ready in time:\n {2}Deployment dot-kube-system\/dot-kube-operator: not yet looked at/);
    const later = delay(300).then(runOperator);
    const done = await report('--timeout', '60s');
    await later;
    assert.ok(done.ready && done.move === 'same');
  });

  it('changes nothing when it is done twice, and is then what kubectl would apply', async () => {
    const again = await report('--timeout', '20s');
    assert.deepEqual(changed(again, 'unchanged').length, again.changes.length);
    const file = join(dirname(cluster.kubeconfig), 'install.yaml');
    await writeFile(file, (await dotkube(['install', '-o', 'yaml'])).stdout);
    assert.equal(await cluster.kubectl('diff', '--server-side', '--field-manager=dotkube-install', '-f', file), '');
  });

  it('tells of each field that would change', async () => {
    const { stdout } = await install('--dry-run', '--set', 'replicas=3');
    assert.match(stdout, /Deployment dot-kube-system\/dot-kube-operator would be changed\n {4}spec\.replicas: 2 → 3\n/);
    assert.match(stdout, /0 created, 1 changed, \d+ unchanged, 0 deleted: nothing was done/);
  });

  it('removes what it applied and has no more, and nothing of others', async () => {
    await report('--no-wait', '--set', 'podDisruptionBudget.enabled=true');
    const foreign = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'mine', namespace: 'dot-kube-system', labels: { 'app.kubernetes.io/part-of': 'dot-kube' } },
    };
    await cluster.kubectl.input(JSON.stringify(foreign), 'apply', '-f', '-');
    const without = ['--no-wait', '--set', 'podDisruptionBudget.enabled=false'];
    assert.deepEqual(changed(await report('--dry-run', ...without), 'deleted'), [
      'PodDisruptionBudget dot-kube-system/dot-kube-operator',
    ]);
    assert.equal(changed(await report(...without), 'deleted').length, 1);
    assert.match(
      await cluster.kubectl('get', 'pdb,configmap', '-n', 'dot-kube-system', '-o', 'name'),
      /^configmap\/mine\s*$/,
    );
    assert.deepEqual(changed(await report('--no-wait'), 'created'), [
      'PodDisruptionBudget dot-kube-system/dot-kube-operator',
    ]);
  });

  it('takes no field from somebody else unasked, and writes nothing then', async () => {
    const mine = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'dot-kube-operator', namespace: 'dot-kube-system' },
      spec: { replicas: 5 },
    };
    await cluster.kubectl.input(
      JSON.stringify(mine),
      'apply',
      '--server-side',
      '--force-conflicts',
      '--field-manager=me',
      '-f',
      '-',
    );
    const { exitCode, stderr } = await install('--no-wait', '--set', 'commonLabels.team=a');
    assert.equal(exitCode, 1);
    assert.match(stderr, /Deployment dot-kube-system\/dot-kube-operator: .*conflict with "me".*\.spec\.replicas/s);
    assert.match(stderr, /--force-conflicts takes them over/);
    assert.match(stderr, /nothing was changed/);
    assert.doesNotMatch(await cluster.kubectl('get', 'namespace', 'dot-kube-system', '-o', 'yaml'), /team: a/);
    assert.deepEqual(changed(await report('--no-wait', '--force-conflicts'), 'changed').length, 1);
  });

  it('does not go back to an older version unasked', async () => {
    await cluster.kubectl('label', '--overwrite', ...DEPLOYMENT, 'app.kubernetes.io/version=99.0.0');
    const { exitCode, stderr } = await install('--no-wait');
    assert.equal(exitCode, 1);
    assert.match(stderr, /dot-kube 99\.0\.0 is installed, and this dotkube is of .*--roll-back/);
    const back = await report('--no-wait', '--roll-back', '--force-conflicts');
    assert.deepEqual([back.move, back.from], ['roll-back', '99.0.0']);
  });

  it('leaves alone what somebody else keeps', async () => {
    await cluster.kubectl('annotate', ...DEPLOYMENT, 'argocd.argoproj.io/tracking-id=mesh');
    assert.match((await install('--no-wait')).stderr, /Argo CD keeps this installation/);
    assert.equal((await install('--no-wait', '--force')).exitCode, 0);
    await cluster.kubectl('annotate', ...DEPLOYMENT, 'argocd.argoproj.io/tracking-id-');
  });

  it('says which right is missing, and which cluster does not answer', async () => {
    const nobody = await cluster.kubeconfigFor('nobody');
    const { exitCode, stderr } = await dotkube(['install', '--kubeconfig', nobody]);
    assert.equal(exitCode, 1);
    assert.match(stderr, /cannot get resource "deployments".*\n {2}ask for that right/);
    const dead = join(dirname(cluster.kubeconfig), 'dead.kubeconfig');
    await writeFile(
      dead,
      'apiVersion: v1\nkind: Config\ncurrent-context: x\ncontexts: [{name: x, context: {cluster: x}}]\nclusters: [{name: x, cluster: {server: "https://127.0.0.1:1"}}]\n',
    );
    assert.match(
      (await dotkube(['install', '--kubeconfig', dead])).stderr,
      /cannot reach https:\/\/127\.0\.0\.1:1: .*\n {2}is the cluster up/,
    );
    assert.match(
      (await dotkube(['install', '--kubeconfig', '/no/such'])).stderr,
      /cannot read the kubeconfig .*\n {2}name one/,
    );
  });
});
