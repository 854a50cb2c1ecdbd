import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keyOf, type KubernetesObject, type ObjectMeta } from '../api/object.ts';
import { Store } from '../store/store.ts';
import { allOf, annotationsChanged, anyOf, generationChanged, labelsChanged } from './predicate.ts';
import { fromObject, toOwners, watches, type WatchesOptions } from './source.ts';

function object(name: string, metadata: Partial<ObjectMeta> = {}): KubernetesObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'ns', name, resourceVersion: '1', ...metadata } };
}

function follow(store: Store, options?: WatchesOptions<KubernetesObject>) {
  const asked: string[] = [];
  const end = watches(store, options)((request) => void asked.push(keyOf(request)));
  return { asked, end };
}

describe('the source of a store', () => {
  it('asks for what is there at the start and for what changes later, until it ends', () => {
    const store = new Store();
    store.replace([object('a')]);
    const { asked, end } = follow(store);
    store.replace([object('a', { resourceVersion: '2' }), object('b')]);
    store.replace([object('b')]);
    end();
    store.replace([]);
    assert.deepEqual(asked, ['ns/a', 'ns/a', 'ns/b', 'ns/a']);
  });

  it('maps an object to what it leads to now and to what it led to before', () => {
    const store = new Store();
    const map = fromObject<KubernetesObject>((each) => [
      { namespace: 'ns', name: each.metadata.labels?.['app'] ?? '' },
    ]);
    const { asked } = follow(store, { map });
    store.replace([object('a', { labels: { app: 'x' } })]);
    store.replace([object('a', { labels: { app: 'y' }, resourceVersion: '2' })]);
    store.replace([]);
    assert.deepEqual(asked, ['ns/x', 'ns/y', 'ns/x', 'ns/y']);
  });

  it('maps a dependent to its owners of a kind and group', () => {
    const owner = (kind: string, apiVersion: string, name: string) => ({ kind, apiVersion, name, uid: name });
    const ownerReferences = [
      owner('Widget', 'example.com/v1', 'w'),
      owner('Widget', 'other.com/v1', 'o'),
      owner('Pod', 'v1', 'p'),
    ];
    const requests = (kind: string, group?: string): string[] => {
      const change = { kind: 'upsert', key: '', old: undefined, new: object('a', { ownerReferences }) } as const;
      return [...toOwners(kind, group)(change)].map(keyOf);
    };
    assert.deepEqual(requests('Widget', 'example.com'), ['ns/w']);
    assert.deepEqual(requests('Widget'), ['ns/w', 'ns/o']);
    assert.deepEqual(requests('Pod', ''), ['ns/p']);
  });

  it('lets only through what its predicate lets through', () => {
    const passes = (predicate: typeof generationChanged, before: Partial<ObjectMeta>, after: Partial<ObjectMeta>) => {
      return predicate({ kind: 'upsert', key: '', old: object('a', before), new: object('a', after) });
    };
    assert.ok(passes(generationChanged, { generation: 1 }, { generation: 2 }));
    assert.ok(!passes(generationChanged, { generation: 1 }, { generation: 1, labels: { a: 'b' } }));
    assert.ok(passes(generationChanged, { generation: 1 }, { generation: 1, deletionTimestamp: 'now' }));
    assert.ok(passes(generationChanged, { generation: 1, uid: 'a' }, { generation: 1, uid: 'b' }));
    assert.ok(passes(labelsChanged, {}, { labels: { a: 'b' } }));
    assert.ok(!passes(labelsChanged, {}, { generation: 2, labels: {} }));
    assert.ok(passes(annotationsChanged, {}, { annotations: { a: 'b' } }));
    assert.ok(passes(anyOf(generationChanged, labelsChanged), {}, { labels: { a: 'b' } }));
    assert.ok(!passes(allOf(generationChanged, labelsChanged), {}, { labels: { a: 'b' } }));
    for (const predicate of [generationChanged, labelsChanged, annotationsChanged]) {
      assert.ok(predicate({ kind: 'upsert', key: '', old: undefined, new: object('a') }));
      assert.ok(predicate({ kind: 'remove', key: '', old: object('a') }));
    }
  });
});
