import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { MeshPod } from '../harness/index.ts';
import { eventually } from '../in-cluster/eventually.ts';
import { endpoints, NO_PODS, type PortSpec, RealMesh, serveHttp1, service } from './harness/index.ts';

const PORTS = [{ port: 80, targetPort: 8080, appProtocol: 'http' }] satisfies readonly PortSpec[];
const VIP = { api: '10.96.0.1', nobody: '10.96.0.2' } as const;
const GET = 'GET / HTTP/1.1\r\nhost: api\r\n\r\n';

/* Go dials once more than it needs to, and keeps what it has not used; so do pools that are filled in advance. */
describe('clients that connect and are silent for a second', { skip: NO_PODS }, () => {
  const scope = new AsyncDisposableStack();
  let mesh: RealMesh;
  let web: MeshPod;

  before(async () => {
    mesh = scope.use(await RealMesh.start());
    web = await mesh.pod({ app: 'web' });
    const api = await mesh.pod({ app: 'api', ports: [{ containerPort: 8080 }] });
    await serveHttp1(api.application, 8080);
    await mesh.apply(
      service('api', VIP.api, PORTS),
      service('nobody', VIP.nobody, PORTS),
      endpoints('api', [api], PORTS),
      endpoints('nobody', [], PORTS),
    );
    await eventually(
      () => web.call(VIP.api, 80),
      ({ status }) => status === 200,
    );
  });
  after(() => scope.disposeAsync());

  async function statusLine(host: string): Promise<string | undefined> {
    const socket = await web.application.connect(host, 80);
    socket.on('error', () => {});
    await delay(1000);
    socket.write(GET);
    const heard = once(socket, 'data', { signal: AbortSignal.timeout(5000) }) as Promise<readonly unknown[]>;
    const [answer = 'nothing'] = await Promise.race([heard, once(socket, 'close').then(() => ['the end'])]);
    socket.destroy();
    return String(answer).split('\r\n')[0];
  }

  test('are answered by the Service', async () => {
    assert.equal(await statusLine(VIP.api), 'HTTP/1.1 200 OK');
  });

  test('are told in HTTP when there is nobody, which takes a proxy that has seen the request', async () => {
    assert.equal(await statusLine(VIP.nobody), 'HTTP/1.1 503 Service Unavailable');
  });
});
