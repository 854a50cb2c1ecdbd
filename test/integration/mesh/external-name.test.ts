import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { Service } from '../../../operator/api/index.ts';
import type { MeshPod } from '../harness/index.ts';
import { eventually } from '../in-cluster/eventually.ts';
import {
  endpoints,
  NAMESPACE,
  NO_PODS,
  policy,
  type PortSpec,
  RealMesh,
  serveHttp1,
  service,
} from './harness/index.ts';

const PORTS = [{ port: 80, targetPort: 8080, appProtocol: 'http' }] satisfies readonly PortSpec[];
const HEADLESS = [{ port: 8080, appProtocol: 'http' }] satisfies readonly PortSpec[];
const VIP = '10.96.0.1';

describe('ExternalName Services', { skip: NO_PODS }, () => {
  const scope = new AsyncDisposableStack();
  let mesh: RealMesh;
  let web: MeshPod;
  let api: MeshPod;
  let port = 0;
  let failures = 0;

  before(async () => {
    mesh = scope.use(await RealMesh.start());
    // What is outside of the mesh: it answers late, or fails as often as it is told to.
    const outside = createServer(({ url }, response) => {
      const answer = () => {
        response.statusCode = failures > 0 ? 503 : 200;
        failures = Math.max(0, failures - 1);
        response.end('outside');
      };
      setTimeout(answer, url === '/late' ? 1500 : 0);
    });
    scope.defer(() => void outside.close());
    port = await listen(outside, mesh.network.hostAddress);
    web = await mesh.pod({ app: 'web' });
    api = await mesh.pod({ app: 'api', ports: [{ containerPort: 8080 }] });
    await serveHttp1(api.application, 8080);
    await web.application.serveHttp(port, (_request, response) => void response.end('loopback'), '127.0.0.1');
    await mesh.apply(
      externalName('payments', 'api.payments.example.com', port),
      externalName('loopback', 'localhost', port),
      externalName('itself', `itself.${NAMESPACE}.svc.cluster.local`, port),
      externalName('alias', `api.${NAMESPACE}.svc.cluster.local`, 80),
      externalName('pods-alias', `pods.${NAMESPACE}.svc.cluster.local`, 8080),
      service('api', VIP, PORTS),
      service('pods', 'None', HEADLESS, 'api'),
      endpoints('api', [api], PORTS),
      endpoints('pods', [api], HEADLESS),
    );
    await eventually(
      () => web.call(VIP, 80),
      ({ status }) => status === 200,
    );
  });
  after(() => scope.disposeAsync());

  /** A call as an application makes it that has resolved the name to an address. */
  const call = (name: string, options: { readonly path?: string; readonly address?: string } = {}) =>
    web.call(options.address ?? mesh.network.hostAddress, port, {
      path: options.path ?? '/',
      headers: { host: `${name}.${NAMESPACE}:${port}` },
    });

  test('are called at the address that the application resolved', async () => {
    const { status, body } = await call('payments');
    assert.deepEqual([status, body], [200, 'outside']);
    assert.match(
      await web.proxy.admin('/clusters'),
      new RegExp(`^${NAMESPACE}/payments:${port}::${mesh.network.hostAddress}:${port}::`, 'm'),
    );
  });

  test('have time-outs and retries of their own', async () => {
    const limits = policy('MeshPolicy', 'payments', {
      targetRefs: [{ kind: 'Service', name: 'payments' }],
      timeouts: { request: '500ms' },
      retries: { attempts: 2, conditions: ['GatewayError'] },
    });
    await mesh.inForce(limits);
    failures = 2;
    assert.equal((await call('payments')).status, 200);
    assert.equal((await call('payments', { path: '/late' })).status, 504);
    assert.equal((await call('somebody-else', { path: '/late' })).status, 200);
    await mesh.delete(limits);
  });

  test('lead nowhere but to the address that was dialled, whatever name they stand for', async () => {
    for (const name of ['loopback', 'itself']) {
      const { status, body } = await call(name);
      assert.deepEqual([status, body], [200, 'outside'], name);
    }
    const other = createServer((_request, response) => void response.end('other'));
    scope.defer(() => void other.close());
    const otherPort = await listen(other, mesh.network.hostAddress);
    const headers = { host: `payments.${NAMESPACE}:${port}` };
    assert.equal((await web.call(mesh.network.hostAddress, otherPort, { headers })).body, 'other');
  });

  test('that are other names of a Service are calls to it, with mutual TLS', async () => {
    await mesh.inForce(policy('MeshPolicy', 'strict', { mtls: { mode: 'Strict' } }));
    const hosts = [
      [VIP, 80, `alias.${NAMESPACE}`],
      [api.ip, 8080, `pods-alias.${NAMESPACE}:8080`],
      [api.ip, 8080, `pod-0.pods-alias.${NAMESPACE}.svc.cluster.local:8080`],
    ] as const;
    for (const [address, to, host] of hosts) {
      const { status, body } = await web.call(address, to, { headers: { host } });
      assert.equal(status, 200, host);
      assert.match(String((JSON.parse(body) as Record<string, unknown>)['x-forwarded-client-cert']), /sa\/web/, host);
    }
    const unknown = await web
      .call(api.ip, 8080, { headers: { host: 'nobody.example.com:8080' } })
      .catch(() => undefined);
    assert.notEqual(unknown?.status, 200, 'plain text, which Strict refuses');
  });

  test('say in the status what cannot apply to them', async () => {
    const refused = policy('MeshPolicy', 'balanced', {
      targetRefs: [{ kind: 'Service', name: 'payments' }],
      loadBalancer: { algorithm: 'Random' },
    });
    await mesh.apply(refused);
    const { status } = await mesh.until(refused, 'Accepted', 'False');
    const accepted = status.conditions?.find(({ type }) => type === 'Accepted');
    assert.match(accepted?.message ?? '', /DK2106.*loadBalancer cannot work on payments, which is an ExternalName/);
  });
});

function externalName(name: string, target: string, port: number): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: NAMESPACE, name },
    spec: { type: 'ExternalName', externalName: target, ports: [{ name: 'http', port, appProtocol: 'http' }] },
  };
}

async function listen(server: Server, host: string): Promise<number> {
  server.listen(0, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
