import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { MeshCluster, MeshPod, type OperatorProcess, PodNetwork, startOperator } from '../harness/index.ts';

const NAMESPACE = 'shop';
const SERVICES = `
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec:
  clusterIP: 10.96.3.3
  selector: {app: reviews}
  ports: [{name: http, port: 80, targetPort: 8080, appProtocol: http}]
---
apiVersion: v1
kind: Service
metadata: {name: ledger, namespace: shop}
spec:
  clusterIP: 10.96.3.4
  selector: {app: reviews}
  ports: [{name: tcp, port: 7070, targetPort: 7070, appProtocol: tcp}]
`;

/** Connections go to the proxies by redirection, as in a cluster, and not to addresses that the test knows. */
describe('pods whose connections are redirected', () => {
  const scope = new AsyncDisposableStack();
  let operator: OperatorProcess;
  let web: MeshPod;
  let reviews: MeshPod;
  let network: PodNetwork;

  before(async () => {
    const cluster = scope.use(await MeshCluster.start());
    network = scope.use(await PodNetwork.create());
    operator = scope.use(await startOperator({ kubeconfig: cluster.kubeconfig }));
    await cluster.namespace(NAMESPACE);
    await cluster.kubectl.input(SERVICES, 'apply', '-f', '-');
    const common = { cluster, network, operator, namespace: NAMESPACE };
    const ports = [{ containerPort: 8080 }, { containerPort: 7070 }];
    reviews = scope.use(await MeshPod.start({ ...common, name: 'reviews-0', app: 'reviews', number: 3, ports }));
    const endpoints = [{ name: 'reviews-0', ip: reviews.ip }];
    await cluster.endpoints(NAMESPACE, 'reviews', endpoints);
    await cluster.endpoints(NAMESPACE, 'ledger', endpoints, { name: 'tcp', port: 7070 });
    await reviews.application.serveHttp(
      8080,
      ({ headers }, response) => void response.end(String(headers['x-forwarded-client-cert'])),
      '127.0.0.1',
    );
    await reviews.application.serveHttp(9999, (_request, response) => void response.end('undeclared'));
    await reviews.application.serveTcp(7070, (socket) => void socket.end('the server speaks first'), '127.0.0.1');
    web = scope.use(await MeshPod.start({ ...common, name: 'web-0', app: 'web', number: 2 }));
  });
  after(() => scope.disposeAsync());

  test('call a Service by its address, over mTLS, whatever Host says', async () => {
    const answer = await web.call('10.96.3.3', 80, { headers: { host: 'nobody.example' } });
    assert.equal(answer.status, 200);
    assert.match(answer.body, /URI=spiffe:\/\/cluster.local\/ns\/shop\/sa\/web$/);
  });

  test('are told at once that nothing is behind an address', async () => {
    const started = performance.now();
    assert.equal((await web.call('10.96.3.99', 80)).status, 404);
    assert.ok(performance.now() - started < 1000);
  });

  test('reach a server that speaks first', async () => {
    const words = await text(await web.application.connect('10.96.3.4', 7070));
    assert.equal(words, 'the server speaks first');
  });

  test('reach what is outside of the mesh, and ports that nobody declared', async () => {
    await using outside = createServer((_request, response) => void response.end('outside'));
    await new Promise<void>((resolve) => {
      outside.listen(0, network.hostAddress, resolve);
    });
    const { port } = outside.address() as { readonly port: number };
    assert.equal((await web.call(network.hostAddress, port)).body, 'outside');
    assert.equal((await web.call(reviews.ip, 9999)).body, 'undeclared');
  });

  test('have proxies that take everything they are sent', () => {
    assert.deepEqual(
      operator.log().filter(({ level }) => level !== 'info'),
      [],
    );
  });
});
