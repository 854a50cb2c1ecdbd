import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { AUTHORIZATION_POLICY, MESH_POLICY } from '../../../operator/api/index.ts';
import type { KubernetesObject } from '../../../operator/framework/index.ts';
import type { MeshPod } from '../harness/index.ts';
import {
  type Dial,
  endpoints,
  Flow,
  GET_STREAM,
  LongStream,
  NO_PODS,
  policy,
  RealMesh,
  serveEcho,
  serveHttp1,
  serveHttp2,
  serveHttpStream,
  serveTcpStream,
  service,
} from './harness/index.ts';

const VIP = '10.96.0.1';
const [HTTP1, HTTP2, TCP, HTTP_STREAM, TCP_STREAM] = [8080, 8081, 7070, 9090, 9091] as const;
const PORTS = [
  { port: HTTP1, appProtocol: 'http' },
  { port: HTTP2, appProtocol: 'http2' },
  { port: TCP, appProtocol: 'tcp' },
  { port: HTTP_STREAM, appProtocol: 'http' },
  { port: TCP_STREAM, appProtocol: 'tcp' },
];
const selector = { matchLabels: { app: 'server' } };
const ONE_CONNECTION = { keepAlive: true, maxSockets: 1 };
/** How long the flows go on after the status has said that the change is in force. */
const AFTERWARDS_MS = 1200;

/** Who calls: an application through its proxy, over mTLS, or somebody without a proxy, in plain text. */
type Caller = 'meshed' | 'plain';

/** What became of the connections that were open when something changed. Times are relative to the status. */
interface Outcome {
  readonly flows: ReadonlyMap<string, Flow>;
  readonly streams: ReadonlyMap<string, LongStream>;
  readonly at: number;
}

describe('Programmed, when connections are open and busy', { skip: NO_PODS }, () => {
  const scope = new AsyncDisposableStack();
  let mesh: RealMesh;
  let server: MeshPod;
  let client: MeshPod;

  before(async () => {
    mesh = scope.use(await RealMesh.start({ objects: [service('server', VIP, PORTS)] }));
    [server, client] = await Promise.all([
      mesh.pod({ app: 'server', number: 2 }),
      mesh.pod({ app: 'client', number: 3 }),
    ]);
    const { application } = server;
    await serveHttp1(application, HTTP1);
    await serveHttp2(application, HTTP2);
    await serveEcho(application, TCP);
    await serveHttpStream(application, HTTP_STREAM);
    await serveTcpStream(application, TCP_STREAM);
    await mesh.apply(endpoints('server', [server], PORTS));
  });
  after(() => scope.disposeAsync());
  afterEach(() => mesh.deleteAll(AUTHORIZATION_POLICY, MESH_POLICY));

  const dial =
    (caller: Caller, port: number): Dial =>
    async () => {
      if (caller === 'meshed') return client.application.connect(VIP, port);
      const socket = connect(port, server.ip);
      socket.on('error', () => {});
      await once(socket, 'connect');
      return socket;
    };

  function startFlows(): Map<string, Flow> {
    const flows = (['meshed', 'plain'] as const).flatMap((caller) => {
      const agent = caller === 'meshed' ? client.application.agent(ONE_CONNECTION) : new Agent(ONE_CONNECTION);
      return [
        Flow.http1(`${caller} HTTP/1.1`, agent, caller === 'meshed' ? VIP : server.ip, HTTP1),
        Flow.http2(`${caller} HTTP/2`, dial(caller, HTTP2)),
        Flow.tcp(`${caller} TCP`, dial(caller, TCP)),
      ];
    });
    return new Map(flows.map((flow) => [flow.name, flow]));
  }

  async function openStreams(): Promise<Map<string, LongStream>> {
    const opened = (['meshed', 'plain'] as const).flatMap((caller) => [
      LongStream.open(`${caller} HTTP stream`, dial(caller, HTTP_STREAM), GET_STREAM),
      LongStream.open(`${caller} TCP stream`, dial(caller, TCP_STREAM)),
    ]);
    return new Map((await Promise.all(opened)).map((stream) => [stream.name, stream]));
  }

  /** Holds connections open and busy while the object comes into force, and some time longer. */
  async function changeUnderLoad(object: KubernetesObject): Promise<Outcome> {
    const streams = await openStreams();
    const flows = startFlows();
    try {
      await allGo(flows, 30);
      const at = await mesh.inForce(object);
      await delay(AFTERWARDS_MS);
      return { flows, streams, at };
    } finally {
      await Promise.all([...flows.values()].map((flow) => flow.stop()));
      for (const stream of streams.values()) stream.close();
    }
  }

  function assertBound({ flows, at }: Outcome, names: readonly string[]): void {
    for (const name of names) {
      const samples = flows.get(name)?.samples ?? [];
      const allowed = samples.filter((sample) => sample.allowed);
      const late = allowed.filter(({ sentAt }) => sentAt > at);
      assert.deepEqual(
        late,
        [],
        `${name}: allowed although it was sent after the status said that the change is in force`,
      );
      const last = Math.max(...allowed.map(({ endedAt }) => endedAt)) - at;
      assert.ok(last <= 1000, `${name}: the last answer came ${last} ms after the status`);
      const refused = samples.filter((sample) => !sample.allowed && sample.sentAt > at).length;
      assert.ok(refused > 1, `${name}: ${refused} refusals after the status, of ${samples.length}`);
    }
  }

  function assertUntouched({ flows, at }: Outcome, names: readonly string[]): void {
    for (const name of names) {
      const samples = flows.get(name)?.samples ?? [];
      assert.deepEqual(
        samples.filter(({ allowed }) => !allowed),
        [],
        `${name}: refused`,
      );
      assert.equal(connectionsOf(samples), 1, `${name}: more than one connection`);
      assert.ok((samples.at(-1)?.sentAt ?? 0) > at + AFTERWARDS_MS / 2, `${name}: does not go on`);
    }
  }

  function assertStreams({ streams, at }: Outcome, expected: Readonly<Record<string, 'goes on' | 'is cut'>>): void {
    for (const [name, fate] of Object.entries(expected)) {
      const stream = streams.get(name);
      assert.ok(stream !== undefined, name);
      const since = stream.heardAt - at;
      if (fate === 'is cut') assert.ok(since <= 0, `${name}: said something ${since} ms after the status`);
      else assert.ok(since > AFTERWARDS_MS / 2, `${name}: cut ${-since} ms before the status`);
    }
  }

  async function assertAllGoesAgain(without: KubernetesObject): Promise<void> {
    await mesh.delete(without);
    const flows = startFlows();
    try {
      await allGo(flows, 10);
    } finally {
      await Promise.all([...flows.values()].map((flow) => flow.stop()));
    }
  }

  const of = (...whats: readonly string[]) => whats.flatMap((what) => [`meshed ${what}`, `plain ${what}`]);

  test('a Deny binds the next request, ends the TCP connections that it forbids, and cuts nothing else', async () => {
    const deny = policy('AuthorizationPolicy', 'deny', {
      selector,
      action: 'Deny',
      rules: [{ to: [{ ports: [HTTP1, HTTP2, TCP] }] }],
    });
    const outcome = await changeUnderLoad(deny);
    assertBound(outcome, of('HTTP/1.1', 'HTTP/2', 'TCP'));
    for (const name of of('HTTP/1.1', 'HTTP/2')) {
      assert.equal(
        connectionsOf(outcome.flows.get(name)?.samples ?? []),
        1,
        `${name} is refused on the open connection`,
      );
    }
    const goOn = Object.fromEntries(of('HTTP stream', 'TCP stream').map((name) => [name, 'goes on'] as const));
    assertStreams(outcome, goOn);
    await assertAllGoesAgain(deny);
  });

  test('a Deny about requests leaves opaque bytes alone', async () => {
    const deny = policy('AuthorizationPolicy', 'deny', {
      selector,
      action: 'Deny',
      rules: [{ to: [{ methods: ['GET'], paths: ['/'] }] }],
    });
    const outcome = await changeUnderLoad(deny);
    assertBound(outcome, of('HTTP/1.1', 'HTTP/2'));
    assertUntouched(outcome, of('TCP'));
    const goOn = Object.fromEntries(of('HTTP stream', 'TCP stream').map((name) => [name, 'goes on'] as const));
    assertStreams(outcome, goOn);
    await assertAllGoesAgain(deny);
  });

  test('a turn to Strict ends what is in plain text, and no request over mTLS fails for it', async () => {
    const strict = policy('MeshPolicy', 'strict', { selector, mtls: { mode: 'Strict' } });
    const outcome = await changeUnderLoad(strict);
    assertBound(outcome, ['plain HTTP/1.1', 'plain HTTP/2', 'plain TCP']);
    assertUntouched(outcome, ['meshed HTTP/1.1', 'meshed HTTP/2', 'meshed TCP']);
    assertStreams(outcome, {
      'meshed HTTP stream': 'goes on',
      'meshed TCP stream': 'goes on',
      'plain HTTP stream': 'is cut',
      'plain TCP stream': 'is cut',
    });
    await assertAllGoesAgain(strict);
  });

  test('a turn to Strict of some ports leaves plain text on the others alone', async () => {
    const mtls = { ports: [HTTP1, HTTP2, TCP].map((port) => ({ port, mode: 'Strict' })) };
    const strict = policy('MeshPolicy', 'strict', { selector, mtls });
    const outcome = await changeUnderLoad(strict);
    assertBound(outcome, ['plain HTTP/1.1', 'plain HTTP/2', 'plain TCP']);
    assertUntouched(outcome, ['meshed HTTP/1.1', 'meshed HTTP/2', 'meshed TCP']);
    assertStreams(outcome, { 'plain HTTP stream': 'goes on', 'plain TCP stream': 'goes on' });
    await assertAllGoesAgain(strict);
  });
});

async function allGo(flows: ReadonlyMap<string, Flow>, count: number): Promise<void> {
  await Promise.all([...flows.values()].map((flow) => flow.until(({ allowed, reused }) => allowed && reused, count)));
}

function connectionsOf(samples: Flow['samples']): number {
  return samples.filter(({ reused }) => !reused).length;
}
