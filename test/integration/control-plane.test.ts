import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { isProcessAlive } from '../../operator/local/tools/process-id.ts';
import { type ControlPlane, startControlPlane } from '../cluster/control-plane.ts';
import { KubectlError } from '../cluster/kubectl.ts';

const EXTERNAL = (process.env['KUBECONFIG'] ?? '') !== '';

let controlPlane: ControlPlane;
before(async () => {
  controlPlane = await startControlPlane();
});
after(() => controlPlane.stop());

test('kubectl reads and writes, and the API server answers with its version', async () => {
  const { kubectl } = controlPlane;
  const name = `test-${process.pid}`;
  await kubectl.input(JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }), 'apply', '-f', '-');
  assert.equal(await kubectl('get', 'namespace', name, '-o', 'jsonpath={.metadata.name}'), name);
  await kubectl('delete', 'namespace', name, '--wait=false');
  assert.match(await kubectl('version'), /Server Version: v1\.\d+\.\d+/);
});

test('a kubectl that fails throws what it said', async () => {
  await assert.rejects(controlPlane.kubectl('get', 'pod', 'nobody'), (error) => {
    assert.ok(error instanceof KubectlError);
    assert.match(error.stderr, /pods "nobody" not found/);
    assert.equal(error.exitCode, 1);
    return true;
  });
});

test('a token of a service account is issued for an audience, and TokenReview says whose it is', async () => {
  const { kubectl } = controlPlane;
  const account = `test-${process.pid}`;
  await kubectl('create', 'serviceaccount', account);
  const token = (await kubectl('create', 'token', account, '--audience=dot-kube')).trim();
  const review = (audience: string) => {
    const spec = { token, audiences: [audience] };
    const body = JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec });
    return kubectl.input(body, 'create', '-f', '-', '-o', 'jsonpath={.status.authenticated} {.status.user.username}');
  };
  assert.equal(await review('dot-kube'), `true system:serviceaccount:default:${account}`);
  assert.doesNotMatch(await review('somebody-else'), /true/);
  await kubectl('delete', 'serviceaccount', account);
});

test('RBAC is on: another user may do nothing until a role says so', { skip: EXTERNAL, timeout: 30_000 }, async () => {
  const { kubectl } = controlPlane;
  const kubeconfig = await controlPlane.kubeconfigFor('jane', ['readers']);
  const list = () => kubectl('--kubeconfig', kubeconfig, 'get', 'configmaps', '-o', 'name');
  await assert.rejects(list, /User "jane" cannot list resource "configmaps"/);
  await kubectl('create', 'clusterrole', 'reader', '--verb=list', '--resource=configmaps');
  await kubectl('create', 'clusterrolebinding', 'readers', '--clusterrole=reader', '--group=readers');
  // The authorizer learns of it by a watch.
  let names: string | undefined;
  while (names === undefined) names = await list().catch(() => undefined);
  assert.equal(names, '');
});

test('a pod can be made without a controller that makes its service account', { skip: EXTERNAL }, async () => {
  const { kubectl } = controlPlane;
  await kubectl('run', 'app', '--image=app', '--restart=Never');
  assert.equal(await kubectl('get', 'pod', 'app', '-o', 'jsonpath={.status.phase}'), 'Pending');
});

test('etcd and kube-apiserver end when the process that started them is killed', {
  skip: EXTERNAL,
  timeout: 60_000,
}, async () => {
  const script = `
    import { startControlPlane } from ${JSON.stringify(join(import.meta.dirname, '../cluster/control-plane.ts'))};
    await startControlPlane();
    process.stdout.write('started\\n');`;
  const starter = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(createInterface(starter.stdout), 'line');
  const children = await childrenOf(starter.pid ?? 0);
  assert.equal(children.length, 2);
  starter.kill('SIGKILL');
  while (children.some(isProcessAlive)) await delay(20);
});

test('flags of the caller override ours, and a server that does not start shows its log', {
  skip: EXTERNAL,
}, async () => {
  const start = startControlPlane({ apiServerArgs: ['--authorization-mode=Nonsense'] });
  await assert.rejects(start, /kube-apiserver ended \(exit code 1\):.*Nonsense/s);
});

test('with KUBECONFIG it uses that cluster and leaves it running', async () => {
  const environment = { ...process.env, KUBECONFIG: controlPlane.kubeconfig };
  const other = await startControlPlane({ environment });
  assert.deepEqual([other.external, other.kubeconfig], [true, controlPlane.kubeconfig]);
  await other.stop();
  assert.match(await other.kubectl('get', '--raw', '/readyz'), /ok/);
});

async function childrenOf(pid: number): Promise<readonly number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.trim().split(' ').map(Number);
}
