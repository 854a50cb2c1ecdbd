import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  cluster,
  clusterWithEndpoints,
  endpoints,
  listener,
  resource,
  route,
  scopedRoute,
  secret,
  SessionRig,
  toCluster,
} from './testing/session-rig.ts';

describe('a subscription', () => {
  test('is not answered before the cache is in sync, and then at once', () => {
    const rig = new SessionRig({ synced: false });
    const proxy = rig.proxy();
    rig.put('mesh', resource(listener, 'a', '1'));
    proxy.start({ route: ['r'] });
    rig.settle();
    assert.deepEqual(proxy.received, []);
    rig.cache.markSynced();
    rig.settle();
    assert.equal(proxy.has(listener, 'a'), '1');
    assert.deepEqual(proxy.log(cluster), [''], 'an empty answer to a wildcard: Envoy waits for it');
  });

  test('for everything of a type gets what all layers hold, the most specific winning', () => {
    const rig = new SessionRig();
    rig.put('mesh', resource(listener, 'a', 'mesh'), resource(listener, 'b', 'mesh'));
    rig.put('class/x', resource(listener, 'b', 'class'), resource(listener, 'c', 'class'));
    rig.put('class/y', resource(listener, 'd', 'of others'));
    const proxy = rig.proxy(['mesh', 'class/x']);
    proxy.start();
    rig.settle();
    assert.deepEqual(proxy.log(listener), ['a=mesh b=class c=class']);
    rig.put('mesh', resource(listener, 'b', 'mesh 2'));
    rig.put('class/y', resource(listener, 'd', 'of others 2'));
    assert.equal(proxy.log(listener).length, 1, 'what it does not see does not reach it');
    rig.remove('class/x', { type: listener, name: 'b' });
    assert.equal(proxy.has(listener, 'b'), 'mesh 2');
    rig.remove('mesh', { type: listener, name: 'b' });
    assert.equal(proxy.log(listener).at(-1), '-b');
  });

  test('by name gets the name, each time it asks', () => {
    const rig = new SessionRig();
    rig.put('mesh', resource(route, 'r', '1'), resource(route, 'other', '1'));
    const proxy = rig.proxy();
    proxy.request(route, { subscribe: ['r'] });
    rig.settle();
    proxy.request(route, { subscribe: ['r'] });
    rig.settle();
    assert.deepEqual(proxy.log(route), ['r=1', 'r=1']);
    rig.put('mesh', resource(route, 'r', '2'), resource(route, 'other', '2'));
    assert.deepEqual(proxy.log(route), ['r=1', 'r=1', 'r=2']);
  });

  test('to an unknown name is answered by an explicit empty resource, or as removed, and by the real one once it exists', () => {
    const rig = new SessionRig();
    const proxy = rig.proxy();
    proxy.start({ route: ['r'], secret: ['s'], cluster: ['10.0.0.1:80'] });
    rig.settle();
    assert.deepEqual(proxy.log(route), ['r=empty r']);
    assert.deepEqual(proxy.log(secret), ['-s']);
    assert.deepEqual(proxy.log(cluster), ['', '10.0.0.1:80=empty 10.0.0.1:80']);
    rig.put(
      'mesh',
      resource(route, 'r', 'real'),
      resource(secret, 's', 'real'),
      resource(cluster, '10.0.0.1:80', 'real'),
    );
    assert.equal(proxy.has(route, 'r'), 'real');
    assert.equal(proxy.has(secret, 's'), 'real');
    assert.equal(proxy.has(cluster, '10.0.0.1:80'), 'real');
    rig.remove('mesh', { type: route, name: 'r' });
    assert.equal(proxy.has(route, 'r'), 'empty r');
  });

  test('ends with an unsubscription, after which changes are not sent', () => {
    const rig = new SessionRig();
    rig.put('mesh', resource(route, 'r', '1'));
    const proxy = rig.proxy();
    proxy.request(route, { subscribe: ['r'] });
    rig.settle();
    proxy.request(route, { unsubscribe: ['r'] });
    rig.put('mesh', resource(route, 'r', '2'));
    assert.deepEqual(proxy.log(route), ['r=1']);
  });

  test('to more names than allowed ends the stream', () => {
    const rig = new SessionRig();
    const proxy = rig.proxy();
    const names = Array.from({ length: 151 }, (_, i) => `r${i}`);
    assert.throws(() => proxy.request(route, { subscribe: names }), /more than 150 resource names/);
    assert.throws(() => proxy.request(route, { subscribe: ['x'.repeat(5000)] }), /5000 characters/);
  });

  test('to all endpoints at once is not a thing', () => {
    const rig = new SessionRig();
    rig.put('mesh', resource(endpoints, 'e', '1'));
    const proxy = rig.proxy();
    proxy.request(endpoints);
    proxy.request(endpoints, { subscribe: ['*'] });
    rig.settle();
    assert.deepEqual(proxy.received, []);
  });

  test('to a type that is not served is ignored', () => {
    const rig = new SessionRig();
    const proxy = rig.proxy();
    proxy.session.request({
      node: undefined,
      typeUrl: 'x',
      subscribe: [],
      unsubscribe: [],
      initialVersions: new Map(),
      nonce: '',
      error: undefined,
    });
    assert.deepEqual(proxy.received, []);
  });
});

describe('clusters', () => {
  test('come with what refers to them, mirrors included, and go with it', () => {
    const rig = new SessionRig();
    rig.put('mesh', ...clusterWithEndpoints('a'), ...clusterWithEndpoints('mirror'), ...clusterWithEndpoints('unused'));
    rig.put('mesh', resource(route, 'r', '1', [toCluster('a'), toCluster('mirror')]));
    const proxy = rig.proxy();
    proxy.start({ route: ['r'], endpoints: ['a', 'mirror'] });
    rig.settle();
    assert.deepEqual(proxy.log(cluster), ['', 'a=a mirror=mirror']);
    rig.put('mesh', resource(route, 'r', '2', [toCluster('a')]));
    assert.deepEqual(proxy.log(cluster).at(-1), '-mirror');
    proxy.request(route, { unsubscribe: ['r'] });
    rig.settle();
    assert.deepEqual(proxy.log(cluster).at(-1), '-a');
  });

  test('of the layers of a class come unasked, those of the mesh do not', () => {
    const rig = new SessionRig();
    rig.put('mesh', resource(cluster, 'mesh', '1'));
    rig.put('class/x', resource(cluster, 'inbound', '1'));
    const proxy = rig.proxy(['mesh', 'class/x']);
    proxy.start();
    rig.settle();
    assert.deepEqual(proxy.log(cluster), ['inbound=1']);
  });

  test('that clusters refer to come as well', () => {
    const rig = new SessionRig();
    rig.put(
      'mesh',
      resource(cluster, 'a', '1', [toCluster('b')]),
      resource(cluster, 'b', '1', [toCluster('c')]),
      resource(cluster, 'c', '1'),
    );
    rig.put('class/x', resource(listener, 'l', '1', [toCluster('a')]));
    const proxy = rig.proxy(['mesh', 'class/x']);
    proxy.start();
    rig.settle();
    assert.deepEqual([...proxy.inForce.keys()].sort(), [
      `${cluster} a`,
      `${cluster} b`,
      `${cluster} c`,
      `${listener} l`,
    ]);
  });

  test('are not pushed to a proxy that only asks by name, which would acknowledge and ignore them', () => {
    const rig = new SessionRig();
    rig.put('mesh', resource(cluster, 'a', '1'), resource(route, 'r', '1', [toCluster('a')]));
    const proxy = rig.proxy();
    proxy.request(route, { subscribe: ['r'] });
    proxy.request(cluster, { subscribe: ['other'] });
    rig.settle();
    assert.deepEqual(proxy.log(cluster), ['other=empty other']);
  });

  test('are followed by their endpoints again after each change, for Envoy waits for these', () => {
    const rig = new SessionRig();
    rig.put('mesh', ...clusterWithEndpoints('a'));
    const proxy = rig.proxy();
    proxy.start({ cluster: ['a'], endpoints: ['a'] });
    rig.settle();
    rig.put('mesh', ...clusterWithEndpoints('a', 'changed'));
    assert.equal(proxy.has(cluster, 'a'), 'changed');
    assert.deepEqual(proxy.log(endpoints), ['a=endpoints of a', 'a=endpoints of a']);
  });

  test('that are asked for on demand stay asked for: a removed one is replaced by an empty one', () => {
    const rig = new SessionRig();
    rig.put('mesh', ...clusterWithEndpoints('a'));
    const proxy = rig.proxy();
    proxy.start({ cluster: ['a'], endpoints: ['a'] });
    rig.settle();
    rig.remove('mesh', { type: cluster, name: 'a' }, { type: endpoints, name: 'a' });
    assert.equal(proxy.has(cluster, 'a'), 'empty a');
  });
});

describe('after a reconnect', () => {
  test('only what differs is sent, and what is gone is removed', () => {
    const rig = new SessionRig();
    const same = resource(listener, 'same', '1');
    rig.put('mesh', same, resource(listener, 'changed', '2'), resource(listener, 'new', '1'));
    const proxy = rig.proxy();
    const initialVersions = new Map([
      ['same', same.version],
      ['changed', 'old'],
      ['gone', 'old'],
    ]);
    proxy.request(listener, { initialVersions });
    rig.settle();
    assert.deepEqual(proxy.log(listener), ['new=1', 'changed=2 -gone']);
    assert.deepEqual(
      proxy.acked.flatMap(({ entries }) => entries.map(({ name }) => name)).sort(),
      ['changed', 'new', 'same'],
      'what it brought along counts as acknowledged',
    );
  });

  test('nothing is sent when nothing changed', () => {
    const rig = new SessionRig();
    const [a, b] = [resource(route, 'a', '1'), resource(route, 'b', '1')];
    rig.put('mesh', a, b);
    const proxy = rig.proxy();
    const initialVersions = new Map([
      ['a', a.version],
      ['b', b.version],
    ]);
    proxy.request(route, { subscribe: ['a', 'b'], initialVersions });
    rig.settle();
    assert.deepEqual(proxy.received, []);
    rig.put('mesh', resource(route, 'b', '2'));
    assert.deepEqual(proxy.log(route), ['b=2']);
  });

  test('clusters are not removed before the subscriptions that need them have come', () => {
    const rig = new SessionRig();
    const [a] = clusterWithEndpoints('a');
    assert.ok(a);
    rig.put('mesh', a, resource(route, 'r', '1', [toCluster('a')]));
    const proxy = rig.proxy();
    const initialVersions = new Map([
      ['a', a.version],
      ['unused', 'x'],
    ]);
    proxy.request(cluster, { subscribe: ['*'], initialVersions });
    rig.settle();
    proxy.request(route, { subscribe: ['r'] });
    rig.settle();
    assert.deepEqual(proxy.log(cluster), []);
    rig.advance(rig.waits.reconnect);
    assert.deepEqual(proxy.log(cluster), ['-unused']);
  });

  test('the endpoints of a cluster that changed meanwhile are sent although the proxy has them', () => {
    const rig = new SessionRig();
    const [, own] = clusterWithEndpoints('a');
    rig.put('mesh', ...clusterWithEndpoints('a', 'changed'));
    const proxy = rig.proxy();
    proxy.request(cluster, { subscribe: ['*', 'a'], initialVersions: new Map([['a', 'old']]) });
    proxy.request(endpoints, { subscribe: ['a'], initialVersions: new Map([['a', own?.version ?? '']]) });
    rig.settle();
    assert.deepEqual(proxy.log(endpoints), ['a=endpoints of a']);
  });
});

describe('pushes', () => {
  test('of one type wait for the ACK of the one before, and then say only the newest', () => {
    const rig = new SessionRig();
    const proxy = rig.proxy();
    proxy.start({ route: ['r'] });
    rig.settle();
    proxy.silent.add(route);
    for (let i = 1; i <= 5; i++) rig.put('mesh', resource(route, 'r', String(i)));
    assert.deepEqual(proxy.log(route), ['r=empty r', 'r=1']);
    proxy.silent.clear();
    rig.settle();
    assert.deepEqual(proxy.log(route), ['r=empty r', 'r=1', 'r=5']);
  });

  test('do not keep an answer waiting', () => {
    const rig = new SessionRig();
    rig.put('mesh', resource(route, 'b', '1'));
    const proxy = rig.proxy();
    proxy.start({ route: ['a'] });
    rig.settle();
    proxy.silent.add(route);
    rig.put('mesh', resource(route, 'a', '1'));
    proxy.request(route, { subscribe: ['b'] });
    assert.deepEqual(proxy.log(route), ['a=empty a', 'a=1', 'b=1']);
  });

  test('wait for a peer that does not read', () => {
    const rig = new SessionRig();
    const proxy = rig.proxy();
    proxy.start();
    rig.settle();
    proxy.writable = false;
    rig.put('mesh', resource(listener, 'a', '1'));
    assert.deepEqual(proxy.log(listener), ['']);
    proxy.writable = true;
    rig.settle();
    assert.deepEqual(proxy.log(listener), ['', 'a=1']);
  });

  test('are answered by nonce: an old or invented one says nothing', () => {
    const rig = new SessionRig();
    const proxy = rig.proxy();
    proxy.silent.add(listener);
    rig.put('mesh', resource(listener, 'a', '1'));
    proxy.start();
    proxy.request(listener, { nonce: 'invented' });
    proxy.request(listener, { nonce: 'invented', error: 'no' });
    rig.put('mesh', resource(listener, 'a', '2'));
    assert.deepEqual(proxy.log(listener), ['a=1']);
    assert.deepEqual(proxy.acked, []);
    assert.deepEqual(proxy.nacked, []);
  });

  test('follow when a proxy may see other layers', () => {
    const rig = new SessionRig();
    rig.put('mesh', resource(listener, 'a', '1'), resource(route, 'r', 'mesh'));
    rig.put('class/x', resource(listener, 'b', '1'));
    rig.put('class/y', resource(listener, 'c', '1'), resource(route, 'r', 'y'));
    const proxy = rig.proxy(['mesh', 'class/x']);
    proxy.start({ route: ['r'] });
    rig.settle();
    proxy.session.setLayers(['mesh', 'class/y']);
    rig.settle();
    assert.equal(proxy.log(listener).at(-1), 'c=1 -b');
    assert.equal(proxy.has(route, 'r'), 'y');
  });
});

describe('an ACK', () => {
  test('says which entries a proxy has as of which revision, removed ones too', () => {
    const rig = new SessionRig();
    const proxy = rig.proxy(['mesh', 'class/x']);
    proxy.start();
    rig.settle();
    const first = rig.put('mesh', resource(scopedRoute, 's', '1'));
    assert.deepEqual(proxy.acked.at(-1)?.entries, [{ layer: 'mesh', type: scopedRoute, name: 's', revision: first }]);
    const second = rig.put('class/x', resource(scopedRoute, 's', '2'));
    assert.deepEqual(proxy.acked.at(-1)?.entries, [
      { layer: 'class/x', type: scopedRoute, name: 's', revision: second },
      { layer: 'mesh', type: scopedRoute, name: 's', revision: second },
    ]);
    const third = rig.cache.update([
      { layer: 'mesh', upsert: [], remove: [{ type: scopedRoute, name: 's' }] },
      { layer: 'class/x', upsert: [], remove: [{ type: scopedRoute, name: 's' }] },
    ]);
    rig.settle();
    assert.deepEqual(proxy.acked.at(-1)?.entries, [
      { layer: 'class/x', type: scopedRoute, name: 's', revision: third },
    ]);
  });

  test('is not needed for a content that came back before it was sent', () => {
    const rig = new SessionRig();
    const proxy = rig.proxy();
    rig.put('mesh', resource(listener, 'a', '1'));
    proxy.start();
    rig.settle();
    rig.cache.update([{ layer: 'mesh', upsert: [resource(listener, 'a', '2')], remove: [] }]);
    const revision = rig.cache.update([{ layer: 'mesh', upsert: [resource(listener, 'a', '1')], remove: [] }]);
    rig.settle();
    assert.deepEqual(proxy.log(listener), ['a=1']);
    assert.deepEqual(proxy.acked.at(-1)?.entries, [{ layer: 'mesh', type: listener, name: 'a', revision }]);
  });

  test('is not needed for what is gone and was as good as empty, or is the same in another layer', () => {
    const rig = new SessionRig();
    const proxy = rig.proxy(['mesh', 'class/x']);
    rig.put('mesh', resource(route, 'r', 'empty r'), resource(listener, 'a', '1'));
    proxy.start({ route: ['r'] });
    rig.settle();
    const gone = rig.remove('mesh', { type: route, name: 'r' });
    assert.deepEqual(proxy.acked.at(-1)?.entries, [{ layer: 'mesh', type: route, name: 'r', revision: gone }]);
    const moved = rig.put('class/x', resource(listener, 'a', '1'));
    assert.deepEqual(proxy.acked.at(-1)?.entries, [
      { layer: 'class/x', type: listener, name: 'a', revision: moved },
      { layer: 'mesh', type: listener, name: 'a', revision: moved },
    ]);
    assert.deepEqual([proxy.log(route), proxy.log(listener)], [['r=empty r'], ['a=1']]);
  });

  test('is no longer waited for from a proxy that unsubscribed', () => {
    const rig = new SessionRig();
    const proxy = rig.proxy();
    rig.put('mesh', resource(route, 'r', '1'));
    proxy.start({ route: ['r'] });
    rig.settle();
    proxy.silent.add(route);
    const revision = rig.put('mesh', resource(route, 'r', '2'));
    proxy.request(route, { unsubscribe: ['r'] });
    assert.deepEqual(proxy.acked.at(-1)?.entries, [{ layer: 'mesh', type: route, name: 'r', revision }]);
    assert.equal(proxy.session.view.uses({ layer: 'mesh', type: route, name: 'r' }), false);
  });
});
