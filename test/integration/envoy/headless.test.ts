import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { formatSpiffeId } from '@dot-kube/proxy/model';
import {
  askTcp,
  buildWorkload,
  callMany,
  countBy,
  endpoint,
  identity,
  startMesh,
  startServer,
  startTcpServer,
  type TestMesh,
  type TestProxy,
  type TestServer,
} from './harness/index.ts';

describe('a headless Service', () => {
  const scope = new AsyncDisposableStack();
  let mesh: TestMesh;
  let client: TestProxy;
  let meshed: TestServer;
  let plain: TestServer;

  before(async () => {
    meshed = scope.use(await startServer({ name: 'meshed' }));
    plain = scope.use(await startServer({ name: 'plain' }));
    const [one, two] = [scope.use(await startTcpServer('one')), scope.use(await startTcpServer('two'))];
    mesh = scope.use(await startMesh());
    const server = await mesh.proxy({
      name: 'server',
      workload: buildWorkload('server', [{ port: 7000 }]),
      targets: { 7000: meshed },
    });
    await mesh.service(
      {
        name: 'web',
        headless: true,
        endpoints: [endpoint(server.at(7000), { mtls: true }), endpoint(plain)],
        cluster: { identities: [identity('server')] },
        route: { retries: { attempts: 3, on: ['5xx'], statusCodes: [] } },
      },
      { name: 'bytes', headless: true, protocol: 'tcp', endpoints: [endpoint(one), endpoint(two)] },
    );
    client = await mesh.proxy({ name: 'client', calls: ['web#0', 'web#1', 'bytes#0', 'bytes#1'] });
  });
  after(() => scope.disposeAsync());

  test('is called at the endpoint that was dialled, with mTLS where it takes it', async () => {
    const first = countBy(await callMany(50, 4, () => client.call('web#0')), ({ server }) => server);
    assert.deepEqual([...first], [['meshed', 50]]);
    assert.match(
      String(meshed.last?.headers['x-forwarded-client-cert']),
      new RegExp(formatSpiffeId(identity('client'))),
    );
    const second = countBy(await callMany(50, 4, () => client.call('web#1')), ({ server }) => server);
    assert.deepEqual([...second], [['plain', 50]]);
    assert.equal(plain.last?.headers['x-dot-kube-dst'], undefined, 'and says nothing of it to an application');
  });

  test('of opaque bytes is called at the endpoint that was dialled', async () => {
    assert.equal(await askTcp(client.to('bytes#0'), 'hello'), 'one: hello');
    assert.equal(await askTcp(client.to('bytes#1'), 'hello'), 'two: hello');
  });

  test('is not called at another endpoint instead, on retries neither', async () => {
    meshed.requests = 0;
    plain.requests = 0;
    plain.respond = () => ({ status: 503 });
    assert.equal((await client.call('web#1')).status, 503);
    assert.equal(meshed.requests, 0);
    plain.respond = () => ({});
    await mesh.service({ name: 'web', headless: true, endpoints: [endpoint(meshed)] });
    assert.equal((await client.call('web#1')).status, 503, 'the endpoint is gone');
    assert.equal(meshed.requests, 0);
  });
});
