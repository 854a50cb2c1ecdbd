import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCommand } from '../../operator/cli/run-command.ts';
import type { StatusReport } from '../../operator/local/status/status-report.ts';
import { startControlPlane } from '../cluster/control-plane.ts';

const ROOT = join(import.meta.dirname, '../..');

async function dotkube(...words: readonly string[]) {
  let stdout = '';
  const exitCode = await runCommand(words, {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: () => {} },
    environment: {},
    workingDirectory: tmpdir(),
    readStdin: () => Promise.resolve(''),
    signal: new AbortController().signal,
  });
  return { exitCode, stdout };
}

test('dotkube status tells of the objects of a cluster by its API server', async () => {
  await using cluster = await startControlPlane();
  const { kubeconfig, kubectl } = cluster;
  const namespace = `status-${process.pid}`;
  await kubectl('apply', '--server-side', '-f', join(ROOT, 'crds'));
  await kubectl('wait', '--for=condition=Established', 'crd', '--all', '--timeout=30s');
  await kubectl('create', 'namespace', namespace);
  const split = {
    apiVersion: 'mesh.dot-kube.io/v1alpha1',
    kind: 'TrafficSplit',
    metadata: { name: 'reviews', namespace },
    spec: {
      service: 'reviews',
      backends: [
        { name: 'v1', service: 'reviews-v1', weight: 90 },
        { name: 'v2', service: 'reviews-v2', weight: 10 },
      ],
    },
  };
  await kubectl.input(JSON.stringify(split), 'apply', '-f', '-');
  const own = async (): Promise<StatusReport['objects']> => {
    const { stdout } = await dotkube('status', '--kubeconfig', kubeconfig, '-o', 'json');
    return (JSON.parse(stdout) as StatusReport).objects.filter((object) => object.namespace === namespace);
  };
  assert.deepEqual(
    (await own()).map(({ conditions, name }) => [name, conditions.map(({ status }) => status).join()]),
    [['reviews', 'Unknown,Unknown,Unknown']],
  );
  const conditions = ['Accepted', 'ResolvedRefs', 'Programmed'].map((type) => ({
    type,
    status: type === 'Programmed' ? 'False' : 'True',
    reason: type === 'Programmed' ? 'RejectedByProxy' : type,
    message: type === 'Programmed' ? 'no such cluster' : '',
    observedGeneration: 1,
    lastTransitionTime: '2026-01-01T00:00:00Z',
  }));
  const status = { conditions, proxies: { total: 3, programmed: 2, rejected: 1 } };
  const patch = ['patch', 'trafficsplit', 'reviews', '--subresource=status', '--type=merge'];
  await kubectl(...patch, '-n', namespace, '-p', JSON.stringify({ status }));
  const { exitCode, stdout } = await dotkube('status', '--kubeconfig', kubeconfig, '--exit-code');
  assert.equal(exitCode, 1);
  assert.match(stdout, new RegExp(`TrafficSplit +${namespace} +reviews +True +True +False +2/3 +RejectedByProxy`));
  assert.match(stdout, new RegExp(`TrafficSplit ${namespace}/reviews: Programmed: no such cluster`));
  if (cluster.external) await kubectl('delete', 'namespace', namespace, '--wait=false');
});
