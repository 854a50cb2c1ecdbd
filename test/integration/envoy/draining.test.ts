import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Endpoint } from '@dot-kube/proxy/model';
import {
  askTcp,
  callMany,
  countBy,
  endpoint,
  openHttp2,
  openTcp,
  startMesh,
  startServer,
  startTcpServer,
  type TestMesh,
  type TestProxy,
  type TestServer,
  type TcpServer,
  until,
} from './harness/index.ts';

describe('an endpoint that terminates', () => {
  const scope = new AsyncDisposableStack();
  let mesh: TestMesh;
  let client: TestProxy;
  let [old, fresh, oldHttp2, freshHttp2]: TestServer[] = [];
  let [oldBytes, freshBytes]: TcpServer[] = [];

  const services = (health: Endpoint['health']) => [
    { name: 'web', endpoints: [endpoint(old!, { health }), endpoint(fresh!)] },
    { name: 'two', protocol: 'http2' as const, endpoints: [endpoint(oldHttp2!, { health }), endpoint(freshHttp2!)] },
    { name: 'bytes', protocol: 'tcp' as const, endpoints: [endpoint(oldBytes!, { health }), endpoint(freshBytes!)] },
  ];

  before(async () => {
    old = scope.use(await startServer({ name: 'old' }));
    fresh = scope.use(await startServer({ name: 'fresh' }));
    oldHttp2 = scope.use(await startServer({ name: 'old', http2: true }));
    freshHttp2 = scope.use(await startServer({ name: 'fresh', http2: true }));
    oldBytes = scope.use(await startTcpServer('old'));
    freshBytes = scope.use(await startTcpServer('fresh'));
    mesh = scope.use(await startMesh());
    await mesh.service(...services('healthy'));
    client = await mesh.proxy({ name: 'client', calls: ['web', 'two', 'bytes'] });
  });
  after(() => scope.disposeAsync());

  test('gets nothing new, and ends what it has', async () => {
    const { promise: when, resolve: release } = Promise.withResolvers<void>();
    old!.respond = () => ({ when, body: 'late' });
    oldHttp2!.respond = () => ({ when, body: 'late' });
    const [one, two] = await Promise.all([openTcp(client.to('bytes')), openTcp(client.to('bytes'))]);
    const both = async (text: string) => new Set(await Promise.all([one.ask(text), two.ask(text)]));
    assert.deepEqual(await both('x'), new Set(['fresh: x', 'old: x']));
    using connection = openHttp2(client.to('two'));
    const underWay = [0, 1].flatMap(() => [client.call('web'), connection.call({ ':path': '/' })]);
    await until(() => old!.active > 0 && oldHttp2!.active > 0);

    await mesh.service(...services('draining'));
    const counts = countBy(await callMany(40, 4, () => client.call('web')), ({ server }) => server);
    assert.deepEqual([...counts], [['fresh', 40]]);
    assert.equal(await askTcp(client.to('bytes'), 'y'), 'fresh: y');

    release();
    const bodies = (await Promise.all(underWay)).map(({ status, body }) => `${status} ${body === 'late' ? body : ''}`);
    assert.equal(bodies.filter((body) => body === '200 late').length, 2, bodies.join(', '));
    assert.ok(bodies.every((body) => body.startsWith('200')));
    assert.deepEqual(await both('z'), new Set(['fresh: z', 'old: z']));
    one.close();
    two.close();
  });
});
