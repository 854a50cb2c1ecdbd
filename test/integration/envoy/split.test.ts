import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { HashKey, WeightedBackend } from '@dot-kube/proxy/model';
import {
  assertShare,
  callMany,
  clusterName,
  countBy,
  settled,
  endpoint,
  startMesh,
  startServer,
  type TestMesh,
  type TestProxy,
  type TestServer,
} from './harness/index.ts';

describe('traffic that is split', () => {
  const scope = new AsyncDisposableStack();
  let mesh: TestMesh;
  let client: TestProxy;
  let shadow: TestServer;
  const servers = new Map<string, TestServer>();
  const at = (name: string) => servers.get(name) ?? assert.fail(name);

  before(async () => {
    for (const name of ['v1', 'v2', 'shadow']) servers.set(name, scope.use(await startServer({ name })));
    shadow = at('shadow');
    mesh = scope.use(await startMesh());
    const endpoints = { '': [endpoint(at('v1'))], v2: [endpoint(at('v2'))], shadow: [endpoint(shadow)] };
    const sticky = (key: HashKey) => ({ sticky: key });
    await mesh.service(
      { name: 'split', endpoints, rules: [{ backends: weights('split', 90, 10) }] },
      { name: 'zero', endpoints, rules: [{ backends: weights('zero', 1, 0) }] },
      {
        name: 'match',
        endpoints,
        rules: [
          {
            backends: weights('match', 0, 1),
            matches: [
              { headers: [{ name: 'X-Canary', match: { kind: 'exact', value: 'yes' } }], methods: ['GET', 'HEAD'] },
              { path: { kind: 'prefix', value: '/beta' } },
              { path: { kind: 'template', value: '/books/{*}/reviews/{**}' } },
              { headers: [{ name: 'user-agent', match: { kind: 'present' }, negate: true }], methods: ['PUT'] },
              {
                headers: [{ name: 'x-group', match: { kind: 'exact', value: 'a' }, negate: true }],
                methods: ['PATCH'],
              },
            ],
          },
          { backends: [{ cluster: clusterName('match'), weight: 1 }] },
        ],
      },
      {
        name: 'cookie',
        endpoints,
        rules: [
          {
            backends: weights('cookie', 50, 50),
            ...sticky({ kind: 'cookie', name: 'version', path: '/100%', ttlMs: 60_000 }),
          },
        ],
      },
      {
        name: 'header',
        endpoints,
        rules: [{ backends: weights('header', 70, 30), ...sticky({ kind: 'header', name: 'X-User' }) }],
      },
      { name: 'mirror', endpoints, route: { mirror: { cluster: clusterName('mirror', 'shadow'), percent: 25 } } },
    );
    const calls = ['split', 'zero', 'match', 'cookie', 'header', 'mirror'];
    client = await mesh.proxy({ name: 'client', calls });
  });
  after(() => scope.disposeAsync());

  test('90/10 is 90/10 over 2,000 requests', async () => {
    const counts = countBy(await callMany(2000, 16, () => client.call('split')), ({ server }) => server);
    assert.deepEqual([...counts.keys()].sort(), ['v1', 'v2']);
    assertShare(counts.get('v2') ?? 0, 2000, 0.1, 'the canary');
  });

  test('weight 0 gets none', async () => {
    const counts = countBy(await callMany(500, 16, () => client.call('zero')), ({ server }) => server);
    assert.deepEqual([...counts], [['v1', 500]]);
  });

  test('a request that matches goes where its rule says, and every other to the next rule', async () => {
    const to = async (path: string, headers: Record<string, string> = {}, method = 'GET') =>
      (await client.call('match', { path, headers, method })).server;
    assert.equal(await to('/', { 'x-canary': 'yes' }), 'v2');
    assert.equal(await to('/', { 'x-canary': 'yes' }, 'HEAD'), 'v2');
    assert.equal(await to('/', { 'x-canary': 'yes' }, 'POST'), 'v1', 'both the header and the method have to match');
    assert.equal(await to('/', { 'x-canary': 'no' }), 'v1');
    assert.equal(await to('/'), 'v1');
    assert.equal(await to('/beta'), 'v2');
    assert.equal(await to('/beta/x?y'), 'v2');
    assert.equal(await to('/betamax'), 'v1', 'a prefix ends at a segment');
    assert.equal(await to('/books/7/reviews'), 'v2');
    assert.equal(await to('/books/7/reviews/a/b'), 'v2');
    assert.equal(await to('/books/7/8/reviews'), 'v1', '{*} is one segment');
    assert.equal(await to('/books//reviews'), 'v1', '{*} is not an empty one');
    assert.equal(await to('/', {}, 'PUT'), 'v2', 'the header is absent');
    assert.equal(await to('/', { 'user-agent': 'x' }, 'PUT'), 'v1');
    assert.equal(await to('/', { 'x-group': 'b' }, 'PATCH'), 'v2');
    assert.equal(await to('/', {}, 'PATCH'), 'v2', 'an absent header is not the value');
    assert.equal(await to('/', { 'x-group': 'a' }, 'PATCH'), 'v1');
  });

  test('a sticky cookie names the backend that was drawn, and is followed while that one has a weight', async () => {
    const answers = await callMany(400, 8, () => client.call('cookie'));
    const counts = countBy(answers, ({ server }) => server);
    assertShare(counts.get('v2') ?? 0, 400, 0.5, 'callers without a cookie');
    for (const { server, headers } of answers) {
      const name = server === 'v2' ? 'canary' : 'stable';
      assert.deepEqual(headers['set-cookie'], [`version=${name}; Path=/100%; Max-Age=60; HttpOnly`]);
    }
    for (const [name, server] of [
      ['canary', 'v2'],
      ['stable', 'v1'],
    ] as const) {
      const headers = { cookie: `a=b; version=${name}; c=d` };
      const kept = await callMany(100, 8, () => client.call('cookie', { headers }));
      assert.deepEqual([...countBy(kept, (answer) => answer.server)], [[server, 100]]);
      assert.ok(kept.every(({ headers: { 'set-cookie': cookie } }) => cookie === undefined));
    }
    await mesh.service({
      name: 'cookie',
      endpoints: { '': [endpoint(at('v1'))], v2: [endpoint(at('v2'))] },
      rules: [{ backends: weights('cookie', 100, 0), sticky: { kind: 'cookie', name: 'version' } }],
    });
    const left = await client.call('cookie', { headers: { cookie: 'version=canary' } });
    assert.equal(left.server, 'v1');
    assert.deepEqual(left.headers['set-cookie'], ['version=stable; Path=/; HttpOnly']);
  });

  test('a sticky header gives a value the same backend, in proportion to the weights, and moves few when they change', async () => {
    const users = Array.from({ length: 1000 }, (_, index) => `user-${index}`);
    const whereTo = async () =>
      (
        await callMany(users.length, 16, (index) =>
          client.call('header', { headers: { 'x-user': users[index] ?? '' } }),
        )
      ).map(({ server }) => server);
    const first = await whereTo();
    assert.deepEqual(await whereTo(), first);
    assertShare(first.filter((server) => server === 'v2').length, users.length, 0.3, 'users of the canary');
    await mesh.service({
      name: 'header',
      endpoints: { '': [endpoint(at('v1'))], v2: [endpoint(at('v2'))] },
      rules: [{ backends: weights('header', 1, 1), sticky: { kind: 'header', name: 'x-user' } }],
    });
    const second = await whereTo();
    assertShare(second.filter((server) => server === 'v2').length, users.length, 0.5, 'users of the canary afterwards');
    const back = first.filter((server, index) => server === 'v2' && second[index] === 'v1');
    assert.equal(back.length, 0, 'who was on the growing side stays');
  });

  test('a mirror gets its share of copies, and callers hear nothing of it', async () => {
    shadow.respond = () => ({ status: 500 });
    const answers = await callMany(800, 16, () =>
      client.call('mirror', { method: 'POST', body: 'copy', path: '/m?q' }),
    );
    assert.deepEqual([...countBy(answers, ({ server, status }) => `${server} ${status}`)], [['v1 200', 800]]);
    await settled(() => shadow.requests);
    assertShare(shadow.requests, 800, 0.25, 'copies');
    assert.equal(shadow.last?.path, '/m?q');
    assert.equal(shadow.last?.body, 'copy');
    assert.equal(shadow.last?.headers.host, 'mirror');
  });
});

function weights(service: string, stable: number, canary: number): readonly WeightedBackend[] {
  return [
    { cluster: clusterName(service), weight: stable, name: 'stable' },
    { cluster: clusterName(service, 'v2'), weight: canary, name: 'canary' },
  ];
}
