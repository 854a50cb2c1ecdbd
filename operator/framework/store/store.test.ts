import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { KubernetesObject } from '../api/object.ts';
import type { Change } from './change.ts';
import { byNamespace, byOwnerUid } from './index-function.ts';
import { Store } from './store.ts';

function object(name: string, version: number, labels: Record<string, string> = {}): KubernetesObject {
  const metadata = { namespace: 'ns', name, uid: `uid-${name}`, resourceVersion: String(version), labels };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata };
}

function text(change: Change): string {
  const version = (of: KubernetesObject | undefined): string => of?.metadata.resourceVersion ?? 'none';
  const next = change.kind === 'upsert' ? version(change.new) : 'gone';
  return `${change.key} ${version(change.old)}→${next}`;
}

function watched(store: Store): string[][] {
  const batches: string[][] = [];
  store.subscribe((changes) => void batches.push(changes.map(text)));
  return batches;
}

const byColor = (each: KubernetesObject): string[] => Object.values(each.metadata.labels ?? {});

describe('a store', () => {
  it('tells of a batch at once, after it has all of it', () => {
    const store = new Store();
    const batches = watched(store);
    const sizes: number[] = [];
    store.subscribe(() => void sizes.push(store.size));
    store.apply([
      { kind: 'upsert', object: object('a', 1) },
      { kind: 'upsert', object: object('b', 2) },
      { kind: 'upsert', object: object('a', 3) },
      { kind: 'remove', object: object('b', 4) },
      { kind: 'remove', object: object('never', 5) },
    ]);
    assert.deepEqual(batches, [['ns/a none→1', 'ns/b none→2', 'ns/a 1→3', 'ns/b 2→gone']]);
    assert.deepEqual(sizes, [1]);
  });

  it('is replaced atomically, and says only what is different', () => {
    const store = new Store();
    store.replace([object('same', 1), object('new-version', 2), object('gone', 3)]);
    const batches = watched(store);
    let seen: unknown[] = [];
    store.subscribe(() => (seen = store.list().map((each) => each.metadata.name)));
    store.replace([object('same', 1), object('new-version', 4), object('added', 5)]);
    assert.deepEqual(batches, [['ns/new-version 2→4', 'ns/added none→5', 'ns/gone 3→gone']]);
    assert.deepEqual(seen, ['same', 'new-version', 'added']);
    store.replace([object('same', 1), object('new-version', 4), object('added', 5)]);
    assert.equal(batches.length, 1, 'nothing new is nothing to tell');
  });

  it('takes an object of the same version and another uid for another object', () => {
    const store = new Store();
    store.replace([object('a', 1)]);
    const batches = watched(store);
    const reborn = object('a', 1);
    store.apply([{ kind: 'upsert', object: { ...reborn, metadata: { ...reborn.metadata, uid: 'other' } } }]);
    assert.equal(batches.length, 1);
  });

  it('finds objects by its indexes, whenever they were added', () => {
    const store = new Store();
    store.addIndex('color', byColor);
    store.replace([object('a', 1, { x: 'red' }), object('b', 2, { x: 'red', y: 'blue' })]);
    store.addIndex('namespace', byNamespace);
    const names = (index: string, key: string): string[] => store.byIndex(index, key).map((each) => each.metadata.name);
    assert.deepEqual(names('color', 'red'), ['a', 'b']);
    assert.deepEqual(names('color', 'blue'), ['b']);
    assert.deepEqual(names('namespace', 'ns'), ['a', 'b']);
    store.apply([
      { kind: 'upsert', object: object('b', 3, { x: 'green' }) },
      { kind: 'remove', object: object('a', 1) },
    ]);
    assert.deepEqual(
      ['red', 'blue', 'green'].map((key) => names('color', key)),
      [[], [], ['b']],
    );
    assert.throws(() => store.byIndex('shape', 'round'), /no index "shape"/);
    assert.throws(() => store.addIndex('color', byColor), /already/);
  });

  it('indexes dependents by their owners', () => {
    const owner = { apiVersion: 'v1', kind: 'Pod', name: 'o', uid: 'u1' };
    const dependent = object('a', 1);
    assert.deepEqual(byOwnerUid({ ...dependent, metadata: { ...dependent.metadata, ownerReferences: [owner] } }), [
      'u1',
    ]);
    assert.deepEqual(byOwnerUid(dependent), []);
  });

  it('keeps no managedFields, and applies the transform it is given', () => {
    const fields = { ...object('a', 1).metadata, managedFields: [] };
    const store = new Store();
    store.replace([{ ...object('a', 1), metadata: fields }]);
    assert.ok(!('managedFields' in (store.get('ns/a')?.metadata ?? {})));
    const bare = new Store<KubernetesObject>((each) => ({ ...each, spec: 'cut' }));
    bare.replace([object('a', 1)]);
    assert.equal(bare.get({ namespace: 'ns', name: 'a' })?.spec, 'cut');
  });

  it('tells every listener even when one throws, and then throws itself', () => {
    const store = new Store();
    store.subscribe(() => {
      throw new Error('broken listener');
    });
    const batches = watched(store);
    assert.throws(() => store.replace([object('a', 1)]), AggregateError);
    assert.equal(batches.length, 1);
    assert.equal(store.size, 1);
  });

  it('tells nothing to who has gone', () => {
    const store = new Store();
    let told = 0;
    const end = store.subscribe(() => void told++);
    store.replace([object('a', 1)]);
    end();
    store.replace([]);
    assert.equal(told, 1);
  });
});
