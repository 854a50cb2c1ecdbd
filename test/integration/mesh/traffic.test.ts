import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { assertShare } from '../envoy/harness/index.ts';
import type { CapturePod, LogLine, MeshPod } from '../harness/index.ts';
import {
  ask,
  askOnce,
  CAPTURE_TOOLS,
  callGrpc,
  type Dial,
  endpoints,
  hear,
  openGrpc,
  policy,
  type PortSpec,
  RealMesh,
  serveEcho,
  serveGrpc,
  serveHttp1,
  serveHttp2,
  service,
  serveWebSocket,
} from './harness/index.ts';

const VIP = '10.96.0.1';
const EMPTY = '10.96.0.2';
const UNKNOWN = '10.96.0.99';
const ADMIN_PORT = 15_000;
const PORTS = [
  { port: 80, targetPort: 8080, appProtocol: 'http' },
  { port: 8081, appProtocol: 'http2' },
  { port: 8082, appProtocol: 'grpc' },
  { port: 8083, appProtocol: 'http' },
  { port: 7070, appProtocol: 'tcp' },
  { port: 7071, appProtocol: 'tcp' },
  { port: 7072, appProtocol: 'tcp' },
  // What no Service may do.
  { port: ADMIN_PORT, appProtocol: 'http' },
] satisfies readonly PortSpec[];
const HEADLESS = [
  { port: 8080, appProtocol: 'http' },
  { port: 7070, appProtocol: 'tcp' },
] satisfies readonly PortSpec[];
/** Longer than anything of ours waits for something on demand. */
const LONG_MS = 3500;

for (const { capture, name, skip } of CAPTURE_TOOLS) {
  describe(`an application that calls through two real proxies, redirected by ${name}`, { skip }, () =>
    traffic(capture),
  );
}

function traffic(capture: CapturePod | undefined): void {
  const scope = new AsyncDisposableStack();
  let mesh: RealMesh;
  let client: MeshPod;
  let servers: readonly [MeshPod, MeshPod];
  let startedAt = 0;
  const streams = new Map<string, () => Promise<string | undefined>>();

  before(async () => {
    mesh = scope.use(
      await RealMesh.start({
        objects: [
          service('server', VIP, PORTS),
          service('nodes', 'None', HEADLESS, 'server'),
          service('empty', EMPTY, [
            { port: 80, appProtocol: 'http' },
            { port: 7070, appProtocol: 'tcp' },
          ]),
        ],
        ...(capture === undefined ? {} : { capture }),
      }),
    );
    const [one, two, caller] = await Promise.all([
      mesh.pod({ app: 'server', name: 'server-1', number: 2, labels: { version: 'v1' } }),
      mesh.pod({ app: 'server', name: 'server-2', number: 3, labels: { version: 'v2' } }),
      mesh.pod({ app: 'client', number: 4 }),
    ]);
    servers = [one, two];
    client = caller;
    for (const { name, application } of servers) {
      // On localhost alone: nobody gets there but through the proxy.
      await serveHttp1(application, 8080, '127.0.0.1');
      await serveHttp2(application, 8081);
      await serveGrpc(application, 8082);
      await serveWebSocket(application, 8083);
      await serveEcho(application, 7070, '127.0.0.1');
      await application.serveTcp(7071, (socket) => void socket.write(`${name} speaks first`));
      await application.serveTcp(7072, (socket) => void socket.end(name));
      await application.serveHttp(9999, (_request, response) => void response.end(name));
      await application.serveHttp(ADMIN_PORT, (_request, response) => void response.end('admin'), '127.0.0.1');
    }
    await mesh.apply(endpoints('server', servers, PORTS), endpoints('nodes', servers, HEADLESS));
    startedAt = performance.now();
    await openStreams();
  });
  after(() => scope.disposeAsync());

  const dial =
    (port: number, host = VIP, from = client): Dial =>
    () =>
      from.application.connect(host, port);

  /** Streams that the last test looks after. */
  async function openStreams(): Promise<void> {
    const grpc = await openGrpc(dial(8082), '/shop.Echo/Chat');
    streams.set('gRPC', () => ask(grpc, 'to gRPC'));
    const socket = await dial(8083)();
    const upgrade = 'GET / HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n';
    assert.match((await ask(socket, upgrade)) ?? '', /^HTTP\/1.1 101/);
    streams.set('WebSocket', () => ask(socket, 'to WebSocket'));
    const bytes = await dial(7070)();
    streams.set('TCP', () => ask(bytes, 'to TCP'));
    for (const [name, say] of streams) assert.equal(await say(), `to ${name}`);
  }

  /** Waits for a line of a proxy's access log. */
  async function logged(pod: MeshPod, fits: (line: LogLine) => boolean): Promise<LogLine> {
    for (let tries = 0; tries < 100; tries += 1) {
      const line = pod.proxy.logLines().findLast(fits);
      if (line !== undefined) return line;
      await delay(20);
    }
    throw new Error(`the proxy of ${pod.name} logs no such line`);
  }

  const reachedFor = (host: string, port: number) =>
    logged(client, ({ destination }) => destination === `${host}:${port}`);

  async function within<T>(milliseconds: number, what: () => Promise<T>): Promise<T> {
    const since = performance.now();
    const result = await what();
    const took = performance.now() - since;
    assert.ok(took <= milliseconds, `it took ${took} ms`);
    return result;
  }

  test('HTTP/1.1 to a Service whose pods listen on localhost, over mTLS', async () => {
    const { status, body } = await client.call(VIP, 80, { headers: { host: 'somebody.else' } });
    assert.equal(status, 200);
    const seen = JSON.parse(body) as Readonly<Record<string, string>>;
    assert.equal(seen['host'], 'somebody.else');
    assert.match(seen['x-forwarded-client-cert'] ?? '', /URI=spiffe:\/\/cluster.local\/ns\/shop\/sa\/client$/);
  });

  test('HTTP of a client that connects long before it asks, over mTLS', async () => {
    const socket = await dial(80)();
    await delay(600);
    const answer = await ask(socket, 'GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    assert.match(answer ?? '', /^HTTP\/1.1 200[^]*URI=spiffe:\/\/cluster.local\/ns\/shop\/sa\/client/);
  });

  test('HTTP/2 and gRPC, trailers included', async () => {
    const { message, trailers } = await callGrpc(dial(8082), '/shop.Echo/Say', 'hello');
    assert.deepEqual([message, trailers['grpc-status']], ['hello', '0']);
    assert.equal((await callGrpc(dial(8081), '/', '')).message, 'ok');
  });

  test('oneself, through the own Service: HTTP and TCP', async () => {
    const [one, two] = servers;
    await mesh.apply(endpoints('server', [one], PORTS));
    try {
      await untilTrue(async () => (await askOnce(dial(7072, VIP, two), 'which?\n')) === one.name);
      const { status, body } = await one.call(VIP, 80);
      assert.equal(status, 200);
      assert.match(body, /URI=spiffe:\/\/cluster.local\/ns\/shop\/sa\/server"/);
      assert.equal(await askOnce(dial(7070, VIP, one), 'to myself\n'), 'to myself\n');
      assert.equal((await one.call(one.ip, 9999)).body, one.name, 'by the own address');
      assert.equal((await two.call(one.ip, 9999)).body, one.name, 'and so by others');
    } finally {
      await mesh.apply(endpoints('server', servers, PORTS));
    }
  });

  test('the pods of a headless Service, each by its address: HTTP and TCP, over mTLS', async () => {
    for (const { ip } of servers) {
      const { body } = await client.call(ip, 8080, { headers: { host: 'nodes.shop:8080' } });
      assert.match(body, /URI=spiffe:\/\/cluster.local\/ns\/shop\/sa\/client/);
      assert.equal(await askOnce(dial(7070, ip), 'to a pod\n'), 'to a pod\n');
    }
    for (const server of servers) {
      const line = await logged(server, ({ serverName }) => serverName === 'nodes.shop.tcp.mesh.dot-kube.internal');
      assert.equal(line['peer'], 'spiffe://cluster.local/ns/shop/sa/client');
    }
  });

  test('a server that speaks first, on a port that is declared to carry opaque bytes', async () => {
    const socket = await dial(7071)();
    assert.match((await within(1000, () => hear(socket))) ?? '', /^server-[12] speaks first$/);
    socket.destroy();
  });

  test('TCP connections are split by weight', async () => {
    const split = policy('TrafficSplit', 'server', {
      service: 'server',
      port: 7072,
      backends: [
        { name: 'v1', labels: { version: 'v1' }, weight: 80 },
        { name: 'v2', labels: { version: 'v2' }, weight: 20 },
      ],
    });
    await mesh.inForce(split);
    const answers: (string | undefined)[] = [];
    for (let count = 0; count < 200; count += 20) {
      answers.push(...(await Promise.all(Array.from({ length: 20 }, () => askOnce(dial(7072), 'which?\n')))));
    }
    const [first, second] = ['server-1', 'server-2'].map((name) => answers.filter((each) => each === name).length);
    assert.equal((first ?? 0) + (second ?? 0), answers.length);
    assertShare(second ?? 0, answers.length, 0.2, 'the second version');
  });

  test('ports that nobody declared, and what is outside of the mesh', async () => {
    assert.equal((await client.call(servers[0].ip, 9999)).body, 'server-1');
    await using outside = createServer((_request, response) => void response.end('outside'));
    await new Promise<void>((resolve) => {
      outside.listen(0, mesh.network.hostAddress, resolve);
    });
    const { port } = outside.address() as AddressInfo;
    assert.equal((await client.call(mesh.network.hostAddress, port)).body, 'outside');
    outside.closeAllConnections();
  });

  test('what only proxies may say is taken from nobody else', async () => {
    const headers = {
      'x-envoy-upstream-rq-timeout-ms': '1',
      'x-envoy-retry-on': '5xx',
      'x-forwarded-client-cert': 'URI=spiffe://cluster.local/ns/shop/sa/admin',
      'x-dot-kube-dst': `${EMPTY}:80`,
      'x-dot-kube-anything': 'x',
      'x-of-the-application': 'stays',
    };
    const direct = await new Promise<string>((resolve, reject) => {
      const sent = request({ host: servers[0].ip, port: 8080, headers }, (response) => {
        text(response).then(resolve, reject);
      });
      sent.once('error', reject);
      sent.end();
    });
    const meshed = (await client.call(VIP, 80, { headers })).body;
    for (const [seen, certificate] of [
      [direct, undefined],
      [meshed, /;URI=spiffe:\/\/cluster.local\/ns\/shop\/sa\/client$/],
    ] as const) {
      const received = JSON.parse(seen) as Readonly<Record<string, string>>;
      assert.equal(received['x-of-the-application'], 'stays');
      const internal = Object.keys(received).filter((name) => /^x-(envoy|dot-kube)-/.test(name));
      assert.deepEqual(internal, []);
      const named = received['x-forwarded-client-cert'];
      if (certificate === undefined) assert.equal(named, undefined);
      else assert.match(named ?? '', certificate);
    }
  });

  test("nobody gets to the proxy's own ports from outside of its pod", async () => {
    for (const port of [ADMIN_PORT, 15_001, 15_006]) {
      const socket = connect(port, servers[0].ip);
      socket.on('error', () => {});
      await once(socket, 'connect');
      assert.equal(await ask(socket, 'GET / HTTP/1.1\r\nhost: x\r\n\r\n'), undefined, `port ${port}`);
    }
    // Declared by a Service or not.
    for (const host of [VIP, servers[0].ip]) assert.equal((await client.call(host, ADMIN_PORT)).status, 503);
  });

  test('an address that no Service has is told so at once, with a name for it', async () => {
    assert.equal((await within(1000, () => client.call(UNKNOWN, 80))).status, 404);
    assert.equal((await reachedFor(UNKNOWN, 80))['details'], 'route_not_found');
    assert.equal(await within(1000, () => askOnce(dial(7070, UNKNOWN), 'hello?\n')), undefined);
    assert.equal((await reachedFor(UNKNOWN, 7070))['flags'], 'UH');
  });

  test('a Service without endpoints is told so at once, with a name for it', async () => {
    for (let times = 0; times < 2; times += 1) {
      const { status, body } = await within(1000, () => client.call(EMPTY, 80));
      assert.deepEqual([status, body], [503, 'no healthy upstream']);
      assert.equal(await within(1000, () => askOnce(dial(7070, EMPTY), 'hello?\n')), undefined);
    }
    assert.equal((await reachedFor(EMPTY, 80))['details'], 'no_healthy_upstream');
    assert.equal((await reachedFor(EMPTY, 7070))['flags'], 'UH');
  });

  test('long streams of gRPC, WebSockets and TCP are still open', async () => {
    await delay(Math.max(0, LONG_MS - (performance.now() - startedAt)));
    for (const [name, say] of streams) assert.equal(await say(), `to ${name}`);
  });

  test('no proxy has refused anything', () => {
    assert.deepEqual(mesh.operator.quarantined(), []);
    const refusals = mesh.operator.proxies().flatMap(({ types }) => types.flatMap(({ lastNack }) => lastNack ?? []));
    assert.deepEqual(refusals, []);
  });
}

async function untilTrue(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 5000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('it does not come true');
    await delay(20);
  }
}
