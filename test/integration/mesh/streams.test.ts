import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { typeUrls } from '@dot-kube/proxy/xds';
import { AdsClient } from '@dot-kube/proxy/xds/testing';
import { resourceKind } from '../../../operator/framework/index.ts';
import { type MeshPod, podObject, type PodSpec, type ProxyProcess, startProxy } from '../harness/index.ts';
import { externalEndpoints, NAMESPACE, NO_PODS, policy, RealMesh, service } from './harness/index.ts';

const VIP = '10.96.0.1';
const HTTP = { port: 80, appProtocol: 'http' };

/** A pod that only the API knows; `ip` is nowhere. */
const spare = (name: string): PodSpec => ({ namespace: NAMESPACE, name, app: name, ip: '10.200.0.1' });

describe('the streams of proxies', { skip: NO_PODS }, () => {
  const scope = new AsyncDisposableStack();
  let mesh: RealMesh;
  let caller: MeshPod;
  let stuck: MeshPod;

  before(async () => {
    mesh = scope.use(await RealMesh.start());
    for (const [index, name] of ['blue', 'green', 'shop'].entries()) {
      const { port } = (await serve(name)).address() as AddressInfo;
      const ports = [{ ...HTTP, targetPort: port }];
      await mesh.apply(
        service(name, `10.96.0.${3 - index}`, ports),
        externalEndpoints(name, mesh.network.hostAddress, ports),
      );
    }
    [stuck, caller] = await Promise.all([
      mesh.pod({ app: 'caller', name: 'caller-0', number: 2 }),
      mesh.pod({ app: 'caller', name: 'caller-1', number: 3 }),
    ]);
    for (const pod of [stuck, caller]) assert.equal((await pod.call(VIP, 80)).body, 'shop');
  });
  after(() => scope.disposeAsync());

  /** An application outside of the mesh. */
  async function serve(words: string): Promise<Server> {
    const server = createServer((_request, response) => void response.end(words));
    await new Promise<void>((resolve) => {
      server.listen(0, mesh.network.hostAddress, resolve);
    });
    scope.defer(() => {
      server.closeAllConnections();
      server.close();
    });
    return server;
  }

  /** A proxy that shows this token, whatever it says of itself. */
  async function proxyWith(token: string, proxyId: string): Promise<ProxyProcess> {
    const proxy = await startProxy({
      controlPlanes: [mesh.controlPlane],
      rootsPem: mesh.authority.trustBundle.pem,
      token,
      proxyId,
      until: 'started',
    });
    return scope.use(proxy);
  }

  const ids = () => mesh.operator.proxies().map(({ id }) => id);

  /** Names of secrets and listeners that a proxy has from the control plane. */
  async function holds(proxy: ProxyProcess): Promise<string> {
    const [secrets, listeners] = await Promise.all(
      ['dynamic_active_secrets', 'dynamic_listeners'].map((resource) =>
        proxy.admin(`/config_dump?resource=${resource}`),
      ),
    );
    return `${secrets}${listeners}`;
  }

  const split = (to: string) =>
    policy('TrafficSplit', 'shop', { service: 'shop', backends: [{ name: 'only', service: to, weight: 1 }] });

  /** How long until the caller is answered by another application once the split says so, in milliseconds. */
  async function switchTo(to: string): Promise<number> {
    const since = performance.now();
    await mesh.apply(split(to));
    while ((await caller.call(VIP, 80)).body !== to) {
      assert.ok(performance.now() - since < 5000, `${to} does not answer`);
      await delay(5);
    }
    return performance.now() - since;
  }

  test('with a token of another pod is that pod, whatever name the proxy has made up', async () => {
    await mesh.apply(podObject(spare('other')));
    const proxy = await proxyWith(await mesh.token(spare('other')), 'caller-0.shop');
    await until(() => ids().includes('shop/other'));
    await until(async () => (await proxy.admin('/certs')).includes('spiffe://cluster.local/ns/shop/sa/other'));
    assert.doesNotMatch(await proxy.admin('/certs'), /sa\/caller/);
    await proxy.stop();
  });

  test('with a token of their own and the name of another pod get nothing', async () => {
    await mesh.apply(podObject(spare('posing')));
    const proxy = await proxyWith(await mesh.token(spare('posing')), `${NAMESPACE}/other`);
    await until(async () => (await proxy.stat('cluster.dot-kube-control-plane.upstream_rq_total')) > 0);
    await delay(1000);
    assert.equal(await proxy.isLive(), false);
    assert.ok(!ids().includes(`${NAMESPACE}/posing`));
    assert.doesNotMatch(await holds(proxy), /"name": "(identity|roots|inbound|outbound)"/);
    await proxy.stop();
  });

  test('with a token that is of no pod get nothing', async () => {
    await mesh.apply(podObject(spare('again')));
    const ofThePodBefore = await mesh.token(spare('again'));
    await mesh.delete(podObject(spare('again')));
    await mesh.apply(podObject(spare('again')));
    const { metadata } = await mesh.api.get(resourceKind('v1', 'Pod'), { namespace: NAMESPACE, name: 'again' });
    const before = ids();
    const proxies = await Promise.all(
      [
        ofThePodBefore,
        // Of the pod, but of another service account, for another audience, and signed by somebody else.
        await mesh.token({ ...spare('again'), serviceAccount: 'caller' }),
        mesh.tokenOf({ ...spare('again'), podUid: metadata.uid ?? '' }, 'another-audience'),
        `${ofThePodBefore.slice(0, -8)}AAAAAAAA`,
      ].map((token) => proxyWith(token, 'again.shop')),
    );
    await delay(1000);
    assert.deepEqual(ids(), before);
    for (const proxy of proxies) {
      assert.equal(await proxy.isLive(), false);
      assert.ok((await proxy.stat('cluster.dot-kube-control-plane.upstream_rq_total')) > 0, 'it has asked');
      assert.doesNotMatch(await holds(proxy), /"name": "(identity|roots|inbound|outbound)"/);
      await proxy.stop();
    }
  });

  test('are closed when their pod is deleted, and do not come back', async () => {
    const pod = await mesh.pod({ app: 'leaver' });
    assert.equal((await pod.call(VIP, 80)).status, 200);
    assert.ok(ids().includes('shop/leaver-0'));
    await mesh.delete({ apiVersion: 'v1', kind: 'Pod', metadata: { namespace: NAMESPACE, name: 'leaver-0' } });
    const since = performance.now();
    await until(() => !ids().includes('shop/leaver-0'));
    assert.ok(performance.now() - since < 1000);
    // Another pod of the name is somebody else.
    await mesh.apply(podObject({ ...spare('leaver-0'), app: 'leaver' }));
    const asked = await pod.proxy.stat('cluster.dot-kube-control-plane.upstream_rq_total');
    await until(async () => (await pod.proxy.stat('cluster.dot-kube-control-plane.upstream_rq_total')) >= asked + 2);
    assert.ok(!ids().includes('shop/leaver-0'));
    assert.equal((await pod.call(VIP, 80)).status, 200, 'what it has it keeps');
  });

  test('that are stuck hold up nobody else, and get the newest state when they read again', async (context) => {
    stuck.proxy.kill('SIGSTOP');
    await mesh.apply(podObject(spare('rude')));
    const rude = new AdsClient({
      ...mesh.controlPlane,
      ca: mesh.authority.trustBundle.pem,
      token: await mesh.token(spare('rude')),
    });
    rude.subscribe(typeUrls.scopedRoute);
    await rude.until(() => rude.responses.length > 0);
    rude.stream.pause();
    // Each is answered with 1,000 empty resources, of which none is read.
    const names = Array.from({ length: 1000 }, (_, index) => `shop/none-${index}:80`);
    for (let times = 0; times < 300; times += 1) rude.subscribe(typeUrls.route, names);
    const owed = () => mesh.operator.proxies().find(({ id }) => id === 'shop/rude')?.bytesSent ?? 0;
    await settled(owed);
    assert.ok(rude.stream.writableLength > 0, 'it is not read from any more');
    assert.ok(owed() > 1e5 && owed() < 1e6, `${owed()} bytes are kept for who does not read`);

    const times: number[] = [];
    for (let count = 0; count < 10; count += 1) times.push(await switchTo(count % 2 === 0 ? 'blue' : 'green'));
    context.diagnostic(`${times.map((each) => each.toFixed(0)).join(', ')} ms; ${owed()} bytes wait for one of them`);
    // The first change may have been tried on the stuck one, for half a second.
    assert.ok(Math.max(...times) < 1000, `${times.join(', ')} ms`);
    assert.ok(median(times) < 200, `${times.join(', ')} ms`);
    const { status } = await mesh.until(split('green'), 'Programmed', 'False Pending');
    assert.match(JSON.stringify(status.conditions), /waiting for shop\/caller-0/);

    await rude.close();
    stuck.proxy.kill('SIGCONT');
    await mesh.until(split('green'), 'Programmed', 'True');
    assert.equal((await stuck.call(VIP, 80)).body, 'green');
  });
});

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;
}

/** Waits until a number has grown and stays what it is. */
async function settled(of: () => number): Promise<void> {
  for (let last = -1; last !== of() || last === 0; ) {
    last = of();
    await delay(500);
  }
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 5000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`it does not hold: ${holds.toString()}`);
    await delay(10);
  }
}
