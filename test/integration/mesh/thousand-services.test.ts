import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { KubernetesObject } from '../../../operator/framework/index.ts';
import { type MeshPod, podObject } from '../harness/index.ts';
import { endpoints, NAMESPACE, NO_PODS, policy, RealMesh, serveHttp1, service, WireMeter } from './harness/index.ts';

/** So many Services of the mesh are called, by a real Envoy and through it. */
const CALLED = 10;
const KB = 1000;
const MB = 1000 * KB;

const PORTS = [{ port: 80, targetPort: 8080, appProtocol: 'http' }];
const nameOf = (index: number) => `svc-${index}`;
const addressOf = (index: number) => `10.96.${1 + Math.floor(index / 250)}.${1 + (index % 250)}`;

/** A Service with one endpoint: a meshed pod. */
function withEndpoint(index: number): readonly KubernetesObject[] {
  const [name, ip] = [nameOf(index), addressOf(index).replace('10.96.', '10.200.')];
  const pod = { name: `${name}-0`, ip };
  return [
    service(name, addressOf(index), PORTS),
    podObject({ ...pod, namespace: NAMESPACE, app: name }),
    endpoints(name, [pod], PORTS),
  ];
}

/** A mesh of so many Services, in which a proxy has called ten. */
class Measured implements AsyncDisposable {
  readonly mesh: RealMesh;
  readonly caller: MeshPod;
  /** At the proxy that calls, and at the one that is called. */
  readonly meters: readonly [WireMeter, WireMeter];
  readonly #scope: AsyncDisposableStack;

  private constructor(mesh: RealMesh, caller: MeshPod, meters: [WireMeter, WireMeter], scope: AsyncDisposableStack) {
    this.mesh = mesh;
    this.caller = caller;
    this.meters = meters;
    this.#scope = scope;
  }

  static async start(count: number): Promise<Measured> {
    await using scope = new AsyncDisposableStack();
    const others = Array.from({ length: count - CALLED }, (_, index) => withEndpoint(index + CALLED)).flat();
    const called = Array.from({ length: CALLED }, (_, index) => index);
    const services = called.map((index) => service(nameOf(index), addressOf(index), PORTS, 'server'));
    const mesh = scope.use(await RealMesh.start({ objects: [...services, ...others] }));
    const meters: [WireMeter, WireMeter] = [
      scope.use(await WireMeter.start(mesh.controlPlane)),
      scope.use(await WireMeter.start(mesh.controlPlane)),
    ];
    const server = await mesh.pod({ app: 'server', controlPlanes: [meters[1].address] });
    await serveHttp1(server.application, 8080);
    await mesh.apply(...called.map((index) => endpoints(nameOf(index), [server], PORTS)));
    const caller = await mesh.pod({ app: 'caller', controlPlanes: [meters[0].address] });
    for (const index of called) {
      const { status, body } = await caller.call(addressOf(index), 80);
      assert.equal(status, 200);
      assert.match(body, /spiffe:\/\/cluster.local\/ns\/shop\/sa\/caller/);
    }
    return new Measured(mesh, caller, meters, scope.move());
  }

  /** Bytes that the change sends to each of the proxies, until it is in force everywhere. */
  async bytesOf(change: () => Promise<void>): Promise<readonly number[]> {
    const before = await Promise.all(this.meters.map((meter) => meter.sent()));
    await change();
    const after = await Promise.all(this.meters.map((meter) => meter.sent()));
    return after.map((bytes, index) => bytes - (before[index] ?? 0));
  }

  /** Bytes of the caller's heap that are in use. */
  async heap(): Promise<number> {
    const memory = JSON.parse(await this.caller.proxy.admin('/memory')) as { readonly allocated: string };
    return Number(memory.allocated);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#scope.disposeAsync();
  }
}

describe('a proxy that calls ten of 1,000 Services', { skip: NO_PODS }, () => {
  const scope = new AsyncDisposableStack();
  let large: Measured;

  before(async () => {
    large = scope.use(await Measured.start(1000));
  });
  after(() => scope.disposeAsync());

  test('has a heap of at most 12 MB', async (context) => {
    const bytes = await large.heap();
    context.diagnostic(`${bytes} bytes`);
    assert.ok(bytes > 5 * MB && bytes <= 12 * MB, `${bytes} bytes`);
  });

  test('is sent at most 150 KB more than in a mesh of ten', async (context) => {
    await using small = await Measured.start(CALLED);
    const [few, many] = await Promise.all([small.meters[0].sent(), large.meters[0].sent()]);
    context.diagnostic(`${few} and ${many} bytes; heap in the mesh of ten: ${await small.heap()} bytes`);
    assert.ok(many > few && many - few <= 150 * KB, `${many - few} bytes more`);
  });

  test('is sent at most 2 KB for the edit of a route that it uses', async (context) => {
    const split = policy('TrafficSplit', nameOf(3), {
      service: nameOf(3),
      backends: [{ name: 'other', service: nameOf(4), weight: 1 }],
    });
    const timeouts = policy('MeshPolicy', nameOf(5), {
      targetRefs: [{ kind: 'Service', name: nameOf(5) }],
      timeouts: { request: '10s' },
    });
    for (const edit of [split, timeouts]) {
      const bytes = await large.bytesOf(async () => {
        await large.mesh.apply(edit);
        await large.mesh.until(edit, 'Programmed', 'True Programmed');
      });
      context.diagnostic(`${edit.kind}: ${bytes.join(', ')} bytes`);
      assert.ok((bytes[0] ?? 0) > 0 && Math.max(...bytes) <= 2 * KB, `${edit.kind}: ${bytes.join(', ')} bytes`);
    }
  });

  test('is sent at most 2 KB for a new Service', async (context) => {
    const bytes = await large.bytesOf(() => large.mesh.apply(...withEndpoint(1000)));
    context.diagnostic(`${bytes.join(', ')} bytes`);
    assert.ok(Math.min(...bytes) > 0 && Math.max(...bytes) <= 2 * KB, `${bytes.join(', ')} bytes`);
  });
});
