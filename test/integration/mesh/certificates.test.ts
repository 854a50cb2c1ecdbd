import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { typeUrls } from '@dot-kube/proxy/xds';
import { Forwarder, type MeshPod } from '../harness/index.ts';
import {
  endpoints,
  Flow,
  GET_STREAM,
  LongStream,
  NO_PODS,
  policy,
  RealMesh,
  serveEcho,
  serveHttp1,
  serveHttpStream,
  service,
} from './harness/index.ts';

const VIP = '10.96.0.1';
/** HTTP on connections that are used again, on one for each request, and streamed; bytes. */
const [POOLED, FRESH, STREAM, TCP] = [8080, 8081, 8082, 7070] as const;
const PORTS = [
  { port: POOLED, appProtocol: 'http' },
  { port: FRESH, appProtocol: 'http' },
  { port: STREAM, appProtocol: 'http' },
  { port: TCP, appProtocol: 'tcp' },
];
const LEAF_TTL_MS = 6000;
const ROOT_HOLD_MS = 400;

describe('certificates that change while requests are under way', { skip: NO_PODS }, () => {
  const scope = new AsyncDisposableStack();
  let mesh: RealMesh;
  let server: MeshPod;
  let client: MeshPod;
  /** Between the client's proxy and the control plane. */
  let forwarder: Forwarder;

  before(async () => {
    const freshConnections = policy('MeshPolicy', 'fresh', {
      targetRefs: [{ kind: 'Service', name: 'server', sectionName: `p${FRESH}` }],
      circuitBreaker: { maxRequestsPerConnection: 1 },
    });
    const strict = policy('MeshPolicy', 'strict', { mtls: { mode: 'Strict' } });
    mesh = scope.use(
      await RealMesh.start({
        objects: [service('server', VIP, PORTS), freshConnections, strict],
        authority: { leafTtlMs: LEAF_TTL_MS },
        operator: { rootChange: { spreadMs: 300, holdMs: ROOT_HOLD_MS, checkMs: 50 } },
      }),
    );
    forwarder = scope.use(await Forwarder.start(mesh.network.hostAddress, () => mesh.controlPlane));
    [server, client] = await Promise.all([
      mesh.pod({ app: 'server', number: 2 }),
      mesh.pod({ app: 'client', number: 3, controlPlanes: [forwarder.address] }),
    ]);
    const { application } = server;
    await serveHttp1(application, POOLED);
    await serveHttp1(application, FRESH);
    await serveHttpStream(application, STREAM);
    await serveEcho(application, TCP);
    await mesh.apply(endpoints('server', [server], PORTS));
  });
  after(() => scope.disposeAsync());

  /** Calls in every way until the change is over; nothing may fail and nothing may be cut. */
  async function undisturbed(change: () => Promise<void>): Promise<void> {
    const dial = (port: number) => () => client.application.connect(VIP, port);
    const agent = () => client.application.agent({ keepAlive: true, maxSockets: 1 });
    const stream = await LongStream.open('stream', dial(STREAM), GET_STREAM);
    const flows = [
      Flow.http1('pooled', agent(), VIP, POOLED),
      Flow.http1('fresh', agent(), VIP, FRESH),
      Flow.tcp('TCP', dial(TCP)),
      Flow.tcpOnce('fresh TCP', dial(TCP)),
    ];
    try {
      await Promise.all(flows.map((flow) => flow.until(({ allowed }) => allowed, 10)));
      await change();
      // With what there is afterwards.
      await Promise.all(flows.map((flow) => flow.until(({ allowed }) => allowed, flow.samples.length + 10)));
    } finally {
      await Promise.all(flows.map((flow) => flow.stop()));
      stream.close();
    }
    for (const { name, samples } of flows) {
      const failed = samples.filter(({ allowed }) => !allowed).length;
      assert.equal(failed, 0, `${name}: ${failed} of ${samples.length} failed`);
    }
    assert.ok(stream.longestGap < 1000, `the stream was silent for ${stream.longestGap} ms`);
  }

  /** Versions of its own certificate that a proxy acknowledges, from now on. */
  async function certificatesOf(pod: MeshPod, count: number): Promise<void> {
    const versions = new Set<string>();
    const deadline = performance.now() + count * LEAF_TTL_MS;
    while (versions.size < count) {
      assert.ok(performance.now() < deadline, `${pod.name}: ${versions.size} certificates in time`);
      const proxy = mesh.operator.proxies().find(({ id }) => id === `shop/${pod.name}`);
      const secrets = proxy?.types.find(({ type }) => type === typeUrls.secret)?.resources ?? [];
      const version = secrets.find(({ name }) => name === 'identity')?.acked?.version;
      if (version !== undefined) versions.add(version);
      await delay(20);
    }
  }

  /** Serial numbers of the roots that a proxy trusts for connections of the mesh. */
  async function trustedBy(pod: MeshPod): Promise<readonly string[]> {
    const { certificates } = JSON.parse(await pod.proxy.admin('/certs')) as {
      readonly certificates: readonly { readonly ca_cert?: readonly { readonly serial_number: string }[] }[];
    };
    const serials = certificates.flatMap(({ ca_cert = [] }) => ca_cert.map(({ serial_number }) => serial_number));
    return [...new Set(serials)].sort();
  }

  const serialsOfRoots = () =>
    mesh.authority.trustBundle.roots
      .map(({ certificatePem }) => new X509Certificate(certificatePem).serialNumber.toLowerCase())
      .sort();

  async function untilState(state: RealMesh['authority']['state'], milliseconds = 10_000): Promise<void> {
    const deadline = performance.now() + milliseconds;
    while (mesh.authority.state !== state) {
      assert.ok(performance.now() < deadline, `${mesh.authority.state} and not ${state}`);
      await delay(10);
    }
  }

  test('two rotations of both certificates lose no request', async () => {
    await undisturbed(async () => {
      await Promise.all([certificatesOf(server, 3), certificatesOf(client, 3)]);
    });
  });

  test('a change of the root loses no request, and goes on only when every proxy trusts the new one', async () => {
    const old = mesh.authority.signingRoot;
    await undisturbed(async () => {
      forwarder.hold('control-plane');
      mesh.operator.changeRoot();
      await untilState('introducing');
      await delay(4 * ROOT_HOLD_MS);
      assert.equal(mesh.authority.state, 'introducing', 'a proxy has not acknowledged it');
      forwarder.release();
      await untilState('retiring');
      assert.notEqual(mesh.authority.signingRoot, old);
      await untilState('stable');
    });
    assert.equal(mesh.authority.trustBundle.roots.length, 1);
    for (const pod of [server, client]) await untilEqual(() => trustedBy(pod), serialsOfRoots());
    // One that starts now knows the new root alone.
    const late = await mesh.pod({ app: 'late' });
    assert.equal((await late.call(VIP, POOLED)).status, 200);
  });
});

async function untilEqual<T>(actual: () => Promise<T>, expected: T): Promise<void> {
  const deadline = performance.now() + 5000;
  for (;;) {
    const found = await actual();
    try {
      return assert.deepEqual(found, expected);
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await delay(50);
    }
  }
}
