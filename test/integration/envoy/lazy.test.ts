import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { TYPE } from '@dot-kube/proxy/envoy';
import {
  askTcp,
  clusterName,
  endpoint,
  startMesh,
  startServer,
  type TestMesh,
  type TestProxy,
  type TestServer,
} from './harness/index.ts';

describe('what a proxy does not call', () => {
  const scope = new AsyncDisposableStack();
  let mesh: TestMesh;
  let client: TestProxy;
  let app: TestServer;

  before(async () => {
    app = scope.use(await startServer());
    mesh = scope.use(await startMesh());
    const services = Array.from({ length: 20 }, (_, index) => ({
      name: `service-${index}`,
      endpoints: [endpoint(app)],
    }));
    await mesh.service(
      ...services,
      { name: 'bytes', protocol: 'tcp', endpoints: [endpoint(app)] },
      { name: 'nowhere', endpoints: [], rules: [{ backends: [{ cluster: 'nowhere', weight: 1 }] }] },
      { name: 'dangling', endpoints: [], rules: [{ backends: [{ cluster: clusterName('no-such'), weight: 1 }] }] },
      { name: 'empty', endpoints: [] },
      { name: 'late', endpoints: [endpoint(app)] },
      { name: 'late-bytes', protocol: 'tcp', endpoints: [endpoint(app)] },
    );
    const calls = ['service-3', 'service-7', 'bytes', 'nowhere', 'dangling', 'empty', 'late', 'late-bytes'];
    client = await mesh.proxy({ name: 'client', calls });
  });
  after(() => scope.disposeAsync());

  test('is not sent to it', async () => {
    assert.deepEqual(mesh.told('client', TYPE.route), []);
    assert.deepEqual(mesh.told('client', TYPE.cluster), []);
    assert.equal((await client.call('service-3')).status, 200);
    assert.deepEqual(mesh.told('client', TYPE.route), ['shop/service-3:80']);
    assert.deepEqual(mesh.told('client', TYPE.cluster), ['shop/service-3:80']);
    assert.deepEqual(mesh.told('client', TYPE.endpoints), ['shop/service-3:80']);
    assert.match((await askTcp(client.to('bytes'), 'GET / HTTP/1.1\r\nhost: x\r\n\r\n')) ?? '', /^HTTP\/1.1 200/);
    assert.equal((await client.call('service-7')).status, 200);
    assert.equal(mesh.told('client', TYPE.route).length, 2);
    assert.equal(mesh.told('client', TYPE.cluster).length, 3);
  });

  for (const name of ['nowhere', 'dangling', 'empty']) {
    test(`${name}: what cannot be reached fails at once, and each time`, async () => {
      for (let count = 0; count < 3; count++) {
        const { status, durationMs } = await client.call(name);
        assert.equal(status, 503);
        assert.ok(durationMs < 1000, `${durationMs} ms`);
      }
    });
  }

  test('is waited for no longer than 2 s when the control plane is away, and then fails with a reason', async () => {
    await mesh.stopControlPlane();
    const since = performance.now();
    const [answer, bytes] = await Promise.all([client.call('late'), askTcp(client.to('late-bytes'), 'hello')]);
    const waited = performance.now() - since;
    assert.ok(waited > 1000 && waited < 2000, `${waited} ms`);
    assert.equal(answer.status, 504);
    assert.match(
      answer.body,
      /^dot-kube: the control plane has not said within 1\.5 s where 10\.96\.0\.\d+:80 leads \(stream_idle_timeout\)$/m,
    );
    assert.equal(bytes, undefined);
    assert.equal((await client.call('service-3')).status, 200, 'what it called before goes on');
  });
});
