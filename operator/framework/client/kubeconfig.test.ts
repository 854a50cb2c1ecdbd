import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { stringify } from 'yaml';
import { inClusterConnection } from './in-cluster.ts';
import { kubeconfigConnection } from './kubeconfig.ts';

async function directory(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
  t.after(() => rm(path, { recursive: true }));
  return path;
}

/** A kubeconfig of one context with this cluster and user. */
async function kubeconfig(t: TestContext, cluster: object, user: object, context: object = {}): Promise<string> {
  const path = join(await directory(t), 'config');
  const config = {
    'current-context': 'main',
    clusters: [{ name: 'c', cluster: { server: 'https://api.example.com:6443', ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [
      { name: 'main', context: { cluster: 'c', user: 'u', ...context } },
      { name: 'other', context: { cluster: 'c', user: 'nobody' } },
    ],
  };
  await writeFile(path, stringify(config));
  return path;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('a kubeconfig', () => {
  it('with certificates in it gives them to TLS', async (t) => {
    const path = await kubeconfig(
      t,
      { 'certificate-authority-data': base64('CA'), 'tls-server-name': 'kubernetes' },
      { 'client-certificate-data': base64('CERT'), 'client-key-data': base64('KEY') },
      { namespace: 'mine' },
    );
    const connection = await kubeconfigConnection({ path });
    assert.deepEqual([connection.server, connection.namespace], ['https://api.example.com:6443', 'mine']);
    assert.deepEqual(await connection.credentials(), {
      headers: {},
      tls: { ca: 'CA', cert: 'CERT', key: 'KEY', servername: 'kubernetes' },
    });
  });

  it('with files beside it reads them anew every time', async (t) => {
    const path = await kubeconfig(
      t,
      { 'certificate-authority': 'ca.crt', 'insecure-skip-tls-verify': true },
      { tokenFile: 'token' },
    );
    const file = (name: string): string => join(path, '..', name);
    await writeFile(file('ca.crt'), 'CA');
    await writeFile(file('token'), 'one\n');
    const connection = await kubeconfigConnection({ path });
    assert.deepEqual(await connection.credentials(), {
      headers: { authorization: 'Bearer one' },
      tls: { ca: 'CA', rejectUnauthorized: false },
    });
    await writeFile(file('token'), 'two\n');
    assert.deepEqual((await connection.credentials()).headers, { authorization: 'Bearer two' });
  });

  it('with a name and a password speaks Basic', async (t) => {
    const path = await kubeconfig(t, {}, { username: 'me', password: 'a:b' });
    const { headers } = await (await kubeconfigConnection({ path })).credentials();
    assert.deepEqual(headers, { authorization: `Basic ${base64('me:a:b')}` });
  });

  it('with an exec plugin asks the plugin', async (t) => {
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 'from the plugin' },
    };
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: process.execPath,
      args: ['-p', JSON.stringify(JSON.stringify(credential))],
      interactiveMode: 'Never',
    };
    const path = await kubeconfig(t, { 'certificate-authority-data': base64('CA') }, { exec });
    const connection = await kubeconfigConnection({ path });
    assert.deepEqual(await connection.credentials(), {
      headers: { authorization: 'Bearer from the plugin' },
      tls: { ca: 'CA' },
    });
  });

  it('that is wrong says what is missing', async (t) => {
    const path = await kubeconfig(t, {}, {});
    await assert.rejects(kubeconfigConnection({ path, context: 'none' }), /has no context "none"/);
    await assert.rejects(kubeconfigConnection({ path, context: 'other' }), /has no user "nobody"/);
    await assert.rejects(kubeconfigConnection({ path: `${path}.missing` }), /cannot read the kubeconfig/);
  });

  it('is named by KUBECONFIG', async (t) => {
    const path = await kubeconfig(t, {}, { token: 'x' });
    assert.equal((await kubeconfigConnection({ env: { KUBECONFIG: path } })).server, 'https://api.example.com:6443');
  });
});

describe('a pod', () => {
  it('is let in by the token of its service account, which is read anew every time', async (t) => {
    const path = join(await directory(t), 'sa');
    await mkdir(path);
    await Promise.all([
      writeFile(join(path, 'token'), 'one'),
      writeFile(join(path, 'ca.crt'), 'CA'),
      writeFile(join(path, 'namespace'), 'mine'),
    ]);
    const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
    const connection = await inClusterConnection(env, path);
    assert.deepEqual([connection.server, connection.namespace], ['https://[fd00::1]:443', 'mine']);
    assert.deepEqual(await connection.credentials(), { headers: { authorization: 'Bearer one' }, tls: { ca: 'CA' } });
    await writeFile(join(path, 'token'), 'two');
    assert.deepEqual((await connection.credentials()).headers, { authorization: 'Bearer two' });
    await assert.rejects(inClusterConnection({}), /not in a cluster/);
  });
});
