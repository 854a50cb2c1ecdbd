import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { typeUrls } from '@dot-kube/proxy/xds';
import {
  ask,
  askAddress,
  badCluster,
  badRoute,
  edsCluster,
  endpointsOf,
  eventually,
  httpListener,
  routeThatSays,
  routeTo,
  scopeOf,
  startControlPlane,
  startMeshEnvoy,
  startUpstream,
  roots,
  tlsCluster,
} from './mesh-in-miniature.ts';

const { cluster, endpoints, route, scopedRoute, listener, secret } = typeUrls;
const names = Array.from({ length: 100 }, (_, i) => `service-${String(i).padStart(2, '0')}`);

describe('on demand', () => {
  test('a first call brings its route, its cluster and the mirror of its route, and no others', async () => {
    await using a = await startUpstream('a');
    await using mirror = await startUpstream('mirror');
    await using control = await startControlPlane();
    control.put(
      httpListener('http'),
      scopeOf('a'),
      scopeOf('b'),
      routeTo('a', 'a', { mirror: 'mirror' }),
      routeTo('b', 'b'),
    );
    control.put(
      edsCluster('a'),
      edsCluster('mirror'),
      edsCluster('b'),
      endpointsOf('a', a.port),
      endpointsOf('mirror', mirror.port),
      endpointsOf('b', a.port),
    );
    await using envoy = await startMeshEnvoy(control.port);
    assert.deepEqual(
      control.sent.filter(({ type }) => type === route || type === endpoints),
      [],
    );
    const first = await ask(envoy, 'a', '/first');
    assert.deepEqual([first.status, first.body], [200, 'a']);
    assert.ok(first.milliseconds < 1000, `${first.milliseconds} ms`);
    await ask(envoy, 'a', '/second');
    await eventually(() => mirror.seen.includes('/second'));
    assert.deepEqual(
      [...new Set(control.sent.flatMap((event) => (event.type === cluster ? event.names : [])))].sort(),
      ['a', 'mirror'],
    );
  });

  test('a cluster that does not exist is a 503 at once, each time, until it exists', async () => {
    await using a = await startUpstream('a');
    await using control = await startControlPlane();
    control.put(httpListener('http'), scopeOf('a'), routeTo('a', 'a'));
    await using envoy = await startMeshEnvoy(control.port);
    for (let i = 0; i < 3; i++) {
      const { status, milliseconds } = await ask(envoy, 'a');
      assert.equal(status, 503);
      assert.ok(milliseconds < 500, `${milliseconds} ms`);
    }
    const revision = control.put(edsCluster('a'), endpointsOf('a', a.port));
    await control.acknowledged('envoy', cluster, 'a', revision);
    assert.equal((await ask(envoy, 'a')).body, 'a');
    control.remove({ type: cluster, name: 'a' }, { type: endpoints, name: 'a' });
    await eventually(async () => (await ask(envoy, 'a')).status === 503);
    const { status, milliseconds } = await ask(envoy, 'a');
    assert.equal(status, 503);
    assert.ok(milliseconds < 500, `${milliseconds} ms`);
  });

  test('a route that does not exist is a 404 at once, until it exists', async () => {
    await using control = await startControlPlane();
    control.put(httpListener('http'), scopeOf('a'));
    await using envoy = await startMeshEnvoy(control.port);
    const { status, milliseconds } = await ask(envoy, 'a');
    assert.equal(status, 404);
    assert.ok(milliseconds < 500, `${milliseconds} ms`);
    const revision = control.put(routeThatSays('a', 'here'));
    await control.acknowledged('envoy', route, 'a', revision);
    assert.equal((await ask(envoy, 'a')).body, 'here');
  });
});

describe('an ACK', () => {
  test('means that requests are answered by what was acknowledged', async () => {
    await using control = await startControlPlane();
    control.put(httpListener('http'), scopeOf('a'), routeThatSays('a', '0'));
    await using envoy = await startMeshEnvoy(control.port);
    assert.equal((await ask(envoy, 'a')).body, '0');
    for (let i = 1; i <= 50; i++) {
      const revision = control.put(routeThatSays('a', String(i)));
      await control.acknowledged('envoy', route, 'a', revision);
      assert.equal((await ask(envoy, 'a')).body, String(i));
    }
  });

  test('of a changed cluster with a secret comes without one, too', async () => {
    await using control = await startControlPlane();
    control.put(
      httpListener('http'),
      scopeOf('a'),
      routeTo('a', 'a'),
      tlsCluster('a', 'roots'),
      endpointsOf('a', 1),
      roots('roots'),
    );
    await using envoy = await startMeshEnvoy(control.port);
    assert.equal((await ask(envoy, 'a')).status, 503);
    for (const perConnectionBufferLimitBytes of [65536, 131072]) {
      const started = performance.now();
      const revision = control.put(tlsCluster('a', 'roots', { perConnectionBufferLimitBytes }));
      await control.acknowledged('envoy', cluster, 'a', revision);
      assert.ok(performance.now() - started < 1000, `${performance.now() - started} ms`);
    }
    assert.equal(control.sent.filter(({ type }) => type === secret).length, 1, 'Envoy still has the secret');
  });

  test('of a changed cluster comes without the wait of an initial fetch', async () => {
    await using a = await startUpstream('a');
    await using control = await startControlPlane();
    control.put(httpListener('http'), scopeOf('a'), routeTo('a', 'a'), edsCluster('a'), endpointsOf('a', a.port));
    await using envoy = await startMeshEnvoy(control.port);
    assert.equal((await ask(envoy, 'a')).body, 'a');
    const started = performance.now();
    const revision = control.put(edsCluster('a', { perConnectionBufferLimitBytes: 65536 }));
    await control.acknowledged('envoy', cluster, 'a', revision);
    assert.ok(performance.now() - started < 1000, `${performance.now() - started} ms`);
    assert.equal((await ask(envoy, 'a')).body, 'a');
  });
});

describe('one bad resource among good ones', () => {
  test('of a hundred routes on a fresh Envoy: the others serve within two seconds, its error is told, a later Envoy gets the good ones', async () => {
    await using control = await startControlPlane();
    control.put(httpListener('http'), ...names.map((name) => scopeOf(name, { onDemand: false })));
    control.put(...names.map((name) => (name === 'service-57' ? badRoute(name) : routeThatSays(name, name))));
    const started = performance.now();
    await using envoy = await startMeshEnvoy(control.port, 'first', 'admin');
    await eventually(() => control.quarantined.length > 0);
    await eventually(async () => (await envoy.listeners()).has('http'));
    for (const name of names) {
      if (name !== 'service-57') await eventually(async () => (await ask(envoy, name)).body === name, 2000);
    }
    assert.ok(performance.now() - started < 4000, `${performance.now() - started} ms with the start of Envoy`);
    assert.equal((await ask(envoy, 'service-57')).status, 404);
    assert.deepEqual(
      control.server.quarantined().map(({ name, proxy }) => [name, proxy]),
      [['service-57', 'first']],
    );
    assert.match(control.server.quarantined()[0]?.error ?? '', /Only a single wildcard domain is permitted/);
    await using later = await startMeshEnvoy(control.port, 'later');
    for (const name of names) if (name !== 'service-57') assert.equal((await ask(later, name)).body, name);
    // It confirms the refusal after it was given the good ones; the next one is not even asked.
    const lastNack = (proxy: string) =>
      control.server
        .proxies()
        .find(({ id }) => id === proxy)
        ?.types.find(({ type }) => type === route)?.lastNack?.names;
    await eventually(() => lastNack('later') !== undefined);
    assert.deepEqual(lastNack('later'), ['service-57']);
    await using last = await startMeshEnvoy(control.port, 'last');
    for (const name of names) if (name !== 'service-57') assert.equal((await ask(last, name)).body, name);
    assert.equal(lastNack('last'), undefined);
  });

  test('of a hundred routes that change: the bad one stays as it was, the others change, and it recovers when repaired', async () => {
    await using control = await startControlPlane();
    control.put(
      httpListener('http'),
      ...names.map((name) => scopeOf(name, { onDemand: false })),
      ...names.map((name) => routeThatSays(name, 'old')),
    );
    await using envoy = await startMeshEnvoy(control.port);
    control.put(...names.map((name) => (name === 'service-57' ? badRoute(name) : routeThatSays(name, 'new'))));
    for (const name of names) {
      await eventually(async () => (await ask(envoy, name)).body === (name === 'service-57' ? 'old' : 'new'), 2000);
    }
    await eventually(() => control.server.quarantined().length === 1);
    const sent = control.sent.length;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.equal(control.sent.length, sent, 'what was refused is not sent again');
    control.put(routeThatSays('service-57', 'repaired'));
    await eventually(async () => (await ask(envoy, 'service-57')).body === 'repaired', 2000);
    assert.deepEqual(control.server.quarantined(), []);
  });

  test('of clusters, scopes and listeners: the good ones are in force', async () => {
    await using a = await startUpstream('a');
    await using control = await startControlPlane();
    control.cache.update([
      { layer: 'class/all', upsert: [badCluster('bad'), edsCluster('good'), endpointsOf('good', a.port)], remove: [] },
    ]);
    control.put(
      httpListener('http'),
      httpListener('bad', { statPrefix: '' }),
      scopeOf('good'),
      scopeOf('bad', { key: '' }),
      scopeOf('other'),
    );
    control.put(routeTo('good', 'good'), routeThatSays('other', 'other'));
    await using envoy = await startMeshEnvoy(control.port, 'envoy', 'admin');
    await eventually(() => control.server.quarantined().length === 3);
    assert.deepEqual(
      control.server
        .quarantined()
        .map(({ type }) => type)
        .sort(),
      [cluster, listener, scopedRoute].sort(),
    );
    await eventually(async () => (await envoy.listeners()).has('http'));
    await eventually(async () => (await ask(envoy, 'other')).body === 'other', 2000);
    assert.equal((await ask(envoy, 'good')).body, 'a');
  });
});

describe('a control plane that goes away and comes back', () => {
  test('sends only what changed, and endpoints still move', async () => {
    await using a = await startUpstream('a');
    await using b = await startUpstream('b');
    const control = await startControlPlane();
    control.put(
      httpListener('http'),
      scopeOf('a'),
      scopeOf('b'),
      routeTo('a', 'a'),
      routeTo('b', 'b'),
      edsCluster('a'),
      edsCluster('b'),
    );
    control.put(endpointsOf('a', a.port), endpointsOf('b', b.port));
    await using envoy = await startMeshEnvoy(control.port);
    assert.equal((await ask(envoy, 'a')).body, 'a');
    assert.equal((await ask(envoy, 'b')).body, 'b');
    await control.server.close();
    assert.equal((await ask(envoy, 'a')).body, 'a');
    // While it is away, one cluster changes and one route moves.
    control.put(edsCluster('b', { perConnectionBufferLimitBytes: 65536 }), routeTo('a', 'b'));
    await using again = await startControlPlane(control.cache, control.port);
    await eventually(async () => (await ask(envoy, 'a')).body === 'b');
    await eventually(() => again.server.proxies()[0]?.types.every(({ inFlight }) => inFlight === 0) === true);
    assert.deepEqual([...new Set(again.sent.flatMap(({ names }) => names))].sort(), ['a', 'b']);
    assert.deepEqual(
      again.sent.filter(({ type }) => type === listener || type === scopedRoute),
      [],
    );
    assert.deepEqual(
      [...new Set(again.sent.filter(({ type }) => type === endpoints).flatMap((event) => event.names))],
      ['b'],
      'of the cluster that changed',
    );
    const revision = again.put(endpointsOf('b', a.port));
    await again.acknowledged('envoy', endpoints, 'b', revision);
    assert.equal((await ask(envoy, 'b')).body, 'a');
    again.put(endpointsOf('a', b.port), routeTo('a', 'a'));
    await eventually(async () => (await ask(envoy, 'a')).body === 'b');
    assert.equal(await envoy.stat('cluster_manager.cluster_removed'), 0);
  });
});

describe('a change of listener', () => {
  test('keeps its scopes and routes in force', async () => {
    await using control = await startControlPlane();
    control.put(httpListener('http'), scopeOf('a'), routeThatSays('a', '1'));
    await using envoy = await startMeshEnvoy(control.port);
    assert.equal((await ask(envoy, 'a')).body, '1');
    const revision = control.put(httpListener('http', { serverName: 'other' }));
    await control.acknowledged('envoy', listener, 'http', revision);
    await eventually(async () => (await envoy.stat('listener_manager.listener_modified')) === 1);
    assert.equal((await ask(envoy, 'a')).body, '1');
    const next = control.put(routeThatSays('a', '2'));
    await control.acknowledged('envoy', route, 'a', next);
    assert.equal((await ask(envoy, 'a')).body, '2');
  });
});

describe('make before break', () => {
  test('not one request fails while a route moves to new clusters, and the old ones go', async () => {
    await using a = await startUpstream('a');
    await using control = await startControlPlane();
    control.put(httpListener('http'), scopeOf('a'), routeTo('a', 'v0'), edsCluster('v0'), endpointsOf('v0', a.port));
    await using envoy = await startMeshEnvoy(control.port);
    const address = (await envoy.listeners()).get('http') ?? '';
    const done = new AbortController();
    const statuses = new Map<number, number>();
    const callers = Array.from({ length: 4 }, async () => {
      while (!done.signal.aborted) {
        const { status } = await askAddress(address, 'a');
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    });
    for (let i = 1; i <= 40; i++) {
      const [old, now] = [`v${i - 1}`, `v${i}`];
      const revision = control.cache.update([
        {
          layer: 'mesh',
          upsert: [routeTo('a', now), edsCluster(now), endpointsOf(now, a.port)],
          remove: [
            { type: cluster, name: old },
            { type: endpoints, name: old },
          ],
        },
      ]);
      await control.acknowledged('envoy', route, 'a', revision);
    }
    done.abort();
    await Promise.all(callers);
    assert.deepEqual([...statuses.keys()], [200]);
    assert.ok((statuses.get(200) ?? 0) > 100, `${statuses.get(200)} requests`);
  });
});
