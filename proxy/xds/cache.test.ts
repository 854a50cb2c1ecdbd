import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type CacheChange, ResourceCache } from './cache.ts';
import { encodeResource } from './resource.ts';
import { typeUrls } from './type-url.ts';

const { route, listener } = typeUrls;
const resource = (name: string, content: string, causes: readonly string[] = []) =>
  encodeResource(route, name, Buffer.from(content), [], causes);

function recorded(cache: ResourceCache): CacheChange[] {
  const changes: CacheChange[] = [];
  cache.subscribe((change) => changes.push(change));
  return changes;
}

describe('an update', () => {
  test('is one revision over all layers, and says exactly what changed', () => {
    const cache = new ResourceCache();
    const changes = recorded(cache);
    const revision = cache.update([
      { layer: 'a', upsert: [resource('r', '1'), resource('s', '1')], remove: [] },
      { layer: 'b', upsert: [resource('r', '2')], remove: [] },
    ]);
    assert.equal(revision, 1);
    assert.deepEqual(changes, [
      {
        revision: 1,
        changed: [
          { layer: 'a', type: route, name: 'r' },
          { layer: 'a', type: route, name: 's' },
          { layer: 'b', type: route, name: 'r' },
        ],
      },
    ]);
    assert.equal(cache.update([{ layer: 'a', upsert: [resource('r', '1'), resource('s', '2')], remove: [] }]), 2);
    assert.deepEqual(changes.at(-1)?.changed, [{ layer: 'a', type: route, name: 's' }]);
    assert.equal(cache.revisionOf({ layer: 'a', type: route, name: 'r' }), 1);
    assert.equal(cache.revisionOf({ layer: 'a', type: route, name: 's' }), 2);
  });

  test('that changes nothing is no revision, though causes may be others', () => {
    const cache = new ResourceCache();
    cache.update([{ layer: 'a', upsert: [resource('r', '1', ['x'])], remove: [] }]);
    const changes = recorded(cache);
    const before = cache.entry({ layer: 'a', type: route, name: 'r' });
    const same = cache.update([
      { layer: 'a', upsert: [resource('r', '1', ['y'])], remove: [{ type: route, name: 'unknown' }] },
    ]);
    const after = cache.entry({ layer: 'a', type: route, name: 'r' });
    assert.equal(same, 1);
    assert.deepEqual(changes, []);
    assert.deepEqual(after?.resource.causes, ['y']);
    assert.equal(after?.resource.frame, before?.resource.frame, 'the bytes are shared');
  });

  test('that removes is a revision', () => {
    const cache = new ResourceCache();
    cache.update([{ layer: 'a', upsert: [resource('r', '1')], remove: [] }]);
    assert.equal(cache.update([{ layer: 'a', upsert: [], remove: [{ type: route, name: 'r' }] }]), 2);
    assert.equal(cache.revisionOf({ layer: 'a', type: route, name: 'r' }), undefined);
    assert.deepEqual([...cache.entries('a')], []);
  });
});

describe('a list of layers', () => {
  const cache = new ResourceCache();
  cache.update([
    { layer: 'a', upsert: [resource('r', 'a'), resource('s', 'a')], remove: [] },
    { layer: 'b', upsert: [resource('r', 'b')], remove: [] },
  ]);

  test('is searched from the most specific on', () => {
    assert.equal(cache.find(['a', 'b'], route, 'r')?.layer, 'b');
    assert.equal(cache.find(['b', 'a'], route, 'r')?.layer, 'a');
    assert.equal(cache.find(['a', 'b', 'unknown'], route, 's')?.layer, 'a');
    assert.equal(cache.find(['b'], route, 's'), undefined);
    assert.equal(cache.find(['a'], listener, 'r'), undefined);
  });

  test('has the names of all', () => {
    assert.deepEqual([...cache.names(['a', 'b', 'unknown'], route)].sort(), ['r', 's']);
    assert.deepEqual([...cache.names(['b'], route)], ['r']);
  });
});

test('being in sync is announced once', () => {
  const cache = new ResourceCache();
  const changes = recorded(cache);
  assert.equal(cache.synced, false);
  cache.markSynced();
  cache.markSynced();
  assert.equal(cache.synced, true);
  assert.deepEqual(changes, [{ revision: 0, changed: [] }]);
});

test('a view of layers follows them when they come, change, go and come back', () => {
  const cache = new ResourceCache();
  const view = cache.view(['a', 'b']);
  const put = (layer: string, content: string) =>
    cache.update([{ layer, upsert: [resource('r', content)], remove: [] }]);
  const remove = (layer: string) => cache.update([{ layer, upsert: [], remove: [{ type: route, name: 'r' }] }]);
  const layerOf = () => view.find(route, 'r')?.layer;
  assert.equal(layerOf(), undefined);
  put('a', '1');
  assert.equal(layerOf(), 'a');
  put('b', '1');
  assert.equal(layerOf(), 'b');
  const [before] = [view.find(route, 'r')?.version];
  put('b', '2');
  assert.notEqual(view.find(route, 'r')?.version, before);
  remove('b');
  assert.equal(layerOf(), 'a');
  put('b', '3');
  remove('a');
  assert.equal(layerOf(), 'b');
});
