import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { UninstallReport } from '../../../operator/cli/uninstall/run-uninstall.ts';
import { type ControlPlane, startControlPlane } from '../../cluster/control-plane.ts';
import { dotkube } from './dotkube.ts';

const POLICY = { apiVersion: 'mesh.dot-kube.io/v1alpha1', kind: 'MeshPolicy', spec: { mtls: { mode: 'Strict' } } };

describe('dotkube uninstall', () => {
  let cluster: ControlPlane;
  before(async () => {
    cluster = await startControlPlane({ environment: { ...process.env, KUBECONFIG: '' } });
    const { exitCode, stderr } = await dotkube(['install', '--kubeconfig', cluster.kubeconfig, '--no-wait']);
    assert.equal(exitCode, 0, stderr);
    await cluster.kubectl('create', 'namespace', 'shop');
    const data = { apiVersion: 'v1', kind: 'ConfigMap', data: { a: 'b' } };
    await operatorApplies({ ...data, metadata: { name: 'dot-kube-proxy', namespace: 'shop' } });
    await operatorApplies({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'dot-kube-reviews', namespace: 'shop' },
      spec: { podSelector: {} },
    });
    await create({ ...data, metadata: { name: 'mine', namespace: 'shop' } });
    await create({ ...POLICY, metadata: { name: 'fast', namespace: 'shop' } });
    await create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'dot-kube-ca', namespace: 'dot-kube-system' },
    });
  });
  after(() => cluster?.stop());

  const create = (object: object) => cluster.kubectl.input(JSON.stringify(object), 'create', '-f', '-');
  const operatorApplies = (object: object) =>
    cluster.kubectl.input(
      JSON.stringify(object),
      'apply',
      '--server-side',
      '--field-manager=dot-kube-operator',
      '-f',
      '-',
    );
  const uninstall = (...words: readonly string[]) =>
    dotkube(['uninstall', '--kubeconfig', cluster.kubeconfig, ...words]);
  const names = async (...words: readonly string[]): Promise<readonly string[]> =>
    (await cluster.kubectl('get', '-o', 'name', ...words)).trim().split('\n').filter(Boolean);
  /** What the controllers do that do not run here: they take finalizers away. */
  const finish = async (): Promise<void> => {
    for (let times = 0; times < 100; times++) {
      await delay(200);
      const deployment = ['deployment', 'dot-kube-operator', '-n', 'dot-kube-system'];
      await cluster
        .kubectl('patch', ...deployment, '--type=merge', '-p', '{"metadata":{"finalizers":null}}')
        .catch(() => {});
      const namespace = JSON.parse(
        await cluster
          .kubectl('get', 'namespace', 'dot-kube-system', '--ignore-not-found', '-o', 'json')
          .then((text) => text || '{}'),
      ) as { metadata?: { deletionTimestamp?: string }; spec?: object };
      if (namespace.metadata === undefined) return;
      if (namespace.metadata.deletionTimestamp === undefined) continue;
      const finalized = JSON.stringify({ ...namespace, spec: { finalizers: [] } });
      await cluster.kubectl
        .input(finalized, 'replace', '--raw', '/api/v1/namespaces/dot-kube-system/finalize', '-f', '-')
        .catch(() => {});
    }
  };

  it('deletes nothing while pods have proxies, and says where and what to do', async () => {
    const labels = { 'mesh.dot-kube.io/status': 'injected' };
    const spec = { containers: [{ name: 'dot-kube-proxy', image: 'x' }], serviceAccountName: 'default' };
    const manifest = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web-0', namespace: 'shop', labels, finalizers: ['example.org/last-words'] },
      spec,
    };
    await create(manifest);
    const { exitCode, stderr } = await uninstall();
    assert.equal(exitCode, 1);
    assert.match(stderr, /1 pod still has a proxy.*\n {4}shop: web-0\n/s);
    assert.match(stderr, /kubectl label namespace shop mesh\.dot-kube\.io\/inject-/);
    assert.match(stderr, /nothing was deleted; --force does it all the same/);
    assert.equal((await names('deployment', '-n', 'dot-kube-system')).length, 1);
    // One that is ending is waited for by nobody.
    await cluster.kubectl('delete', 'pod', 'web-0', '-n', 'shop', '--wait=false');
    assert.doesNotMatch((await uninstall('--dry-run')).stdout, /still has a proxy/);
    await cluster.kubectl(
      'patch',
      'pod',
      'web-0',
      '-n',
      'shop',
      '--type=merge',
      '-p',
      '{"metadata":{"finalizers":null}}',
    );
  });

  it('deletes nothing while policies for the whole mesh would be lost', async () => {
    await create({ ...POLICY, metadata: { name: 'strict', namespace: 'dot-kube-system' } });
    const { exitCode, stderr } = await uninstall();
    assert.equal(exitCode, 1);
    assert.match(stderr, /save them first: MeshPolicy dot-kube-system\/strict/);
    await cluster.kubectl('delete', 'meshpolicy', 'strict', '-n', 'dot-kube-system');
  });

  it('says with --dry-run what would go, and deletes nothing', async () => {
    const { exitCode, stdout } = await uninstall('--dry-run');
    assert.equal(exitCode, 0);
    assert.match(stdout, /ConfigMap shop\/dot-kube-proxy would be deleted/);
    assert.match(stdout, /stays: the kinds and 1 policy; --crds deletes both/);
    assert.deepEqual(await names('configmap', '-n', 'shop'), ['configmap/dot-kube-proxy', 'configmap/mine']);
  });

  it('leaves nothing but the kinds, their objects, and what is of others', async () => {
    const [{ exitCode, stderr, stdout }] = await Promise.all([uninstall('--timeout', '30s', '-o', 'json'), finish()]);
    assert.equal(exitCode, 0, stderr);
    const deleted = (JSON.parse(stdout) as UninstallReport).changes.map(({ object }) => object);
    assert.ok(
      deleted.includes('Secret dot-kube-system/dot-kube-ca') && deleted.includes('NetworkPolicy shop/dot-kube-reviews'),
    );
    assert.equal(deleted.at(-1), 'Namespace dot-kube-system');
    assert.deepEqual(await names('all,configmap,networkpolicy,pdb,role,rolebinding', '-n', 'shop'), ['configmap/mine']);
    const wide =
      'clusterrole,clusterrolebinding,mutatingwebhookconfiguration,validatingadmissionpolicy,validatingadmissionpolicybinding';
    assert.deepEqual(
      (await names(wide)).filter((name) => name.includes('dot-kube')),
      [],
    );
    assert.deepEqual(await names('meshpolicy', '-A'), ['meshpolicy.mesh.dot-kube.io/fast']);
  });

  it('does nothing the second time, and takes the kinds when it is told to', async () => {
    assert.match((await uninstall()).stdout, /^there is no dot-kube here\nstays: the kinds and 1 policy/);
    assert.equal((await uninstall('--crds', '--timeout', '30s')).exitCode, 0);
    assert.deepEqual(await names('crd'), []);
    assert.equal((await uninstall('--crds')).stdout, 'there is no dot-kube here\n');
  });
});
