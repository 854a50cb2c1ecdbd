import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { after, before, describe, test } from 'node:test';
import type { AuthorizationPolicy } from '@dot-kube/proxy/model';
import {
  buildWorkload,
  call,
  endpoint,
  identity,
  NAMESPACE,
  openHttp2,
  startMesh,
  startServer,
  type TestMesh,
  type TestProxy,
  type TestServer,
  until,
} from '../harness/index.ts';

const DENY: AuthorizationPolicy = {
  source: { kind: 'AuthorizationPolicy', namespace: NAMESPACE, name: 'nobody' },
  action: 'deny',
  mode: 'enforce',
  rules: [{ name: 'all', from: [], to: [] }],
};

describe('a denial binds the next request', () => {
  const scope = new AsyncDisposableStack();
  let mesh: TestMesh;
  let client: TestProxy;
  let server: TestProxy;
  let http1: TestServer;
  let http2: TestServer;

  const workload = (authorization: readonly AuthorizationPolicy[]) =>
    buildWorkload('server', [
      { port: 7000, authorization },
      { port: 7001, protocol: 'http2', authorization },
    ]);

  before(async () => {
    http1 = scope.use(await startServer());
    http2 = scope.use(await startServer({ http2: true }));
    mesh = scope.use(await startMesh());
    server = await mesh.proxy({ name: 'server', workload: workload([]), targets: { 7000: http1, 7001: http2 } });
    const cluster = { identities: [identity('server')] };
    await mesh.service(
      { name: 'one', endpoints: [endpoint(server.at(7000), { mtls: true })], cluster },
      { name: 'two', protocol: 'http2', endpoints: [endpoint(server.at(7001), { mtls: true })], cluster },
    );
    client = await mesh.proxy({ name: 'client', calls: ['one', 'two'] });
  });
  after(() => scope.disposeAsync());

  test('of an open HTTP/1.1 connection, which stays open', async () => {
    const agents = [new Agent({ keepAlive: true, maxSockets: 1 }), new Agent({ keepAlive: true, maxSockets: 1 })];
    const ask = () =>
      Promise.all([client.call('one', { agent: agents[0]! }), call(server.at(7000), { agent: agents[1]! })]);
    const statuses = async () => (await ask()).map(({ status }) => status);
    assert.deepEqual(await statuses(), [200, 200]);
    const connections = http1.connections;
    const sockets = () => agents.flatMap((agent) => Object.values(agent.freeSockets).flat());
    const open = sockets();
    await mesh.workload(workload([DENY]));
    assert.deepEqual(await statuses(), [403, 403]);
    await mesh.workload(workload([]));
    assert.deepEqual(await statuses(), [200, 200]);
    assert.deepEqual(sockets(), open, 'the same sockets');
    assert.ok(http1.connections - connections <= 2);
    for (const agent of agents) agent.destroy();
  });

  test('of an open HTTP/2 connection, while a stream that was let in goes on', async () => {
    using connection = openHttp2(client.to('two'));
    const { promise: when, resolve: release } = Promise.withResolvers<void>();
    http2.respond = () => ({ when, body: 'late' });
    const before = connection.call({ ':path': '/' }, 'x');
    await until(() => http2.active === 1);
    http2.respond = () => ({});
    await mesh.workload(workload([DENY]));
    assert.equal((await connection.call({ ':path': '/' })).status, 403);
    release();
    assert.equal((await before).body, 'late');
    await mesh.workload(workload([]));
    const { status } = await connection.call({ ':path': '/' });
    assert.equal(status, 200);
    const closed = once(connection.session, 'close');
    connection.session.close();
    await closed;
  });
});
