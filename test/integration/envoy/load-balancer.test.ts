import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Algorithm, HashKey } from '@dot-kube/proxy/model';
import {
  binomialBounds,
  callMany,
  countBy,
  endpoint,
  startMesh,
  startServers,
  type ServiceSpec,
  type TestMesh,
  type TestProxy,
  type TestServer,
} from './harness/index.ts';

const KEYS = Array.from({ length: 2000 }, (_, index) => `key-${index}`);

describe('a load balancer', () => {
  const scope = new AsyncDisposableStack();
  let mesh: TestMesh;
  let client: TestProxy;
  let servers: readonly TestServer[] = [];

  const balanced = (name: string, algorithm: Algorithm, count = 10): ServiceSpec => ({
    name,
    endpoints: servers.slice(0, count).map((server) => endpoint(server)),
    cluster: { loadBalancer: { algorithm } },
  });
  const byUser: HashKey = { kind: 'header', name: 'x-key' };
  const hashed: Readonly<Record<string, Algorithm>> = {
    // As many points as it takes for a share of a tenth to exceed 15 % less often than once in a million.
    ring: { kind: 'ring-hash', key: byUser, minimumSize: 4096 },
    maglev: { kind: 'maglev', key: byUser, tableSize: 65_000 },
  };

  before(async () => {
    servers = await startServers(10, 'replica');
    for (const server of servers) scope.use(server);
    mesh = scope.use(await startMesh());
    const source: HashKey = { kind: 'source-ip' };
    const cookie: HashKey = { kind: 'cookie', name: 'session', ttlMs: 0 };
    await mesh.service(
      balanced('least', { kind: 'least-request' }),
      balanced('turns', { kind: 'round-robin' }, 4),
      balanced('random', { kind: 'random' }, 4),
      balanced('source', { kind: 'ring-hash', key: source }),
      balanced('cookie', { kind: 'maglev', key: cookie }),
      ...Object.entries(hashed).map(([name, algorithm]) => balanced(name, algorithm)),
    );
    const calls = ['least', 'turns', 'random', 'source', 'cookie', 'ring', 'maglev'];
    client = await mesh.proxy({ name: 'client', calls });
  });
  after(() => scope.disposeAsync());

  test('of least requests gives a slow host under half of its fair share', async () => {
    const [slow] = servers;
    assert.ok(slow);
    for (const server of servers) server.respond = () => ({ delayMs: server === slow ? 300 : 2 });
    const answers = await callMany(1000, 20, () => client.call('least'));
    const count = countBy(answers, ({ server }) => server).get(slow.name) ?? 0;
    const fair = answers.length / servers.length;
    assert.ok(count > 0 && count < fair / 2, `${count} of ${answers.length}, where its fair share is ${fair}`);
    for (const server of servers) server.respond = () => ({});
  });

  test('of turns gives each host the same', async () => {
    const counts = countBy(await callMany(400, 1, () => client.call('turns')), ({ server }) => server);
    assert.deepEqual([...counts.values()], [100, 100, 100, 100]);
  });

  test('of chance gives each host its share', async () => {
    const counts = countBy(await callMany(2000, 16, () => client.call('random')), ({ server }) => server);
    const { least, most } = binomialBounds(2000, 1 / 4, 1e-6 / 4);
    assert.equal(counts.size, 4);
    for (const [server, count] of counts) assert.ok(count >= least && count <= most, `${server}: ${count}`);
    assert.ok(new Set(counts.values()).size > 1, 'turns would have given each the same');
  });

  for (const [name, algorithm] of Object.entries(hashed)) {
    test(`${algorithm.kind} gives the same key the same host, and moves few keys when one of ten is gone`, async () => {
      const hosts = async () =>
        (
          await callMany(KEYS.length, 16, (index) => client.call(name, { headers: { 'x-key': KEYS[index] ?? '' } }))
        ).map(({ server }) => server);
      const first = await hosts();
      assert.deepEqual(await hosts(), first);
      assert.equal(new Set(first).size, 10);
      const gone = first[0];
      await mesh.service({
        ...balanced(name, algorithm),
        endpoints: servers.filter((server) => server.name !== gone).map((server) => endpoint(server)),
      });
      const second = await hosts();
      const lost = first.filter((server) => server === gone).length;
      const moved = first.filter((server, index) => server !== second[index]).length;
      assert.ok(moved >= lost && moved <= 0.15 * KEYS.length, `${moved} of ${KEYS.length} keys moved, ${lost} had to`);
    });
  }

  test('without a key, requests go anywhere', async () => {
    const counts = countBy(await callMany(300, 8, () => client.call('ring')), ({ server }) => server);
    assert.ok(counts.size > 5, `${counts.size} hosts`);
  });

  test('a caller is known by its address', async () => {
    const counts = countBy(await callMany(100, 8, () => client.call('source')), ({ server }) => server);
    assert.equal(counts.size, 1);
  });

  test('a caller is known by a cookie, which it is given', async () => {
    const { headers, server } = await client.call('cookie');
    const [cookie = ''] = headers['set-cookie'] ?? [];
    assert.match(cookie, /^session="?[0-9a-f]+"?; Path=\/; HttpOnly$/);
    const again = await callMany(50, 4, () =>
      client.call('cookie', { headers: { cookie: cookie.split(';')[0] ?? '' } }),
    );
    assert.deepEqual([...countBy(again, (answer) => answer.server)], [[server, 50]]);
  });
});
