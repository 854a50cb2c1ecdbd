import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { clone, type MessageShape } from '@bufbuild/protobuf';
import {
  type EnvoyResource,
  meshResources,
  parseAddress,
  type SocketAddress,
  serviceResources,
  TYPE,
  workloadResources,
} from '@dot-kube/proxy/envoy';
import type { ServiceRef } from '@dot-kube/proxy/model';
import { socketAddress } from '../../../proxy/envoy/address.ts';
import { filter } from '../../../proxy/envoy/extension.ts';
import {
  create,
  ListenerFilterSchema,
  AddressSchema,
  ListenerSchema,
  ProxyProtocolSchema,
} from '../../../proxy/envoy/proto/index.ts';
import {
  askOverTls,
  buildService,
  buildWorkload,
  endpoint,
  loopbackAddress,
  NAMESPACE,
  noneWaits,
  openTcp,
  SETTINGS,
  startMesh,
  startServer,
  startTcpServer,
  startTlsServer,
  type TcpServer,
  type TestMesh,
  type TestServer,
} from './harness/index.ts';

const PORT = 18_081;
const BOTH_FAMILIES = { ...SETTINGS, serviceCidrs: [...SETTINGS.serviceCidrs, 'fd00:10:96::/112'] };

/*
 * The listeners of a pod whose connections are redirected, without a redirection: PROXY protocol says where a connection
 * wanted to go, as the original destination of a redirected one does.
 */
describe('redirected connections', () => {
  const scope = new AsyncDisposableStack();
  const outbound: SocketAddress = { address: loopbackAddress(), port: PORT };
  const inbound: SocketAddress = { address: loopbackAddress(), port: PORT };
  let mesh: TestMesh;
  let web: TestServer;
  let elsewhere: TestServer;
  let bytes: TcpServer;
  let greeter: TcpServer;
  let local: TestServer;

  before(async () => {
    web = scope.use(await startServer({ name: 'web' }));
    elsewhere = scope.use(await startServer({ name: 'elsewhere' }));
    bytes = scope.use(await startTcpServer('bytes'));
    greeter = scope.use(await startTcpServer('greeter', 'welcome'));
    local = scope.use(await startServer({ name: 'local', address: '127.0.0.1', port: 0 }));
    mesh = scope.use(await startMesh());
    const tls = scope.use(await startTlsServer(await mesh.certificate('own'), 'its own TLS'));
    const headless = { name: 'headless', headless: true, endpoints: [endpoint(elsewhere)], hosts: ['headless.shop'] };
    const declared = { name: 'declared', port: 5432, protocol: 'tcp' as const, endpoints: [endpoint(greeter)] };
    const declaredOnHttp = { ...declared, name: 'greeter-80', port: 80 };
    await mesh.service(
      { name: 'web', endpoints: [endpoint(web)] },
      { name: 'sniffed', protocol: 'sniff', endpoints: [endpoint(bytes)] },
      { name: 'tls', protocol: 'sniff', endpoints: [endpoint(tls)] },
      { name: 'mysql', port: 3306, protocol: 'sniff', endpoints: [endpoint(greeter)] },
      declared,
      declaredOnHttp,
      headless,
    );
    const headlessService = buildService(headless, '').service;
    const ref: ServiceRef = { namespace: NAMESPACE, name: 'headless' };
    const workload = buildWorkload('local', [{ port: local.port }, { port: 7000, mtls: 'strict' }]);
    await mesh.proxy({
      name: 'local',
      workload,
      own: [
        ...meshResources(
          BOTH_FAMILIES,
          headlessService.ports.map((port) => ({ service: ref, port, causes: [] })),
          { logged: 'all' },
        ).map((from) => bound(from, outbound)),
        ...[declared, declaredOnHttp]
          .flatMap((spec) => serviceResources(buildService(spec, mesh.addressOf(spec.name)).service))
          .filter(({ type }) => type === TYPE.listener),
        ...workloadResources(workload, SETTINGS).map((from) => bound(from, inbound)),
      ],
    });
  });
  after(() => scope.disposeAsync());

  /** Connects through a listener to where it wanted to go. */
  const dial = async (through: SocketAddress, to: string) => {
    const connection = await openTcp(through);
    return {
      ...connection,
      ask: (text: string) => connection.ask(preamble(to) + text),
      knock: () => connection.say(preamble(to)),
    };
  };
  const http = async (through: SocketAddress, to: string, host = 'some.host', path = '/') => {
    const connection = await dial(through, to);
    const answer = await connection.ask(
      `GET ${path} HTTP/1.1\r\nhost: ${host}\r\nx-dot-kube-dst: 10.96.0.2:80\r\n\r\n`,
    );
    connection.close();
    const [, status] = /^HTTP\/1.1 (\d+)/.exec(answer ?? '') ?? [];
    const [, server = ''] = /x-server: (\S+)/.exec(answer ?? '') ?? [];
    return status === undefined ? undefined : `${status} ${server}`.trim();
  };

  test('HTTP to a Service finds its route by the address, whatever its headers say', async () => {
    assert.equal(await http(outbound, mesh.addressOf('web'), 'headless.shop'), '200 web');
    assert.equal(web.last?.headers['x-dot-kube-dst'], undefined);
  });

  test('HTTP to an address of no Service is not found', async () => {
    assert.equal(await http(outbound, '10.96.0.99:80'), '404');
    assert.equal(await http(outbound, mesh.addressOf('web').replace(':80', ':81')), '404');
  });

  test('other bytes to a Service find the cluster of its address', async () => {
    const connection = await dial(outbound, mesh.addressOf('sniffed'));
    assert.equal(await connection.ask('hello there, this is no HTTP\r\n'), 'bytes: hello there, this is no HTTP\r\n');
    connection.close();
  });

  test('TLS to a Service passes untouched, even when it is about to carry HTTP', async () => {
    const options = { servername: 'own', ALPNProtocols: ['http/1.1'], preamble: preamble(mesh.addressOf('tls')) };
    assert.equal(await askOverTls(outbound, 'hello', options), 'its own TLS');
  });

  test('an address that is declared to carry bytes has a listener of its own', async () => {
    const connection = await dial(outbound, mesh.addressOf('declared'));
    connection.knock();
    assert.equal(await connection.hear(), 'welcome');
    connection.close();
  });

  test('on the ports of protocols whose server speaks first, nobody waits for the caller', async () => {
    await noneWaits(async () => {
      const connection = await dial(outbound, mesh.addressOf('mysql'));
      connection.knock();
      assert.equal(await connection.hear(), 'welcome');
      connection.close();
    });
  });

  describe('on a port of HTTP, a client that is silent at first, as one in reserve is', () => {
    const late = async (to: string, say: string) => {
      const connection = await dial(outbound, to);
      connection.knock();
      await delay(1000);
      connection.say(say);
      const answer = await connection.hear();
      connection.close();
      return answer?.split('\r\n')[0];
    };
    const get = (host: string) => `GET / HTTP/1.1\r\nhost: ${host}\r\n\r\n`;

    test('is routed when it speaks HTTP', async () => {
      assert.equal(await late(mesh.addressOf('web'), get('some.host')), 'HTTP/1.1 200 OK');
      assert.equal(await late('10.96.0.99:80', get('some.host')), 'HTTP/1.1 404 Not Found');
    });

    test('is routed over IPv6 too', async () => {
      assert.equal(await late('[fd00:10:96::9]:80', get('some.host')), 'HTTP/1.1 404 Not Found');
    });

    test('is held to the headless Service that it names', async () => {
      assert.equal(await late(`${web.address}:${web.port}`, get('headless.shop')), 'HTTP/1.1 503 Service Unavailable');
    });

    test('gets other bytes through', async () => {
      assert.equal(await late(mesh.addressOf('sniffed'), 'no HTTP\r\n'), 'bytes: no HTTP');
    });
  });

  test('a server that speaks first on a port of HTTP is heard at once where the port is declared to carry bytes', async () => {
    const connection = await dial(outbound, mesh.addressOf('greeter-80'));
    connection.knock();
    assert.equal(await connection.hear(), 'welcome');
    connection.close();
  });

  test('HTTP elsewhere goes to the headless Service that its host names, or passes through', async () => {
    const address = `${elsewhere.address}:${elsewhere.port}`;
    assert.equal(await http(outbound, address, 'headless.shop'), '200 elsewhere');
    assert.equal(await http(outbound, address, 'pod-0.headless.shop:80'), '200 elsewhere');
    assert.equal(elsewhere.last?.headers['x-dot-kube-dst'], undefined);
    for (const host of ['headless.shop', 'headless.shop:80', 'pod-0.headless.shop', 'pod-0.headless.shop:80']) {
      const notAnEndpoint = await http(outbound, `${web.address}:${web.port}`, host);
      assert.equal(notAnEndpoint, '503', `${host} has no such endpoint`);
    }
    assert.equal(await http(outbound, `${web.address}:${web.port}`, 'example.com', '/a//b%2Fc/../d'), '200 web');
    assert.equal(web.last?.path, '/a//b%2Fc/../d', 'nothing is made of the path');
    assert.equal(web.last?.headers['x-dot-kube-dst'], undefined);
  });

  test('other bytes elsewhere pass through', async () => {
    const connection = await dial(outbound, `${bytes.address}:${bytes.port}`);
    assert.equal(await connection.ask('hello there, this is no HTTP\r\n'), 'bytes: hello there, this is no HTTP\r\n');
    connection.close();
  });

  for (const [through, name] of [
    [outbound, 'outbound'],
    [inbound, 'inbound'],
  ] as const) {
    for (const port of [15_001, 15_006]) {
      test(`${name}: nobody gets to the proxy's own port ${port}, which would call itself for ever`, async () => {
        await using proxy = await startTcpServer('the proxy itself', undefined, port);
        const connection = await dial(through, `${proxy.address}:${port}`);
        assert.equal(await connection.ask('hello there, this is no HTTP\r\n'), undefined);
        assert.equal(proxy.connections, 0);
      });
    }
  }

  test("a declared port is the application's, on its own loopback address", async () => {
    assert.equal(await http(inbound, `10.0.0.1:${local.port}`), '200 local');
  });

  test('a port that nobody declared is where the caller wanted to go', async () => {
    assert.equal(await http(inbound, `${web.address}:${web.port}`), '200 web');
    const connection = await dial(inbound, `${bytes.address}:${bytes.port}`);
    assert.equal(await connection.ask('hello there, this is no HTTP\r\n'), 'bytes: hello there, this is no HTTP\r\n');
    connection.close();
  });

  test('a strict port is not let in by what holds for other ports', async () => {
    assert.equal(await http(inbound, '10.0.0.1:7000'), undefined);
  });
});

function preamble(to: string): string {
  const { address, port } = parseAddress(to);
  return address.includes(':')
    ? `PROXY TCP6 fd00::9 ${address} 40000 ${port}\r\n`
    : `PROXY TCP4 10.9.9.9 ${address} 40000 ${port}\r\n`;
}

/** The same listener, bound to a loopback address and told by PROXY protocol; one that binds no socket as it is. */
function bound(from: EnvoyResource, at: SocketAddress): EnvoyResource {
  if (from.type !== TYPE.listener) return from;
  const listener = clone(ListenerSchema, from.message as MessageShape<typeof ListenerSchema>);
  if (listener.bindToPort === false) return from;
  listener.address = create(AddressSchema, socketAddress(at));
  listener.additionalAddresses = [];
  listener.listenerFilters = listener.listenerFilters.map((each) =>
    each.name === 'envoy.filters.listener.original_dst'
      ? create(ListenerFilterSchema, filter('envoy.filters.listener.proxy_protocol', ProxyProtocolSchema))
      : each,
  );
  return { ...from, message: listener };
}
