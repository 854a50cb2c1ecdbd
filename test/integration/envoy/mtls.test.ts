import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { formatSpiffeId, type InboundPort, type MtlsMode } from '@dot-kube/proxy/model';
import {
  askOverTls,
  buildWorkload,
  call,
  endpoint,
  identity,
  type ServiceSpec,
  startMesh,
  startServer,
  startTlsServer,
  type TestMesh,
  type TestProxy,
  type TestServer,
  until,
} from './harness/index.ts';

const HTTP_NAME = 'x.y.http.mesh.dot-kube.internal';
const TCP_NAME = 'x.y.tcp.mesh.dot-kube.internal';
const GET = 'GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';
const GREETING = 'the application itself';

describe('mTLS', () => {
  const scope = new AsyncDisposableStack();
  let mesh: TestMesh;
  let client: TestProxy;
  let server: TestProxy;
  let app: TestServer;

  const taking = (mtls: MtlsMode, port: Partial<InboundPort> = {}) =>
    buildWorkload('server', [
      { port: 8080, mtls, ...port },
      { port: 8443, mtls, protocol: 'sniff' },
    ]);
  const service = (name: string, mtls: boolean): ServiceSpec => ({
    name,
    endpoints: [endpoint(server.at(8080), { mtls })],
    cluster: { identities: [identity('server')] },
  });
  const ownTls = () => askOverTls(server.at(8443), 'hello', { servername: 'app.example' });
  /** A caller without a proxy. */
  const directly = (agent = new Agent()) => call(server.at(8080), { agent });

  before(async () => {
    app = scope.use(await startServer({ name: 'app' }));
    mesh = scope.use(await startMesh());
    const own = scope.use(await startTlsServer(await mesh.certificate('app'), GREETING));
    const targets = { 8080: app, 8443: own };
    server = await mesh.proxy({ name: 'server', workload: taking('permissive'), targets });
    const impostor = await mesh.proxy({
      name: 'impostor',
      workload: buildWorkload('impostor', [{ port: 8080 }]),
      targets: { 8080: app },
    });
    await mesh.service(service('secured', true), service('plain', false), {
      ...service('impostor', true),
      endpoints: [endpoint(impostor.at(8080), { mtls: true })],
    });
    client = await mesh.proxy({ name: 'client', calls: ['secured', 'plain', 'impostor'] });
  });
  after(() => scope.disposeAsync());

  test('joins two proxies, and the application learns who called', async () => {
    const { status } = await client.call('secured');
    assert.equal(status, 200);
    assert.match(
      String(app.last?.headers['x-forwarded-client-cert']),
      /;URI=spiffe:\/\/cluster\.local\/ns\/shop\/sa\/client$/,
    );
    const line = await server.logged(({ peer }) => peer !== undefined);
    assert.equal(line['peer'], formatSpiffeId(identity('client')));
    assert.equal(line['local'], formatSpiffeId(identity('server')));
    assert.equal(line['serverName'], 'secured.shop.http.mesh.dot-kube.internal');
    assert.equal(
      (await client.logged(({ status: code }) => code === 200))['upstreamPeer'],
      formatSpiffeId(identity('server')),
    );
  });

  test('nothing from outside is taken for what proxies say', async () => {
    const forged = {
      'x-forwarded-client-cert': 'By=spiffe://x;URI=spiffe://cluster.local/ns/shop/sa/admin',
      'x-envoy-retry-on': '5xx',
      'x-envoy-original-path': '/admin',
      'x-envoy-external-address': '10.0.0.1',
      'X-Envoy-Expected-Rq-Timeout-Ms': '1',
      'x-dot-kube-dst': '10.96.0.99:80',
      'x-dot-kube-anything': 'x',
    };
    const kept = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '1.2.3.4', 'x-request-id': 'mine' };
    for (const ask of [
      client.call('secured', { headers: { ...forged, ...kept } }),
      call(server.at(8080), { headers: { ...forged, ...kept } }),
    ]) {
      assert.equal((await ask).status, 200);
      const seen = app.last?.headers ?? {};
      const internal = Object.keys(seen).filter((name) => /^x-(envoy|dot-kube)/.test(name));
      assert.deepEqual(internal, []);
      assert.doesNotMatch(String(seen['x-forwarded-client-cert']), /admin/);
      for (const [name, value] of Object.entries(kept)) assert.equal(seen[name], value);
    }
    const { headers } = await client.call('secured');
    assert.deepEqual(
      Object.keys(headers).filter((name) => name.startsWith('x-envoy')),
      [],
    );
  });

  test('permissive takes plain text as well', async () => {
    assert.equal((await directly()).status, 200);
    assert.equal(app.last?.headers['x-forwarded-client-cert'], undefined);
    assert.equal((await client.call('plain')).status, 200);
    assert.equal((await client.call('secured')).status, 200);
  });

  test("permissive passes the application's own TLS through", async () => {
    assert.equal(await ownTls(), GREETING);
  });

  test('strict takes mTLS alone, and closes what is open in plain text', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const meshed = new Agent({ keepAlive: true, maxSockets: 1 });
    assert.equal((await directly(agent)).status, 200);
    assert.equal((await client.call('secured', { agent: meshed })).status, 200);
    const [open] = Object.values(agent.freeSockets).flat();
    assert.ok(open);
    const closed = once(open, 'close');
    const since = performance.now();
    await mesh.workload(taking('strict'));
    await closed;
    assert.ok(performance.now() - since < 1000, `closed after ${performance.now() - since} ms`);
    await assert.rejects(directly());
    const line = await server.logged(({ subject }) => subject === 'refused');
    assert.equal(line['flags'], 'NR');
    assert.equal((await client.call('plain')).status, 503, 'nor from a proxy that does not know better');
    assert.equal((await client.call('secured', { agent: meshed })).status, 200);
    await assert.rejects(ownTls(), "nor the application's own TLS");
    await mesh.workload(taking('permissive'));
  });

  test('disabled takes plain text alone', async () => {
    await mesh.workload(taking('disabled'));
    assert.equal((await directly()).status, 200);
    assert.equal((await client.call('plain')).status, 200);
    await until(async () => (await client.call('secured')).status === 503);
    await mesh.workload(taking('permissive'));
  });

  test('a single port may differ', async () => {
    await mesh.workload(taking('permissive', { mtls: 'strict' }));
    await assert.rejects(directly());
    assert.equal(await ownTls(), GREETING);
    await mesh.workload(taking('permissive'));
  });

  test('an endpoint that gets a proxy is called with mTLS from then on', async () => {
    assert.equal((await client.call('plain')).status, 200);
    assert.equal(app.last?.headers['x-forwarded-client-cert'], undefined, 'a connection is open');
    await mesh.service(service('plain', true));
    assert.equal((await client.call('plain')).status, 200);
    assert.match(String(app.last?.headers['x-forwarded-client-cert']), /sa\/client$/);
    await mesh.service(service('plain', false));
    assert.equal((await client.call('plain')).status, 200);
    assert.equal(app.last?.headers['x-forwarded-client-cert'], undefined);
  });

  test('a caller refuses a server that has another service account behind the same address', async () => {
    app.requests = 0;
    const { status } = await client.call('impostor');
    assert.equal(status, 503);
    assert.equal(app.requests, 0);
    const line = await client.logged(({ cluster }) => cluster === 'shop/impostor:80');
    assert.match(String(line['upstreamFailure']), /CERTIFICATE_VERIFY_FAILED.*SAN_matcher/);
  });

  test('a certificate of another authority, or none, is refused', async () => {
    const stranger = await mesh.strangerCertificate('client');
    const own = await mesh.certificate('client');
    const to = server.at(8080);
    assert.match(
      await askOverTls(to, GET, { ...own, servername: HTTP_NAME }),
      /^HTTP\/1.1 200/,
      'while its own is not',
    );
    await assert.rejects(askOverTls(to, GET, { ...stranger, servername: HTTP_NAME }));
    await assert.rejects(askOverTls(to, GET, { servername: HTTP_NAME }));
  });

  test('what is declared to be HTTP cannot be reached as opaque bytes, by which its rules would be evaded', async () => {
    const own = await mesh.certificate('client');
    await assert.rejects(askOverTls(server.at(8080), GET, { ...own, servername: TCP_NAME }));
  });
});
