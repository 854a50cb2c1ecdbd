import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { connect } from 'node:tls';
import { CONFIG_MAP } from '../../../operator/controllers/namespaces/proxy-files.ts';
import { SECRET, type Secret } from '../../../operator/identity/index.ts';
import { certificatesIn } from '../../../operator/identity/certificates.ts';
import { freePort } from '../../tools/free-port.ts';
import { MeshCluster, type OperatorProcess, startOperator, startProxy, SYSTEM_NAMESPACE } from '../harness/index.ts';
import { eventually } from './eventually.ts';
import { rootOf, tlsSecret } from './given-secret.ts';

const namespace = SYSTEM_NAMESPACE;
const serverName = 'dot-kube-xds.dot-kube-system.svc';
const PROXY_FILES = { namespace: 'shop', name: 'dot-kube-proxy' };

describe('the certificate authority in a Secret', () => {
  const cleanUp = new AsyncDisposableStack();
  let cluster: MeshCluster;

  const start = (...flags: readonly string[]): Promise<OperatorProcess> =>
    startOperator({
      kubeconfig: cluster.kubeconfig,
      flags: ['--xds-name', serverName, ...flags],
      timeoutMilliseconds: 60_000,
    });
  const secrets = async (): Promise<readonly Secret[]> => (await cluster.api.list(SECRET, { namespace })).items;
  const named = async (name: string): Promise<Secret> => cluster.api.get(SECRET, { namespace, name });

  before(async () => {
    cluster = cleanUp.use(await MeshCluster.start());
    const labels = { 'mesh.dot-kube.io/inject': 'enabled' };
    await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels } });
  });
  after(() => cleanUp.disposeAsync());

  test('is one for two replicas that start at the same moment, and the same after a restart', async () => {
    const ca = ['--ca-secret', 'made'];
    const replicas = await Promise.all([start(...ca), start(...ca)]);
    const [one, other] = await Promise.all(replicas.map((each) => each.rootsPem()));
    assert.equal(one, other);
    for (const replica of replicas) assert.doesNotMatch(replica.text(), /PRIVATE KEY/);
    await Promise.all(replicas.map((each) => each.stop()));
    const { metadata, type } = await named('made');
    assert.equal(type, 'mesh.dot-kube.io/certificate-authority');
    assert.deepEqual(
      metadata.managedFields?.map(({ manager }) => manager),
      ['dot-kube-operator'],
    );
    await using again = await start(...ca);
    assert.equal(await again.rootsPem(), one);
    assert.equal((await named('made')).metadata.resourceVersion, metadata.resourceVersion);
  });

  test('is put back when somebody deletes the Secret', async () => {
    await using operator = await start('--ca-secret', 'put-back', '--root-change-hold', '1');
    const roots = await operator.rootsPem();
    await cluster.kubectl('-n', namespace, 'delete', 'secret', 'put-back');
    await eventually(secrets, (all) => all.some(({ metadata }) => metadata.name === 'put-back'));
    await operator.stop();
    await using again = await start('--ca-secret', 'put-back');
    assert.equal(await again.rootsPem(), roots);
  });

  test('is not made where it is to be given, nor in the place of something else', async () => {
    const why = async (...flags: readonly string[]): Promise<string> => {
      await using operator = await startOperator({ kubeconfig: cluster.kubeconfig, flags, until: 'started' });
      assert.equal((await operator.process.exited).exitCode, 1);
      return operator.text();
    };
    const missing = await why('--ca-secret', 'missing', '--ca-source', 'secret');
    assert.match(missing, /Secret dot-kube-system\/missing is not there: make it, of the type kubernetes\.io\/tls/);
    const metadata = { name: 'other', namespace };
    await cluster.api.create(SECRET, { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data: {} });
    assert.match(await why('--ca-secret', 'other'), /Secret dot-kube-system\/other is no certificate authority/);
    const { data = {}, ...given } = await tlsSecret('broken', namespace);
    const key = (await tlsSecret('x', namespace)).data?.['tls.key'] ?? '';
    await cluster.api.create(SECRET, { ...given, data: { ...data, 'tls.key': key } });
    assert.match(await why('--ca-secret', 'broken'), /broken: tls\.key is not the key of tls\.crt: give both/);
  });

  describe('that is given', () => {
    const CA = ['--ca-secret', 'given', '--ca-source', 'secret', '--injection', 'policy', '--root-change-hold', '3'];
    const flags = [...CA, '--xds-service', `${serverName}:15010`];
    const trusted = async (): Promise<readonly string[]> => {
      const { data } = await cluster.api.get(CONFIG_MAP, PROXY_FILES);
      return certificatesIn((data?.['roots.json'] ?? '').replaceAll('\\n', '\n')).map(fingerprint);
    };
    let first: Secret;
    let operators: readonly OperatorProcess[];

    before(async () => {
      first = await tlsSecret('given', namespace);
      await cluster.api.create(SECRET, first);
      const ports = [await freePort(), await freePort()];
      const peers = ports.flatMap((port) => ['--replica-peer', `127.0.0.1:${port}`]);
      operators = await Promise.all(
        ports.map((port) => start(...flags, '--replicas-address', `127.0.0.1:${port}`, ...peers)),
      );
      for (const operator of operators) cleanUp.defer(() => operator.stop());
      // A proxy on each: the one that leads has to hear of both.
      for (const [at, operator] of operators.entries()) {
        const pod = { namespace: 'shop', name: `web-${at}`, app: 'web' };
        await cluster.pod({ ...pod, ip: `10.0.0.${at + 1}` });
        const proxy = await startProxy({
          operatorPort: operator.xdsPort,
          serverName,
          rootsPem: await operator.rootsPem(),
          token: await cluster.token(pod),
          proxyId: `web-${at}.shop`,
          timeoutMilliseconds: 60_000,
        });
        cleanUp.defer(() => proxy.stop());
      }
    });

    test('is used as it is, and never written', async () => {
      assert.equal((await operators[0]?.rootsPem())?.trim(), rootOf(first).trim());
      const files = await eventually(trusted, (roots) => roots.length === 1);
      assert.deepEqual(files, [fingerprint(rootOf(first))]);
      const { data, metadata } = await named('given');
      assert.deepEqual(data, first.data);
      assert.equal(
        metadata.managedFields?.some(({ manager }) => manager === 'dot-kube-operator'),
        false,
      );
    });

    test('is followed when another one is given: every proxy’s files trust the new root before anything is signed by it', async () => {
      const second = await tlsSecret('given', namespace);
      const [old, next] = [fingerprint(rootOf(first)), fingerprint(rootOf(second))];
      await cluster.api.replace(SECRET, second);
      const seen: string[] = [];
      const deadline = performance.now() + 150_000;
      const both = [old, next].sort().join(' ');
      while (seen.at(-1) !== `${next}: ${next} ${next}`) {
        assert.ok(performance.now() < deadline, seen.join('\n'));
        const before = (await trusted()).toSorted().join(' ');
        const signers = await Promise.all(operators.map(({ xdsPort }) => signerOf(xdsPort, [first, second])));
        const now = `${before}: ${signers.join(' ')}`;
        if (seen.at(-1) !== now) seen.push(now);
      }
      const steps = seen.map((each) => each.split(': ') as [string, string]);
      assert.deepEqual([...new Set(steps.map(([trust]) => trust))], [old, both, next], seen.join('\n'));
      const first2 = steps.findIndex(([, signers]) => signers.includes(next));
      assert.equal(steps[first2]?.[0], both, 'it signs while both are trusted');
      assert.ok(
        steps.slice(0, first2).some(([trust]) => trust === both),
        'and not as soon as they are',
      );
      const lastOfOld = steps.findLastIndex(([, signers]) => signers.includes(old));
      assert.equal(steps[lastOfOld]?.[0], both, 'the old one is trusted until nothing is signed by it');
      for (const operator of operators) assert.doesNotMatch(operator.text(), /which is not connected/);
      for (const operator of operators) {
        assert.doesNotMatch(operator.text(), /"level":"error"/);
        assert.doesNotMatch(operator.text(), /PRIVATE KEY/);
      }
    });

    test('that is wrong changes nothing, and is told of once', async () => {
      const present = await trusted();
      const { data = {}, ...given } = await named('given');
      await cluster.api.replace(SECRET, { ...given, data: { ...data, 'tls.crt': data['tls.key'] ?? '' } });
      const [operator] = operators;
      const line = await operator?.logged('the root cannot be read');
      assert.match(JSON.stringify(line), /given: tls\.crt has no PEM certificate/);
      await new Promise((resolve) => setTimeout(resolve, 3000));
      assert.equal(operator?.log().filter(({ message }) => message === 'the root cannot be read').length, 1);
      assert.deepEqual(await trusted(), present);
    });
  });
});

function fingerprint(pem: string): string {
  return new X509Certificate(pem).fingerprint256.slice(0, 8);
}

/** Which of the roots has signed the certificate of the control plane. */
async function signerOf(port: number, given: readonly Secret[]): Promise<string> {
  const ca = given.map(rootOf);
  const socket = connect({ host: '127.0.0.1', port, servername: serverName, ca, ALPNProtocols: ['h2'] });
  try {
    await new Promise<void>((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
    const leaf = socket.getPeerX509Certificate();
    const root = ca.find((pem) => leaf?.verify(new X509Certificate(pem).publicKey));
    return root === undefined ? 'nobody' : fingerprint(root);
  } finally {
    socket.destroy();
  }
}
