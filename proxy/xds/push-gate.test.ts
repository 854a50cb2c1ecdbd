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
  SessionRig,
  toCluster,
} from './testing/session-rig.ts';

/** The order in which types were spoken of since `from`. */
function order(proxy: { received: readonly { type: string }[] }, from: number): readonly string[] {
  return proxy.received.slice(from).map(({ type }) => type.split('.').at(-1) ?? '');
}

/** A proxy whose route `r` leads to cluster `old`. */
function proxyWithRoute(rig: SessionRig) {
  rig.put('mesh', ...clusterWithEndpoints('old'), resource(route, 'r', 'to old', [toCluster('old')]));
  const proxy = rig.proxy();
  proxy.start({ route: ['r'], endpoints: ['old'] });
  rig.settle();
  return proxy;
}

describe('make before break', () => {
  test('a route moves to a new cluster when that is acknowledged, and the old one goes when the route has moved', () => {
    const rig = new SessionRig();
    const proxy = proxyWithRoute(rig);
    const from = proxy.received.length;
    proxy.silent.add(cluster);
    rig.put('mesh', ...clusterWithEndpoints('new'), resource(route, 'r', 'to new', [toCluster('new')]));
    assert.deepEqual(order(proxy, from), ['Cluster']);
    assert.deepEqual(proxy.log(cluster).at(-1), 'new=new');
    proxy.silent.clear();
    proxy.silent.add(route);
    rig.settle();
    assert.deepEqual(order(proxy, from), ['Cluster', 'RouteConfiguration']);
    proxy.silent.clear();
    rig.settle();
    assert.deepEqual(order(proxy, from), ['Cluster', 'RouteConfiguration', 'Cluster']);
    assert.deepEqual(proxy.log(cluster).at(-1), '-old');
  });

  test('a cluster whose endpoints the proxy asked for is not there before these are', () => {
    const rig = new SessionRig();
    const proxy = proxyWithRoute(rig);
    proxy.silent.add(endpoints);
    proxy.silent.add(cluster);
    rig.put('mesh', ...clusterWithEndpoints('new'), resource(route, 'r', 'to new', [toCluster('new')]));
    proxy.request(endpoints, { subscribe: ['new'] });
    proxy.silent.delete(cluster);
    rig.settle();
    assert.equal(proxy.has(route, 'r'), 'to old');
    proxy.silent.clear();
    rig.settle();
    assert.equal(proxy.has(route, 'r'), 'to new');
  });

  test('a cluster that does not warm up keeps its route waiting for a while, not for ever', () => {
    const rig = new SessionRig();
    const proxy = proxyWithRoute(rig);
    proxy.silent.add(cluster);
    rig.put('mesh', ...clusterWithEndpoints('new'), resource(route, 'r', 'to new', [toCluster('new')]));
    rig.advance(rig.waits.warmUp - 1);
    assert.equal(proxy.has(route, 'r'), 'to old');
    rig.advance(1);
    assert.equal(proxy.has(route, 'r'), 'to new');
  });

  test('a cluster that does not warm up does not keep the next one waiting for ever', () => {
    const rig = new SessionRig();
    const proxy = proxyWithRoute(rig);
    proxy.silent.add(cluster);
    rig.put('class/x');
    rig.put(
      'mesh',
      ...clusterWithEndpoints('stuck'),
      resource(route, 'r', '2', [toCluster('old'), toCluster('stuck')]),
    );
    rig.put('mesh', ...clusterWithEndpoints('next'), resource(route, 'r', '3', [toCluster('old'), toCluster('next')]));
    assert.deepEqual(proxy.log(cluster).at(-1), 'stuck=stuck');
    rig.advance(rig.waits.warmUp);
    assert.match(proxy.log(cluster).at(-1) ?? '', /next=next/);
  });

  test('a route to a cluster that does not exist does not wait', () => {
    const rig = new SessionRig();
    const proxy = proxyWithRoute(rig);
    rig.put('mesh', resource(route, 'r', 'to nowhere', [toCluster('nowhere')]));
    assert.equal(proxy.has(route, 'r'), 'to nowhere');
  });

  test('a new listener waits for its clusters; its removal waits for nothing', () => {
    const rig = new SessionRig();
    const proxy = proxyWithRoute(rig);
    proxy.silent.add(cluster);
    rig.put('mesh', ...clusterWithEndpoints('tcp'), resource(listener, 'l', '1', [toCluster('tcp')]));
    assert.equal(proxy.has(listener, 'l'), undefined);
    proxy.silent.clear();
    rig.settle();
    assert.equal(proxy.has(listener, 'l'), '1');
    proxy.silent.add(route);
    rig.put('mesh', resource(route, 'r', '2', [toCluster('old')]));
    rig.remove('mesh', { type: listener, name: 'l' });
    assert.equal(proxy.has(listener, 'l'), undefined);
    assert.equal(proxy.has(cluster, 'tcp'), 'tcp', 'a route is on its way');
    proxy.silent.clear();
    rig.settle();
    assert.equal(proxy.has(cluster, 'tcp'), undefined);
  });

  test('a removal does not wait for ever', () => {
    const rig = new SessionRig();
    const proxy = proxyWithRoute(rig);
    proxy.silent.add(route);
    rig.put('mesh', ...clusterWithEndpoints('new'), resource(route, 'r', 'to new', [toCluster('new')]));
    rig.advance(rig.waits.removal - 1);
    assert.equal(proxy.has(cluster, 'old'), 'old');
    rig.advance(1);
    assert.equal(proxy.has(cluster, 'old'), undefined);
  });

  test('a route that is gone is emptied after the scope that led to it', () => {
    const rig = new SessionRig();
    rig.put('mesh', resource(scopedRoute, 's', '1'), resource(route, 'r', '1'));
    const proxy = rig.proxy();
    proxy.start({ route: ['r'] });
    rig.settle();
    const from = proxy.received.length;
    rig.remove('mesh', { type: scopedRoute, name: 's' }, { type: route, name: 'r' });
    assert.deepEqual(order(proxy, from), ['ScopedRouteConfiguration', 'RouteConfiguration']);
    assert.equal(proxy.has(route, 'r'), 'empty r');
  });

  test('endpoints that are gone with their cluster are not emptied before it', () => {
    const rig = new SessionRig();
    const proxy = proxyWithRoute(rig);
    proxy.silent.add(route);
    rig.cache.update([
      {
        layer: 'mesh',
        upsert: [resource(route, 'r', 'to nobody')],
        remove: [
          { type: cluster, name: 'old' },
          { type: endpoints, name: 'old' },
        ],
      },
    ]);
    rig.settle();
    assert.equal(proxy.has(endpoints, 'old'), 'endpoints of old');
    assert.equal(proxy.has(cluster, 'old'), 'old');
    proxy.silent.clear();
    proxy.silent.add(cluster);
    rig.settle();
    assert.equal(proxy.log(cluster).at(-1), '-old');
    // This is what Envoy does when it has removed the cluster.
    proxy.request(endpoints, { unsubscribe: ['old'] });
    proxy.silent.clear();
    rig.settle();
    assert.ok(!proxy.log(endpoints).includes('old=empty old'));
  });

  test('what a route leads to stays while another proxy tries the one that leads elsewhere', () => {
    const rig = new SessionRig();
    const trying = proxyWithRoute(rig);
    const waiting = rig.proxy();
    waiting.start({ route: ['r'], endpoints: ['old'] });
    rig.settle();
    trying.silent.add(route);
    rig.cache.update([
      {
        layer: 'mesh',
        upsert: [...clusterWithEndpoints('new'), resource(route, 'r', 'to new', [toCluster('new')])],
        remove: [
          { type: cluster, name: 'old' },
          { type: endpoints, name: 'old' },
        ],
      },
    ]);
    rig.settle();
    // As any request does, this has everything looked at again.
    waiting.request(endpoints, { subscribe: ['new'] });
    rig.settle();
    assert.equal(waiting.has(route, 'r'), 'to old');
    assert.equal(waiting.has(cluster, 'old'), 'old');
    assert.equal(waiting.has(endpoints, 'old'), 'endpoints of old');
    trying.silent.clear();
    rig.settle();
    assert.equal(waiting.has(route, 'r'), 'to new');
    assert.equal(waiting.has(cluster, 'old'), undefined);
  });

  test('what a route leads to stays with a proxy that would have tried the next route, had another not been first', () => {
    const rig = new SessionRig();
    const refusing = proxyWithRoute(rig);
    rig.put('mesh', resource(route, 'other', '1'));
    const busy = rig.proxy();
    const confirming = rig.proxy();
    for (const each of [busy, confirming]) each.start({ route: ['r', 'other'], endpoints: ['old'] });
    rig.settle();
    busy.silent.add(route);
    rig.put('mesh', resource(route, 'other', '2'));
    confirming.silent.add(route);
    refusing.refuses = (type, _, content) => (type === route && content === 'to new' ? 'no' : undefined);
    rig.put('mesh', ...clusterWithEndpoints('new'), resource(route, 'r', 'to new', [toCluster('new')]));
    assert.ok(confirming.log(route).includes('r=to new'));
    busy.silent.clear();
    rig.settle();
    assert.equal(busy.has(route, 'r'), 'to old');
    assert.equal(busy.has(cluster, 'old'), 'old');
  });

  test('what a proxy asks for is answered at once, however cold its clusters are', () => {
    const rig = new SessionRig();
    rig.put('mesh', ...clusterWithEndpoints('a'), resource(route, 'r', '1', [toCluster('a')]));
    const proxy = rig.proxy();
    proxy.start();
    rig.settle();
    proxy.silent.add(cluster);
    const from = proxy.received.length;
    proxy.request(route, { subscribe: ['r'] });
    assert.deepEqual(order(proxy, from), ['Cluster', 'RouteConfiguration']);
  });

  test('a cluster that is gone and still used is not emptied because the proxy asks for it', () => {
    const rig = new SessionRig();
    const proxy = proxyWithRoute(rig);
    proxy.silent.add(cluster);
    rig.cache.update([
      {
        layer: 'mesh',
        upsert: [...clusterWithEndpoints('new'), resource(route, 'r', 'to new', [toCluster('new')])],
        remove: [toCluster('old')],
      },
    ]);
    proxy.request(cluster, { subscribe: ['old'] });
    rig.settle();
    assert.equal(proxy.has(route, 'r'), 'to old');
    assert.ok(!proxy.log(cluster).includes('old=empty old'));
    proxy.silent.clear();
    rig.settle();
    assert.equal(proxy.has(route, 'r'), 'to new');
    assert.equal(proxy.has(cluster, 'old'), 'empty old');
  });
});
