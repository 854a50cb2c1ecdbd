import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { runCommand } from '../../operator/local/tools/command.ts';
import { CATALOG, NAMESPACE, servedBy } from '../scenarios/bookstore.ts';
import { ScenarioMesh } from '../scenarios/index.ts';
import { E2eCluster, ROOT } from './harness/cluster.ts';
import { ClusterDriver } from './harness/cluster-driver.ts';
import { measured, measurements } from './harness/measurements.ts';
import { deployStore } from './harness/store.ts';

const OURS = 'app.kubernetes.io/part-of=dot-kube';
const KINDS = [
  'namespaces',
  'customresourcedefinitions',
  'clusterroles',
  'clusterrolebindings',
  'mutatingadmissionpolicies',
  'mutatingadmissionpolicybindings',
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
];

describe('dotkube', () => {
  let cluster: E2eCluster;
  before(async () => {
    cluster = await E2eCluster.open();
  });
  after(() => cluster[Symbol.asyncDispose]());

  /** Runs the CLI; throws with what it said when it does not end with 0. */
  const dotkube = async (...args: readonly string[]): Promise<string> => {
    const lines: string[] = [];
    const command = [join(ROOT, 'operator/cli/main.ts'), ...args, '--kubeconfig', cluster.cluster.kubeconfig];
    const { exitCode } = await runCommand(process.execPath, command, {
      cwd: ROOT,
      onLine: (line) => lines.push(line),
    });
    assert.equal(exitCode, 0, `dotkube ${args.join(' ')} ended with ${exitCode}:\n${lines.join('\n')}`);
    return lines.join('\n');
  };

  test('uninstall leaves nothing of the system', { timeout: 240_000 }, async () => {
    await cluster.kubectl('delete', 'namespace', NAMESPACE, '--ignore-not-found', '--timeout=150s');
    await dotkube('uninstall', '--crds');
    let left = '';
    await cluster.eventually(
      'nothing is left',
      60,
      async () => {
        left = await cluster.kubectl('get', KINDS.join(','), '-l', OURS, '-o', 'name');
        return left.trim() === '' ? true : undefined;
      },
      () => left,
    );
  });

  test('install brings the mesh up, from nothing to the first call with mutual TLS', { timeout: 300_000 }, async () => {
    const started = performance.now();
    const registry = (process.env['DOT_KUBE_REGISTRY'] ?? '').replace(/\/$/, '');
    await dotkube('install', ...(cluster.cluster.external ? ['--set', `image.registry=${registry}`] : []));
    const installed = performance.now();
    await deployStore(cluster, 'smoke');
    const mesh = new ScenarioMesh(new ClusterDriver(cluster));
    assert.equal(servedBy(await mesh.call('shopper', CATALOG)).peer, mesh.identityOf('shopper'));
    const seconds = (from: number, to: number): number => Math.round((to - from) / 100) / 10;
    await measured({
      secondsToInstall: seconds(started, installed),
      secondsFromInstallToFirstMtlsRequest: seconds(started, performance.now()),
    });
    process.stdout.write(`${JSON.stringify({ footprint: await measurements() })}\n`);
  });
});
