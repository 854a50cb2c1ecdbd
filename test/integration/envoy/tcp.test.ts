import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type AuthorizationPolicy, formatSpiffeId, type InboundPort } from '@dot-kube/proxy/model';
import {
  askTcp,
  assertShare,
  buildWorkload,
  call,
  clusterName,
  endpoint,
  identity,
  NAMESPACE,
  noneWaits,
  openTcp,
  type ServiceSpec,
  startMesh,
  startServer,
  startTcpServer,
  type TcpServer,
  type TestMesh,
  type TestProxy,
  until,
} from './harness/index.ts';

const policy = (
  action: AuthorizationPolicy['action'],
  account: string,
  mode: AuthorizationPolicy['mode'] = 'enforce',
): AuthorizationPolicy => ({
  source: { kind: 'AuthorizationPolicy', namespace: NAMESPACE, name: `${action}-${account}` },
  action,
  mode,
  rules: [
    {
      name: 'who',
      from: [
        {
          principals: [[{ kind: 'exact', value: formatSpiffeId(identity(account)) }]],
          notPrincipals: [],
          ipBlocks: [],
          notIpBlocks: [],
        },
      ],
      to: [],
    },
  ],
});

describe('opaque bytes', () => {
  const scope = new AsyncDisposableStack();
  let mesh: TestMesh;
  let client: TestProxy;
  let server: TestProxy;
  let [one, two, greeter]: TcpServer[] = [];

  const workload = (port: Partial<InboundPort> = {}) =>
    buildWorkload('server', [
      { port: 9000, protocol: 'tcp', ...port },
      { port: 9001, protocol: 'sniff' },
      { port: 9002, protocol: 'tcp', mtls: 'strict' },
    ]);
  const service = (name: string, port: number, more: Partial<ServiceSpec> = {}): ServiceSpec => ({
    name,
    port,
    protocol: 'tcp',
    endpoints: [endpoint(server.at(port), { mtls: true })],
    cluster: { identities: [identity('server')] },
    ...more,
  });

  before(async () => {
    one = scope.use(await startTcpServer('one'));
    two = scope.use(await startTcpServer('two'));
    greeter = scope.use(await startTcpServer('greeter', 'welcome'));
    const web = scope.use(await startServer({ name: 'web' }));
    mesh = scope.use(await startMesh());
    server = await mesh.proxy({
      name: 'server',
      workload: workload(),
      targets: { 9000: one, 9001: web, 9002: greeter },
    });
    const subsets = { '': [endpoint(one)], v2: [endpoint(two)] };
    await mesh.service(
      service('bytes', 9000),
      service('unknown', 9001, { protocol: 'sniff' }),
      service('greeting', 9002),
      service('split', 9000, {
        endpoints: subsets,
        cluster: {},
        tcp: [
          { cluster: clusterName('split', '', 9000), weight: 75 },
          { cluster: clusterName('split', 'v2', 9000), weight: 25 },
        ],
      }),
      service('nothing', 9000, { endpoints: [] }),
    );
    client = await mesh.proxy({ name: 'client', calls: ['bytes', 'unknown', 'greeting', 'split', 'nothing'] });
  });
  after(() => scope.disposeAsync());

  test('arrive through mTLS', async () => {
    assert.equal(await askTcp(client.to('bytes'), 'hello'), 'one: hello');
    const line = await server.logged(({ subject, cluster }) => subject === 'tcp' && cluster === 'inbound/9000');
    assert.equal(line['peer'], formatSpiffeId(identity('client')));
    assert.equal(line['serverName'], 'bytes.shop.tcp.mesh.dot-kube.internal');
  });

  test('arrive in plain text where that is permitted', async () => {
    assert.equal(await askTcp(server.at(9000), 'hello'), 'one: hello');
    const refused = await openTcp(server.at(9002));
    assert.equal(await refused.ask('hello'), undefined);
  });

  test('a server that speaks first is heard at once', async () => {
    await noneWaits(async () => {
      const connection = await openTcp(client.to('greeting'));
      assert.equal(await connection.hear(), 'welcome');
      connection.close();
    });
  });

  test('are told from HTTP where nobody said what it is', async () => {
    const { server: name, status } = await client.call('unknown');
    assert.deepEqual([name, status], ['web', 200]);
    const line = await server.logged(({ subject, cluster }) => subject === 'http' && cluster === 'inbound/9001');
    assert.equal(line['serverName'], 'unknown.shop.http.mesh.dot-kube.internal');
    // Node answers what is no HTTP with 400, over whatever brought it there.
    assert.match((await askTcp(client.to('unknown'), 'no HTTP at all\r\n\r\n')) ?? '', /^HTTP\/1.1 400/);
    const opaque = await server.logged(({ subject, cluster }) => subject === 'tcp' && cluster === 'inbound/9001');
    assert.equal(opaque['serverName'], 'unknown.shop.tcp.mesh.dot-kube.internal');
    assert.equal((await call(server.at(9001))).server, 'web', 'nor does a caller without a proxy say');
  });

  test('connections are split by weight', async () => {
    let toTwo = 0;
    for (let count = 0; count < 600; count += 30) {
      const answers = await Promise.all(Array.from({ length: 30 }, () => askTcp(client.to('split'), 'x')));
      toTwo += answers.filter((answer) => answer === 'two: x').length;
      assert.ok(answers.every((answer) => answer === 'one: x' || answer === 'two: x'));
    }
    // Envoy's weighted turns are no draw, so that the share is closer than a draw would be.
    assertShare(toTwo, 600, 0.25, 'connections to the second');
  });

  test('without an endpoint, a connection is closed at once', async () => {
    const since = performance.now();
    const connection = await openTcp(client.to('nothing'));
    assert.equal(await connection.ask('hello'), undefined);
    assert.ok(performance.now() - since < 1000, `${performance.now() - since} ms`);
  });

  test('a denial closes open connections, refuses new ones and is named', async () => {
    const open = await openTcp(client.to('bytes'));
    assert.equal(await open.ask('hello'), 'one: hello');
    await mesh.workload(workload({ authorization: [policy('deny', 'client')] }));
    const since = performance.now();
    await open.closed;
    assert.ok(performance.now() - since < 1000, `closed after ${performance.now() - since} ms`);
    assert.equal(await askTcp(client.to('bytes'), 'hello'), undefined);
    const line = await server.logged(({ details }) => String(details).includes('rbac'));
    assert.equal(line['details'], 'rbac_access_denied_matched_policy[deny:shop/deny-client[who]]');
    assert.equal(line['peer'], formatSpiffeId(identity('client')));
    assert.equal(await askTcp(server.at(9000), 'hello'), 'one: hello', 'whoever has no identity is another');
  });

  test('an allowance closes the port for everybody else', async () => {
    await mesh.workload(workload({ authorization: [policy('allow', 'client')] }));
    assert.equal(await askTcp(client.to('bytes'), 'hello'), 'one: hello');
    const line = await server.logged(({ allowedBy }) => allowedBy !== undefined);
    assert.equal(line['allowedBy'], 'allow:shop/allow-client[who]');
    assert.equal(await askTcp(server.at(9000), 'hello'), undefined);
    const refused = await server.logged(({ details }) => String(details).includes('no-allow'));
    assert.equal(refused['details'], 'rbac_access_denied_matched_policy[no-allow:shop/allow-client]');
  });

  test('a dry run and an audit only tell', async () => {
    const authorization = [policy('deny', 'client', 'dry-run'), policy('audit', 'client')];
    await mesh.workload(workload({ authorization }));
    assert.equal(await askTcp(client.to('bytes'), 'hello'), 'one: hello');
    const line = await server.logged(({ dryRun }) => dryRun !== undefined);
    assert.equal(line['dryRun'], 'deny:shop/deny-client[who]');
    assert.equal(line['audit'], 'audit:shop/audit-client[who]');
  });

  test('a rule that asks for something of HTTP lets no bytes through', async () => {
    const [rule] = policy('allow', 'client').rules;
    assert.ok(rule);
    const none = { hosts: [], notHosts: [], notMethods: [], paths: [], notPaths: [], headers: [] };
    const asksForHttp = { ...policy('allow', 'client'), rules: [{ ...rule, to: [{ ...none, methods: ['GET'] }] }] };
    await mesh.workload(workload({ authorization: [asksForHttp] }));
    assert.equal(await askTcp(client.to('bytes'), 'GET / HTTP/1.1\r\nhost: x\r\n\r\n'), undefined);
    await mesh.workload(workload());
    await until(async () => (await askTcp(client.to('bytes'), 'hello')) === 'one: hello');
  });
});
