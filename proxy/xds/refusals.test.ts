import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encodeResource } from './resource.ts';
import {
  cluster,
  clusterWithEndpoints,
  endpoints,
  type FakeProxy,
  listener,
  resource,
  route,
  scopedRoute,
  SessionRig,
  toCluster,
} from './testing/session-rig.ts';

/** Takes no content that holds the word. */
function refusing(proxy: FakeProxy, word = 'bad', name = false): FakeProxy {
  proxy.refuses = (_type, resourceName, content) =>
    content.includes(word) ? `${name ? resourceName : 'one of them'} is ${word}` : undefined;
  return proxy;
}

const names = Array.from({ length: 100 }, (_, i) => `r${String(i).padStart(2, '0')}`);

test('what was acknowledged elsewhere goes to all at once, and one that refuses it holds it back from nobody', () => {
  const rig = new SessionRig({ isProven: true });
  const one = refusing(rig.proxy(), 'v');
  one.start({ route: ['r'] });
  rig.put('mesh', resource(route, 'r', 'v1'));
  const other = rig.proxy();
  other.start({ route: ['r'] });
  rig.settle();
  assert.equal(other.has(route, 'r'), 'v1');
  assert.deepEqual(rig.quarantined, []);
});

describe('a changed resource', () => {
  test('goes to one proxy first, and to the others after its ACK', () => {
    const rig = new SessionRig();
    const [one, other] = [rig.proxy(), rig.proxy()];
    for (const proxy of [one, other]) proxy.start({ route: ['r'] });
    rig.put('mesh', resource(route, 'r', '1'));
    one.silent.add(route);
    rig.put('mesh', resource(route, 'r', '2'));
    assert.equal(one.log(route).at(-1), 'r=2');
    assert.equal(other.log(route).at(-1), 'r=1');
    one.silent.clear();
    rig.settle();
    assert.equal(other.has(route, 'r'), '2');
  });

  test('goes to all when the first one does not answer in time', () => {
    const rig = new SessionRig();
    const [one, other] = [rig.proxy(), rig.proxy()];
    for (const proxy of [one, other]) proxy.start({ route: ['r'] });
    rig.put('mesh', resource(route, 'r', '1'));
    one.silent.add(route);
    rig.put('mesh', resource(route, 'r', '2'));
    rig.advance(rig.waits.canary - 1);
    assert.equal(other.has(route, 'r'), '1');
    rig.advance(1);
    assert.equal(other.has(route, 'r'), '2');
  });

  test('is not tried on one that has kept the others waiting, until that answers', () => {
    const rig = new SessionRig();
    const [one, other] = [rig.proxy(), rig.proxy()];
    for (const proxy of [one, other]) proxy.start({ cluster: ['c'], route: ['r'] });
    rig.put('mesh', resource(cluster, 'c', '1'), resource(route, 'r', '1'));
    one.silent.add(cluster);
    one.silent.add(route);
    rig.put('mesh', resource(cluster, 'c', '2'));
    rig.advance(rig.waits.canary);
    rig.put('mesh', resource(route, 'r', '2'));
    assert.equal(other.has(route, 'r'), '2', 'at once');
    one.silent.clear();
    rig.settle();
    one.silent.add(route);
    rig.put('mesh', resource(route, 'r', '3'));
    assert.equal(other.has(route, 'r'), '2', 'it is tried on the first one again');
  });

  test('goes to the next one when the first one disconnects', () => {
    const rig = new SessionRig();
    const [one, other] = [rig.proxy(), rig.proxy()];
    for (const proxy of [one, other]) proxy.start({ route: ['r'] });
    rig.put('mesh', resource(route, 'r', '1'));
    one.silent.add(route);
    rig.put('mesh', resource(route, 'r', '2'));
    one.session.close();
    rig.settle();
    assert.equal(other.has(route, 'r'), '2');
  });

  test('that is a set of endpoints goes to all at once', () => {
    const rig = new SessionRig();
    const [one, other] = [rig.proxy(), rig.proxy()];
    const type = clusterWithEndpoints('a')[1]?.type;
    assert.ok(type);
    for (const proxy of [one, other]) proxy.request(type, { subscribe: ['a'] });
    rig.settle();
    one.silent.add(type);
    rig.put('mesh', ...clusterWithEndpoints('a'));
    assert.equal(other.has(type, 'a'), 'endpoints of a');
  });

  test('is what a proxy that comes during the trial is not given if there is an older one, and is given if there is none', () => {
    const rig = new SessionRig();
    const one = rig.proxy();
    one.start({ route: ['r', 'new'] });
    rig.put('mesh', resource(route, 'r', '1'));
    one.silent.add(route);
    rig.put('mesh', resource(route, 'r', '2'), resource(route, 'new', '1'));
    const late = rig.proxy();
    late.start({ route: ['r', 'new'] });
    assert.deepEqual(late.log(route), ['r=1 new=1']);
  });
});

describe('a resource that is refused alone', () => {
  test('is held at its last acknowledged version, for proxies that come later too, and its bytes are not sent again', () => {
    const rig = new SessionRig();
    const [one, other] = [refusing(rig.proxy()), refusing(rig.proxy())];
    for (const proxy of [one, other]) proxy.start({ route: ['r'] });
    rig.put('mesh', resource(route, 'r', 'good'));
    rig.put('mesh', resource(route, 'r', 'bad'));
    rig.advance(60_000);
    assert.deepEqual(one.log(route), ['r=empty r', 'r=good', 'r=bad']);
    assert.deepEqual(other.log(route), ['r=empty r', 'r=good', 'r=bad'], 'a second proxy is asked');
    const third = refusing(rig.proxy());
    third.start({ route: ['r'] });
    rig.settle();
    assert.deepEqual(third.log(route), ['r=good'], 'a third one is not');
    const [quarantine] = rig.vetting.quarantined();
    assert.equal(rig.vetting.quarantined().length, 1);
    assert.equal(quarantine?.error, 'one of them is bad');
    assert.equal(quarantine?.proxy, 'proxy-1');
    assert.equal(quarantine?.heldAt, encodeResource(route, 'r', Buffer.from('good')).version);
    const late = refusing(rig.proxy());
    late.start({ route: ['r'] });
    rig.settle();
    assert.deepEqual(late.log(route), ['r=good']);
  });

  test('by one proxy only is in force on all others', () => {
    const rig = new SessionRig();
    const [liar, ...others] = [refusing(rig.proxy(), ''), rig.proxy(), rig.proxy()];
    for (const proxy of rig.proxies) proxy.start({ route: ['r'] });
    rig.put('mesh', resource(route, 'r', '1'));
    for (const other of others) assert.equal(other.has(route, 'r'), '1');
    assert.deepEqual(rig.vetting.quarantined(), []);
    assert.deepEqual(
      liar.session.view.rejected().map(({ entry }) => entry.name),
      ['r'],
    );
    rig.put('mesh', resource(route, 'r', '2'));
    for (const other of others) assert.equal(other.has(route, 'r'), '2');
  });

  test('is held back from a third proxy while the second one has not answered, and cleared by its late ACK', () => {
    const rig = new SessionRig();
    const [one, other, third] = [refusing(rig.proxy()), rig.proxy(), rig.proxy()];
    for (const proxy of [one, other, third]) proxy.start({ route: ['r'] });
    rig.put('mesh', resource(route, 'r', 'good'));
    other.silent.add(route);
    rig.put('mesh', resource(route, 'r', 'bad for one'));
    assert.equal(other.log(route).at(-1), 'r=bad for one');
    rig.advance(60_000);
    assert.equal(rig.vetting.quarantined()[0]?.proxy, 'proxy-1');
    assert.equal(third.has(route, 'r'), 'good');
    other.silent.clear();
    rig.settle();
    assert.deepEqual(rig.vetting.quarantined(), []);
    assert.equal(third.has(route, 'r'), 'bad for one');
    assert.equal(one.has(route, 'r'), 'good');
  });

  test('is tried on the next proxy that comes, after its answer, and cleared or confirmed by that', () => {
    for (const honest of [false, true]) {
      const rig = new SessionRig();
      const one = refusing(rig.proxy());
      one.start({ route: ['r', 's'] });
      rig.put('mesh', resource(route, 'r', 'bad'), resource(route, 's', 'good'));
      const next = honest ? rig.proxy() : refusing(rig.proxy());
      next.start({ route: ['r', 's'] });
      assert.deepEqual(next.log(route), ['r=empty r s=good']);
      rig.settle();
      assert.equal(next.log(route)[1], 'r=bad');
      assert.equal(next.has(route, 'r'), honest ? 'bad' : 'empty r');
      assert.equal(rig.vetting.quarantined().length, honest ? 0 : 1);
      const third = rig.proxy();
      third.start({ route: ['r', 's'] });
      rig.settle();
      assert.deepEqual(third.log(route), honest ? ['r=bad s=good'] : ['r=empty r s=good']);
    }
  });

  test('is withheld when it never had another version: by name, the empty one stands for it', () => {
    const rig = new SessionRig();
    const one = refusing(rig.proxy());
    one.start({ route: ['r'] });
    rig.put('mesh', resource(route, 'r', 'bad'), resource(scopedRoute, 's', 'bad'));
    assert.equal(one.has(route, 'r'), 'empty r');
    const late = refusing(rig.proxy());
    late.start({ route: ['r'] });
    rig.settle();
    assert.deepEqual(late.log(route), ['r=empty r', 'r=bad'], 'it confirms');
    assert.deepEqual(late.log(scopedRoute), ['', 's=bad']);
    const third = refusing(rig.proxy());
    third.start({ route: ['r'] });
    rig.settle();
    assert.deepEqual(third.log(route), ['r=empty r']);
    assert.deepEqual(third.log(scopedRoute), ['']);
  });

  test('is tried again when its content changes', () => {
    const rig = new SessionRig();
    const one = refusing(rig.proxy());
    one.start({ route: ['r'] });
    rig.put('mesh', resource(route, 'r', 'bad'));
    rig.put('mesh', resource(route, 'r', 'repaired'));
    assert.equal(one.has(route, 'r'), 'repaired');
    assert.deepEqual(rig.vetting.quarantined(), []);
    assert.equal(rig.released.length, 1);
  });

  test('stays refused when it comes back after another content', () => {
    const rig = new SessionRig();
    const one = refusing(rig.proxy());
    one.start({ route: ['r'] });
    rig.put('mesh', resource(route, 'r', 'bad'));
    rig.put('mesh', resource(route, 'r', 'good'));
    rig.put('mesh', resource(route, 'r', 'bad'));
    assert.deepEqual(one.log(route), ['r=empty r', 'r=bad', 'r=good']);
    assert.equal(rig.vetting.quarantined().length, 1);
    rig.remove('mesh', { type: route, name: 'r' });
    assert.deepEqual(rig.vetting.quarantined(), []);
  });

  test('is held back from one proxy only when others have it in force', () => {
    const rig = new SessionRig();
    const one = rig.proxy();
    one.start({ route: ['r'] });
    rig.put('mesh', resource(route, 'r', 'bad for some'));
    const other = refusing(rig.proxy());
    other.start({ route: ['r'] });
    rig.settle();
    assert.equal(one.has(route, 'r'), 'bad for some');
    assert.equal(other.has(route, 'r'), 'empty r');
    assert.deepEqual(rig.vetting.quarantined(), []);
    assert.equal(other.nacked.length, 1);
    rig.advance(60_000);
    assert.equal(other.nacked.length, 1);
  });

  test('keeps the clusters that its last version leads to', () => {
    const rig = new SessionRig();
    const one = refusing(rig.proxy());
    rig.put('mesh', resource(cluster, 'old', '1'), resource(cluster, 'new', '1'));
    rig.put('mesh', resource(route, 'r', 'good', [toCluster('old')]));
    one.start({ route: ['r'] });
    rig.settle();
    rig.put('mesh', resource(route, 'r', 'bad', [toCluster('new')]));
    rig.advance(60_000);
    assert.equal(one.has(cluster, 'old'), '1');
    assert.equal(one.has(cluster, 'new'), undefined);
  });

  test('keeps what its last version leads to, though it is gone, for proxies that come later too, until another version is in force', () => {
    const rig = new SessionRig();
    const first = refusing(rig.proxy());
    rig.put('mesh', ...clusterWithEndpoints('old'), resource(route, 'r', 'to old', [toCluster('old')]));
    first.start({ route: ['r'], endpoints: ['old'] });
    rig.settle();
    rig.cache.update([
      {
        layer: 'mesh',
        upsert: [resource(route, 'r', 'bad')],
        remove: [
          { type: endpoints, name: 'old' },
          { type: cluster, name: 'old' },
        ],
      },
    ]);
    rig.settle();
    const later = refusing(rig.proxy());
    later.start({ route: ['r'], endpoints: ['old'] });
    rig.settle();
    rig.advance(2 * rig.waits.removal);
    for (const proxy of [first, later]) {
      assert.equal(proxy.has(route, 'r'), 'to old');
      assert.equal(proxy.has(cluster, 'old'), 'old');
      assert.equal(proxy.has(endpoints, 'old'), 'endpoints of old');
    }
    rig.put('mesh', resource(route, 'r', 'to nobody'));
    rig.advance(rig.waits.removal);
    for (const proxy of [first, later]) {
      assert.equal(proxy.has(route, 'r'), 'to nobody');
      assert.equal(proxy.has(cluster, 'old'), undefined);
    }
  });
});

describe('of a refused response', () => {
  test('the culprit is found among a hundred, and the other ninety-nine are in force on a fresh proxy', () => {
    const rig = new SessionRig();
    rig.put('mesh', ...names.map((name) => resource(route, name, name === 'r57' ? 'bad' : 'good')));
    const one = refusing(rig.proxy());
    one.start({ route: names });
    rig.settle();
    for (const name of names) assert.equal(one.has(route, name), name === 'r57' ? 'empty r57' : 'good');
    assert.deepEqual(
      rig.vetting.quarantined().map(({ name }) => name),
      ['r57'],
    );
    assert.ok(one.received.length < 30, `${one.received.length} responses`);
    const late = refusing(rig.proxy());
    late.start({ route: names });
    rig.settle();
    assert.deepEqual(
      late.nacked.map(({ names }) => names),
      [['r57']],
      'it confirms',
    );
    assert.equal(late.has(route, 'r99'), 'good');
  });

  test('several culprits are found', () => {
    const rig = new SessionRig();
    const bad = new Set(['r00', 'r01', 'r50', 'r98', 'r99']);
    rig.put('mesh', ...names.map((name) => resource(route, name, bad.has(name) ? 'bad' : 'good')));
    const one = refusing(rig.proxy());
    one.start({ route: names });
    rig.settle();
    assert.deepEqual(
      rig.vetting
        .quarantined()
        .map(({ name }) => name)
        .sort(),
      [...bad],
    );
    for (const name of names) assert.equal(one.has(route, name), bad.has(name) ? `empty ${name}` : 'good');
  });

  test('all may be culprits', () => {
    const rig = new SessionRig();
    rig.put('mesh', ...names.map((name) => resource(scopedRoute, name, `bad ${name}`)));
    const one = refusing(rig.proxy());
    one.start();
    rig.settle();
    assert.equal(rig.vetting.quarantined().length, 100);
    rig.advance(60_000);
    const count = one.received.length;
    rig.put('mesh', resource(listener, 'l', 'good'));
    assert.equal(one.received.length, count + 1, 'nothing but the listener');
  });

  test('a culprit that Envoy names is found at once', () => {
    const rig = new SessionRig();
    rig.put('class/x', ...names.map((name) => resource(cluster, name, name === 'r57' ? 'bad' : 'good')));
    const one = refusing(rig.proxy(['class/x']), 'bad', true);
    one.start();
    rig.settle();
    assert.deepEqual(
      rig.vetting.quarantined().map(({ name }) => name),
      ['r57'],
    );
    assert.equal(one.log(cluster).length, 3, 'all, all but one, the one');
    assert.equal(one.has(cluster, 'r99'), 'good');
  });

  test('what was in force before is held, and what changes during the search is sent', () => {
    const rig = new SessionRig();
    const one = refusing(rig.proxy());
    one.start({ route: names });
    rig.put('mesh', ...names.map((name) => resource(route, name, 'old')));
    one.silent.add(route);
    rig.put('mesh', ...names.map((name) => resource(route, name, name === 'r57' ? 'bad' : 'new')));
    const response = one.received.at(-1);
    assert.ok(response);
    one.answerOne(response);
    rig.cache.update([
      { layer: 'mesh', upsert: [resource(route, 'r57', 'repaired'), resource(route, 'r10', 'newer')], remove: [] },
    ]);
    one.silent.clear();
    rig.settle();
    for (const name of names) assert.equal(one.has(route, name), { r57: 'repaired', r10: 'newer' }[name] ?? 'new');
    assert.deepEqual(rig.vetting.quarantined(), []);
  });

  test('one proxy looks for the culprit while the others wait, and all get the good ones', () => {
    const rig = new SessionRig();
    const proxies = Array.from({ length: 5 }, () => refusing(rig.proxy()));
    for (const proxy of proxies) proxy.start({ route: names });
    rig.put('mesh', ...names.map((name) => resource(route, name, 'old')));
    rig.put('mesh', ...names.map((name) => resource(route, name, name === 'r57' ? 'bad' : 'new')));
    for (const proxy of proxies)
      for (const name of names) assert.equal(proxy.has(route, name), name === 'r57' ? 'old' : 'new');
    const refused = proxies.filter(({ nacked }) => nacked.length > 0);
    assert.equal(refused.length, 2, 'one that looks for the culprit, and one that confirms');
    assert.equal(refused[1]?.nacked.length, 1);
  });

  test('that many fresh proxies refuse at the same time, every proxy ends with the good ones', () => {
    const rig = new SessionRig();
    rig.put('mesh', ...names.map((name) => resource(route, name, name === 'r57' ? 'bad' : 'good')));
    const proxies = Array.from({ length: 5 }, () => refusing(rig.proxy()));
    for (const proxy of proxies) proxy.start({ route: names });
    rig.settle();
    for (const proxy of proxies)
      for (const name of names) assert.equal(proxy.has(route, name), name === 'r57' ? 'empty r57' : 'good');
    const refusals = proxies.reduce((sum, { nacked }) => sum + nacked.length, 0);
    assert.ok(refusals <= 5 + 7 + 1, `${refusals}: all at first, one that searches, one that confirms`);
  });

  test('a suspect that the searching proxy no longer wants goes to those that do', () => {
    const rig = new SessionRig();
    const [one, other] = [refusing(rig.proxy()), refusing(rig.proxy())];
    for (const proxy of [one, other]) proxy.start({ route: names });
    rig.put('mesh', ...names.map((name) => resource(route, name, 'old')));
    one.silent.add(route);
    rig.put('mesh', ...names.map((name) => resource(route, name, name === 'r57' ? 'bad' : 'new')));
    const response = one.received.at(-1);
    assert.ok(response);
    one.answerOne(response);
    for (const name of names) one.unask(route, name);
    one.silent.clear();
    rig.settle();
    for (const name of names) assert.equal(other.has(route, name), name === 'r57' ? 'old' : 'new');
  });

  test('a good one goes to a proxy that has asked for it meanwhile, without another wait for its clusters', () => {
    const rig = new SessionRig();
    rig.put(
      'mesh',
      resource(cluster, 'a', '1'),
      resource(route, 'r', 'good', [toCluster('a')]),
      resource(route, 's', 'bad'),
    );
    const one = refusing(rig.proxy());
    one.start({ route: ['r', 's'] });
    one.answer();
    const late = refusing(rig.proxy());
    late.start({ route: ['r'] });
    assert.deepEqual(late.log(route), [], 'somebody is finding out about it');
    late.silent.add(cluster);
    rig.settle();
    assert.deepEqual(late.log(route), ['r=good']);
  });

  test('a proxy that looks for the culprit and leaves, or falls silent, is replaced', () => {
    for (const leave of [true, false]) {
      const rig = new SessionRig();
      const [one, other] = [refusing(rig.proxy()), refusing(rig.proxy())];
      for (const proxy of [one, other]) proxy.start({ route: names });
      rig.put('mesh', ...names.map((name) => resource(route, name, 'old')));
      one.silent.add(route);
      rig.put('mesh', ...names.map((name) => resource(route, name, name === 'r57' ? 'bad' : 'new')));
      const response = one.received.at(-1);
      assert.ok(response);
      one.answerOne(response);
      if (leave) one.session.close();
      rig.advance(leave ? 0 : rig.waits.probe);
      for (const name of names) assert.equal(other.has(route, name), name === 'r57' ? 'old' : 'new');
    }
  });

  test('that only removes, nothing else is said instead', () => {
    const rig = new SessionRig();
    const one = rig.proxy();
    rig.put('mesh', resource(listener, 'l', '1'));
    one.start();
    rig.settle();
    one.silent.add(listener);
    rig.remove('mesh', { type: listener, name: 'l' });
    const response = one.received.at(-1);
    assert.ok(response);
    one.request(listener, { nonce: response.nonce, error: 'no' });
    rig.advance(60_000);
    assert.deepEqual(one.log(listener), ['l=1', '-l']);
  });
});
