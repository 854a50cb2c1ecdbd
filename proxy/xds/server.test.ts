import assert from 'node:assert/strict';
import { connect as connectTcp } from 'node:net';
import { describe, test } from 'node:test';
import { certificate, otherCertificate } from './testing/certificates.ts';
import { AdsClient, rawStream, requestFrame, TestClock } from './testing/index.ts';
import { startServer } from './testing/server-rig.ts';
import { AuthenticationUnavailableError, type ProxyConnection, typeUrls } from './index.ts';
import { resource, toCluster } from './testing/session-rig.ts';

const { listener, route, cluster } = typeUrls;

/** Resolves when the condition holds; for what no response tells. */
async function eventually(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(holds(), holds.toString());
}

describe('a stream', () => {
  test('gets what its identity may see, changes within the turn, and is known while it lasts', async () => {
    await using rig = await startServer({ layersOf: (token) => ['mesh', `class/${token}`] });
    rig.put('mesh', resource(listener, 'a', '1'));
    rig.put('class/x', resource(cluster, 'inbound', '1'));
    rig.put('class/y', resource(listener, 'secret of y', '1'));
    await using client = new AdsClient({ port: rig.port, token: 'x', nodeId: 'y' });
    client.subscribe(cluster);
    client.subscribe(listener);
    await client.until(() => client.resources(listener).size === 1 && client.resources(cluster).size === 1);
    const revision = rig.put('mesh', resource(listener, 'a', '2'));
    await eventually(() => rig.server.ackedRevision('x', { layer: 'mesh', type: listener, name: 'a' }) === revision);
    assert.deepEqual([...client.resources(listener).keys()], ['a']);
    const [proxy] = rig.server.proxies();
    assert.equal(proxy?.id, 'x');
    assert.equal(proxy?.node?.id, 'y');
    assert.deepEqual(proxy?.layers, ['mesh', 'class/x']);
    const listeners = proxy?.types.find(({ type }) => type === listener);
    assert.equal(listeners?.wildcard, true);
    assert.equal(listeners?.resources[0]?.acked?.revision, revision);
    assert.equal(rig.server.holds('x', listener, 'a')?.sent?.layer, 'mesh');
    assert.equal(rig.server.uses('x', { layer: 'class/y', type: listener, name: 'secret of y' }), false);
    await client.close();
    await eventually(() => rig.server.connected().length === 0);
  });

  test('that was refused something is told of with its words', async () => {
    await using rig = await startServer();
    await using client = new AdsClient({
      port: rig.port,
      refuses: (_type, { name }) => (name === 'bad' ? 'cannot take bad' : undefined),
    });
    client.subscribe(listener);
    rig.put('mesh', resource(listener, 'bad', '1'), resource(listener, 'good', '1'));
    await eventually(() => rig.server.quarantined().length === 1 && client.resources(listener).has('good'));
    assert.equal(rig.server.quarantined()[0]?.error, 'cannot take bad');
    const types = rig.server.proxies()[0]?.types;
    assert.equal(types?.find(({ type }) => type === listener)?.lastNack?.error, 'cannot take bad');
    assert.deepEqual(rig.events.filter(({ kind }) => kind === 'quarantined').length, 1);
  });

  test('that alone refuses what others take is told of until it is to have something else', async () => {
    await using rig = await startServer();
    const refuses = (_type: string, { bytes }: { readonly bytes: Uint8Array }) =>
      Buffer.from(bytes).toString() === 'new' ? 'cannot take new' : undefined;
    await using easy = new AdsClient({ port: rig.port, token: 'easy' });
    await using hard = new AdsClient({ port: rig.port, token: 'hard', refuses });
    for (const client of [easy, hard]) client.subscribe(listener);
    rig.put('mesh', resource(listener, 'l', 'old'));
    await eventually(() => [easy, hard].every((client) => client.resources(listener).has('l')));
    // The first one takes it before the second one is sent it.
    hard.hold(listener);
    rig.put('mesh', resource(listener, 'l', 'new'));
    await eventually(() => rig.server.ackedRevision('easy', { layer: 'mesh', type: listener, name: 'l' }) === 2);
    hard.release(listener);
    await eventually(() => rig.server.rejections().length === 1);
    const rejection = { layer: 'mesh', type: listener, name: 'l', proxy: 'hard', error: 'cannot take new' };
    assert.partialDeepStrictEqual(rig.server.rejections(), [rejection]);
    assert.match(rig.server.rejections()[0]?.version ?? '', /^[\w-]{16}$/);
    assert.partialDeepStrictEqual(
      rig.events.filter(({ kind }) => kind === 'rejected'),
      [{ ...rejection }],
    );
    assert.deepEqual(rig.server.quarantined(), []);
    rig.put('mesh', resource(listener, 'l', 'other'));
    assert.deepEqual(rig.server.rejections(), []);
  });

  test('sees other layers as soon as its owner says so, and ends when its owner says so', async () => {
    let connection: ProxyConnection | undefined;
    let closed = 0;
    await using rig = await startServer({
      onOpened: (opened) => {
        connection = opened;
      },
      onClosed: () => closed++,
    });
    rig.put('class/x', resource(listener, 'x', '1'));
    await using client = new AdsClient({ port: rig.port });
    client.subscribe(listener);
    await client.until(() => client.responses.length === 1);
    connection?.setLayers(['mesh', 'class/x']);
    await client.until(() => client.resources(listener).has('x'));
    rig.put('class/x', resource(listener, 'x', '2'));
    await client.until(() => client.responses.length === 3);
    connection?.close('the pod is gone');
    await client.until(() => client.ended !== undefined);
    assert.deepEqual(client.ended, { status: '14', message: 'the pod is gone' });
    await eventually(() => closed === 1 && rig.server.connected().length === 0);
  });

  test('of a proxy that comes back while the old one lingers is the one that counts', async () => {
    await using rig = await startServer();
    await using old = new AdsClient({ port: rig.port });
    old.subscribe(listener);
    await old.until(() => old.responses.length === 1);
    await using fresh = new AdsClient({ port: rig.port });
    fresh.subscribe(route, ['r']);
    await fresh.until(() => fresh.responses.length === 1);
    assert.deepEqual(rig.server.connected(), ['test']);
    assert.deepEqual(
      rig.server.proxies()[0]?.types.map(({ type }) => type),
      [route],
    );
    await fresh.close();
    await eventually(() => rig.server.proxies()[0]?.types[0]?.type === listener);
    assert.deepEqual(
      rig.events.filter(({ kind }) => kind === 'disconnected').map(({ remaining }) => remaining),
      [1],
    );
  });
});

describe('nobody is let in', () => {
  test('without a token, with a refused one, or while that cannot be told', async () => {
    await using rig = await startServer({
      judge: (token) => {
        if (token === 'unknown') throw new AuthenticationUnavailableError('the API server is away');
        if (token !== 'good') throw new Error('expired');
      },
    });
    for (const [token, status] of [
      ['', '16'],
      ['bad', '16'],
      ['unknown', '14'],
    ] as const) {
      await using client = new AdsClient({ port: rig.port, token });
      client.subscribe(listener);
      await client.until(() => client.ended !== undefined);
      assert.equal(client.ended?.status, status, token);
      assert.doesNotMatch(client.ended?.message ?? '', /expired|API server/, 'why is nobody else’s business');
    }
    assert.equal(rig.events.filter(({ kind }) => kind === 'refused').length, 3);
    assert.deepEqual(rig.server.connected(), []);
  });

  test('with more than one token, good ones or not', async () => {
    await using rig = await startServer();
    const head = [
      [':method', 'POST'],
      [':scheme', 'http'],
      [':path', '/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources'],
      [':authority', 'x'],
      ['content-type', 'application/grpc'],
      ['authorization', 'Bearer good'],
    ] as const;
    const body = requestFrame({ typeUrl: listener, node: { id: 'x' } });
    const ask = (...more: readonly (readonly [string, string])[]) =>
      rawStream({ port: rig.port, fields: [...head, ...more], body, milliseconds: 300 });
    rig.put('mesh', resource(listener, 'inbound', '1'));
    assert.match((await ask()).toString('latin1'), /inbound/);
    assert.equal((await ask(['authorization', 'Bearer good'])).length, 0);
    assert.ok(rig.events.some(({ reason }) => reason === 'more than one token'));
  });

  test('by another path, method or content type', async () => {
    await using rig = await startServer();
    for (const options of [
      { path: '/envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources' },
      { headers: { 'content-type': 'text/plain' } },
    ]) {
      await using client = new AdsClient({ port: rig.port, ...options });
      await client.until(() => client.ended !== undefined);
      assert.equal(client.ended?.status, '12');
    }
  });

  test('who says nothing for too long', async () => {
    const clock = new TestClock();
    await using rig = await startServer({ clock });
    await using client = new AdsClient({ port: rig.port });
    await eventually(() => rig.sessions() === 1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    clock.advance(10_000);
    await client.until(() => client.ended !== undefined);
    assert.equal(client.ended?.status, '4');
  });

  test('who only opens a connection', async () => {
    const clock = new TestClock();
    await using rig = await startServer({ clock });
    const socket = connectTcp(rig.port, '127.0.0.1');
    socket.on('error', () => {});
    await eventually(() => rig.sessions() === 1);
    clock.advance(10_000);
    await eventually(() => rig.sessions() === 0);
    socket.destroy();
  });

  test('who left before the token was judged, and what was begun for it is ended', async () => {
    const judged = Promise.withResolvers<void>();
    let [judging, opened, closed] = [false, 0, 0];
    await using rig = await startServer({
      judge: async () => {
        judging = true;
        await judged.promise;
      },
      onOpened: () => opened++,
      onClosed: () => closed++,
    });
    await using client = new AdsClient({ port: rig.port });
    client.subscribe(listener);
    await eventually(() => judging);
    await client.close();
    await eventually(() => rig.sessions() === 0);
    judged.resolve();
    await eventually(() => closed === 1);
    assert.equal(opened, 0);
    assert.deepEqual(rig.server.connected(), []);
  });

  test('whose owner ends the stream as soon as it is open', async () => {
    let closed = 0;
    await using rig = await startServer({
      onOpened: (connection) => connection.close('too late'),
      onClosed: () => closed++,
    });
    await using client = new AdsClient({ port: rig.port });
    client.subscribe(listener);
    await client.until(() => client.ended !== undefined);
    assert.deepEqual(client.ended, { status: '14', message: 'too late' });
    assert.deepEqual(client.responses, []);
    await eventually(() => closed === 1 && rig.server.connected().length === 0);
  });

  test('while others that are not known yet hold too much', async () => {
    await using rig = await startServer({ limits: { unauthenticatedBytes: 10_000 } });
    const half = Buffer.concat([Buffer.from([0, 0, 0, 0x20, 0]), Buffer.alloc(8000)]);
    await using first = new AdsClient({ port: rig.port });
    first.stream.write(half);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await using second = new AdsClient({ port: rig.port });
    second.stream.write(half);
    await second.until(() => second.ended !== undefined);
    assert.equal(second.ended?.status, '14');
    assert.equal(first.ended, undefined);
    await using third = new AdsClient({ port: rig.port });
    third.subscribe(listener);
    await third.until(() => third.responses.length === 1);
  });

  test('who sends more than a first request needs', async () => {
    await using rig = await startServer({ limits: { unauthenticatedMessage: 10_000, message: 100_000 } });
    await using client = new AdsClient({ port: rig.port });
    client.subscribe(route, [
      'x'.repeat(2000),
      'y'.repeat(2000),
      ...Array.from({ length: 10 }, () => 'z'.repeat(1000)),
    ]);
    await client.until(() => client.ended !== undefined);
    assert.equal(client.ended?.status, '8');
    await using known = new AdsClient({ port: rig.port });
    known.subscribe(listener);
    await known.until(() => known.responses.length === 1);
    known.subscribe(
      route,
      Array.from({ length: 50 }, (_, i) => `${i}`.repeat(500)),
    );
    await known.until(() => known.responsesOf(route).length === 1);
    known.subscribe(
      route,
      Array.from({ length: 200 }, (_, i) => `${i}`.repeat(500)),
    );
    await known.until(() => known.ended !== undefined);
    assert.equal(known.ended?.status, '8');
  });

  test('over plaintext from another machine', async () => {
    await using rig = await startServer();
    for (const host of ['0.0.0.0', '::', '192.0.2.1', 'localhost', '127.0.0.1.example.com'])
      await assert.rejects(rig.server.listenPlaintextOnLoopback({ port: 0, host }), /loopback addresses only/);
  });
});

describe('a peer that misbehaves', () => {
  test('by sending garbage loses its stream, and nobody else does', async () => {
    await using rig = await startServer();
    rig.put('mesh', resource(listener, 'a', '1'));
    await using good = new AdsClient({ port: rig.port, token: 'good' });
    good.subscribe(listener);
    await good.until(() => good.responses.length === 1);
    for (const garbage of [
      Buffer.from([0, 0, 0, 0, 2, 0xff, 0xff]),
      Buffer.from([1, 0, 0, 0, 0]),
      Buffer.from([0, 0xff, 0xff, 0xff, 0xff]),
    ]) {
      await using bad = new AdsClient({ port: rig.port, token: 'bad' });
      bad.subscribe(listener);
      await bad.until(() => bad.responses.length === 1);
      bad.stream.write(garbage);
      await bad.until(() => bad.ended !== undefined);
      assert.notEqual(bad.ended?.status, '0');
    }
    const socket = connectTcp(rig.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.resume();
    socket.write('GET / HTTP/1.1\r\n\r\n');
    await new Promise((resolve) => socket.once('close', resolve));
    rig.put('mesh', resource(listener, 'a', '2'));
    await good.until(() => good.responses.length === 2);
    assert.equal(good.ended, undefined);
  });

  test('by not reading costs bounded memory, delays nobody, and is closed in the end', async () => {
    const clock = new TestClock();
    await using rig = await startServer({ clock, limits: { unreadBytes: 200_000, pingMs: 1e9 } });
    const size = 50_000;
    const content = (i: number) => String(i).padStart(size, ' ');
    await using stuck = new AdsClient({ port: rig.port, token: 'stuck' });
    stuck.subscribe(listener);
    await stuck.until(() => stuck.responses.length === 1);
    stuck.stream.pause();
    const names = Array.from({ length: 400 }, (_, i) => `r${i}`);
    rig.put('mesh', ...names.map((name, i) => resource(route, name, content(i))));
    for (const name of names) stuck.subscribe(route, [name]);
    await using reader = new AdsClient({ port: rig.port, token: 'reader' });
    reader.subscribe(route, names);
    await reader.until(() => reader.resources(route).size === names.length);
    const sent = () => rig.server.proxies().find(({ id }) => id === 'stuck')?.bytesSent ?? 0;
    let before = -1;
    await eventually(() => {
      const now = sent();
      const same = now === before;
      before = now;
      return same && now > 100_000;
    });
    const requested = rig.server
      .proxies()
      .find(({ id }) => id === 'stuck')
      ?.types.find(({ type }) => type === route)?.requested;
    assert.ok((requested?.length ?? 0) < 100, 'it is not read from either');
    assert.ok(sent() < 2_000_000, `${sent()} bytes were written for a peer that takes none`);
    for (let i = 0; i < 7; i++) clock.advance(5000);
    await eventually(() => rig.server.connected().join() === 'reader');
    assert.equal(rig.events.find(({ kind }) => kind === 'disconnected')?.reason, 'the proxy does not read');
    assert.equal(reader.ended, undefined);
  });

  test('by reading slowly gets everything in the end', async () => {
    await using rig = await startServer({ limits: { unreadBytes: 200_000 } });
    const names = Array.from({ length: 100 }, (_, i) => `r${i}`);
    rig.put('mesh', ...names.map((name, i) => resource(route, name, String(i).padStart(50_000, ' '))));
    await using slow = new AdsClient({ port: rig.port });
    slow.subscribe(listener);
    await slow.until(() => slow.responses.length === 1);
    slow.stream.pause();
    for (const name of names) slow.subscribe(route, [name]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    slow.stream.resume();
    await slow.until(() => slow.resources(route).size === names.length);
  });

  test('by not answering pings loses its connection', async () => {
    const clock = new TestClock();
    await using rig = await startServer({ clock, limits: { authenticationMs: 1e9 } });
    // An HTTP/2 preface and settings, and nothing after that.
    const socket = connectTcp(rig.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(
      Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])]),
    );
    await eventually(() => rig.sessions() === 1);
    clock.advance(15_000);
    clock.advance(10_000);
    await eventually(() => rig.sessions() === 0);
    socket.destroy();
  });

  test('and one that answers them keeps it', async () => {
    const clock = new TestClock();
    await using rig = await startServer({ clock });
    await using client = new AdsClient({ port: rig.port });
    client.subscribe(listener);
    await client.until(() => client.responses.length === 1);
    for (let i = 0; i < 20; i++) {
      clock.advance(5000);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.equal(client.ended, undefined);
  });
});

describe('over TLS', () => {
  test('a new certificate is used by the next connection, and the one before goes on', async () => {
    await using rig = await startServer({ tls: certificate });
    await using first = new AdsClient({ port: rig.port, ca: certificate.cert });
    first.subscribe(listener);
    await first.until(() => first.responses.length === 1);
    rig.server.setCertificate(otherCertificate);
    await using second = new AdsClient({ port: rig.port, ca: otherCertificate.cert });
    second.subscribe(listener);
    await second.until(() => second.responses.length === 1);
    rig.put('mesh', resource(listener, 'a', '1'));
    await first.until(() => first.responses.length === 2);
    await using distrusting = new AdsClient({ port: rig.port, ca: certificate.cert });
    distrusting.subscribe(listener);
    await distrusting.until(() => distrusting.ended !== undefined);
    assert.equal(distrusting.responses.length, 0);
  });
});

describe('a server that goes down', () => {
  test('tells its proxies to go elsewhere', async () => {
    const rig = await startServer();
    await using client = new AdsClient({ port: rig.port });
    client.subscribe(listener);
    await client.until(() => client.responses.length === 1);
    await rig.server.close();
    await client.until(() => client.ended !== undefined);
    assert.equal(client.ended?.status, '14');
  });

  test('does not wait for a handshake that never comes', async () => {
    const rig = await startServer({ tls: certificate, limits: { authenticationMs: 60_000 } });
    const silent = connectTcp(rig.port, '127.0.0.1');
    silent.on('error', () => {});
    await new Promise((resolve) => silent.once('connect', resolve));
    const gone = new Promise((resolve) => silent.once('close', resolve));
    await Promise.all([rig.server.close(), gone]);
  });
});

describe('a server that is closed for a while', () => {
  test('lets nobody in, says why, and ends the streams that it is told to', async () => {
    let reason: string | undefined = 'another one serves';
    await using rig = await startServer({ closedFor: () => reason });
    rig.put('mesh', resource(listener, 'a', '1'));
    await using early = new AdsClient({ port: rig.port });
    early.subscribe(listener);
    await early.until(() => early.ended !== undefined);
    assert.deepEqual([early.ended?.status, early.responses.length], ['14', 0]);
    reason = undefined;
    await using client = new AdsClient({ port: rig.port });
    client.subscribe(listener);
    await client.until(() => client.responses.length === 1);
    reason = 'another one serves';
    rig.server.endStreams(reason, 0);
    await client.until(() => client.ended !== undefined);
    assert.equal(client.ended?.status, '14');
  });
});

describe('what proxies acknowledged', () => {
  test('is known by its place, and not what was only sent, or refused', async () => {
    await using rig = await startServer();
    const at = (name: string) => rig.server.acknowledged({ layer: 'mesh', type: listener, name })?.version;
    const first = resource(listener, 'a', '1');
    rig.put('mesh', first);
    await using client = new AdsClient({ port: rig.port });
    client.hold(listener);
    client.subscribe(listener);
    await client.until(() => client.responses.length === 1);
    assert.equal(at('a'), undefined);
    client.release(listener);
    for (let tries = 0; tries < 200 && at('a') === undefined; tries += 1) await new Promise((go) => setTimeout(go, 10));
    assert.equal(at('a'), first.version);
    client.hold(listener);
    rig.put('mesh', resource(listener, 'a', '2'));
    await client.until(() => client.responses.length === 2);
    assert.equal(at('a'), first.version);
  });
});

test('make before break holds over the wire, too', async () => {
  await using rig = await startServer();
  rig.put('mesh', resource(cluster, 'old', '1'), resource(route, 'r', 'old', [toCluster('old')]));
  await using client = new AdsClient({ port: rig.port });
  client.subscribe(cluster);
  client.subscribe(route, ['r']);
  await client.until(() => client.resources(cluster).has('old') && client.resources(route).has('r'));
  client.hold(cluster);
  rig.put('mesh', resource(cluster, 'new', '1'), resource(route, 'r', 'new', [toCluster('new')]));
  await client.until(() => client.responsesOf(cluster).at(-1)?.resources[0]?.name === 'new');
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(client.responsesOf(route).length, 1);
  client.release(cluster);
  await client.until(() => client.responsesOf(route).length === 2 && !client.resources(cluster).has('old'));
});
