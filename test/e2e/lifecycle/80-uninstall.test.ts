import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { runCommand } from '../../../operator/local/tools/command.ts';
import { E2eCluster, ROOT } from '../harness/cluster.ts';
import { leftovers } from '../harness/leftovers.ts';

describe('dotkube uninstall', { skip: (process.env['KUBECONFIG'] ?? '') !== '' && 'a cluster is given' }, () => {
  let cluster: E2eCluster;
  before(async () => {
    cluster = await E2eCluster.open();
  });
  after(() => cluster[Symbol.asyncDispose]());

  test('leaves nothing, of no kind that the cluster serves', { timeout: 300_000 }, async () => {
    const meshed = await cluster.kubectl('get', 'namespaces', '-l', 'mesh.dot-kube.io/inject', '-o', 'name');
    for (const name of meshed.trim().split('\n')) {
      if (name !== '') await cluster.kubectl('delete', name, '--timeout=180s');
    }
    assert.ok((await leftovers(cluster)).length > 10, 'nothing was installed');
    const dotkube = [
      join(ROOT, 'operator/cli/main.ts'),
      'uninstall',
      '--crds',
      '--kubeconfig',
      cluster.cluster.kubeconfig,
    ];
    const { exitCode, tail } = await runCommand(process.execPath, dotkube, { cwd: ROOT });
    assert.equal(exitCode, 0, tail);
    assert.deepEqual(await leftovers(cluster), []);
  });
});
