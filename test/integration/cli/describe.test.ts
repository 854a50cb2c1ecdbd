import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { PodDescription, ServiceDescription } from '../../../operator/cli/describe/description.ts';
import { type ControlPlane, startControlPlane } from '../../cluster/control-plane.ts';
import { dotkube } from './dotkube.ts';

const CRDS = join(import.meta.dirname, '../../../crds');
const OURS = 'mesh.dot-kube.io/v1alpha1';

describe('dotkube describe', () => {
  let cluster: ControlPlane;
  before(async () => {
    cluster = await startControlPlane({ environment: { ...process.env, KUBECONFIG: '' } });
    const { kubectl } = cluster;
    await kubectl('apply', '--server-side', '-f', CRDS);
    await kubectl('wait', '--for=condition=Established', 'crd', '--all', '--timeout=30s');
    for (const name of ['shop', 'dot-kube-system']) await kubectl('create', 'namespace', name);
    const labels = { app: 'web', 'mesh.dot-kube.io/status': 'injected' };
    const containers = [{ name: 'web', image: 'web', ports: [{ containerPort: 8080 }] }];
    const objects = [
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'web-0', namespace: 'shop', labels },
        spec: { containers, serviceAccountName: 'web' },
      },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'web', namespace: 'shop' },
        spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
      },
      {
        apiVersion: OURS,
        kind: 'MeshPolicy',
        metadata: { name: 'strict', namespace: 'dot-kube-system' },
        spec: { mtls: { mode: 'Strict' } },
      },
      {
        apiVersion: OURS,
        kind: 'MeshPolicy',
        metadata: { name: 'fast', namespace: 'shop' },
        spec: { targetRefs: [{ kind: 'Service', name: 'web' }], timeouts: { request: '1s' } },
      },
      {
        apiVersion: OURS,
        kind: 'AuthorizationPolicy',
        metadata: { name: 'callers', namespace: 'shop' },
        spec: { action: 'Allow', rules: [{ from: [{ serviceAccounts: ['front'] }] }] },
      },
    ];
    for (const object of objects) await kubectl.input(JSON.stringify(object), 'create', '-f', '-');
  });
  after(() => cluster?.stop());

  const run = (...words: readonly string[]) =>
    dotkube(['describe', ...words, '-n', 'shop', '--kubeconfig', cluster.kubeconfig]);

  it('tells of a pod what holds for it, and who says so', async () => {
    const { exitCode, stderr, stdout } = await run('pod', 'web-0', '-o', 'json');
    assert.equal(exitCode, 0, stderr);
    const { inbound, policies, services } = JSON.parse(stdout) as PodDescription;
    assert.deepEqual(services, ['shop/web']);
    assert.deepEqual(inbound[0]?.fields, [
      { field: 'mtls.mode', value: 'strict', layer: 'mesh', source: 'MeshPolicy dot-kube-system/strict' },
    ]);
    assert.equal(inbound[0]?.mayCall, 'by-rules');
    assert.deepEqual(
      policies.map(({ object }) => object),
      ['MeshPolicy dot-kube-system/strict', 'AuthorizationPolicy shop/callers', 'MeshPolicy shop/fast'],
    );
    assert.match(
      (await run('pod/web-0')).stdout,
      /allow {2}AuthorizationPolicy shop\/callers \(namespace\)\n {4}rules\[0\]: shop\/front → anything/,
    );
  });

  it('tells of a Service what its callers get', async () => {
    const { ports, workloads } = JSON.parse((await run('svc', 'web', '-o', 'json')).stdout) as ServiceDescription;
    assert.deepEqual(ports[0]?.fields, [
      { field: 'timeouts.request', value: '1s', layer: 'Service', source: 'MeshPolicy shop/fast' },
    ]);
    assert.deepEqual(
      workloads.map(({ pods }) => pods),
      [['web-0']],
    );
  });

  it('says what is not there, and what may not be looked at', async () => {
    const missing = await run('pod', 'nope');
    assert.deepEqual([missing.exitCode, missing.stderr], [1, 'dotkube: pods "nope" not found\n']);
    assert.equal((await run('pod')).exitCode, 2);
    assert.equal((await run('deployment', 'web')).exitCode, 2);
    const nobody = await cluster.kubeconfigFor('nobody');
    const { stderr } = await dotkube(['describe', 'pod', 'web-0', '-n', 'shop', '--kubeconfig', nobody]);
    assert.match(stderr, /cannot (get|list) resource .*\n {2}ask for that right/);
  });
});
