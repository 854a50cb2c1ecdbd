import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EntryRef, LayerUpdate, ResourceCache } from '@dot-kube/proxy/xds';
import { type Collection, DerivedGraph, type Derivation } from '../../framework/derive/index.ts';
import { silentLogger } from '../../framework/index.ts';
import { TestClock } from '../../framework/testing/index.ts';
import type { Placed } from './entry.ts';
import { MeshController, type MeshControllerOptions, type Rolled } from './mesh-controller.ts';

interface Item {
  readonly name: string;
  readonly uid?: string;
  readonly generation: number;
  readonly targets: readonly string[];
}

const ROUTE = 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration';

const items: Collection<Item> = {
  name: 'Item',
  keyOf: ({ name }) => name,
  indexes: { target: ({ targets }) => targets },
};
const services: Collection<{ readonly name: string }> = { name: 'Service', keyOf: ({ name }) => name, indexes: {} };

/** One route for each service, whose content is the generations of the items that target it. */
const routes: Derivation<readonly Placed[]> = {
  name: 'routes',
  compute: (read, key) => {
    const causes = read.byIndex(items, 'target', key);
    const version = causes.map(({ name, generation }) => `${name}@${generation}`).join();
    return [
      {
        layer: 'mesh',
        resource: placed(
          key,
          version,
          causes.map(({ name }) => `Item/${name}`),
        ),
      },
    ];
  },
};

function placed(name: string, version: string, causes: readonly string[]): Placed['resource'] {
  return {
    type: ROUTE,
    name,
    version,
    causes,
    refs: [],
    frame: new Uint8Array(),
    size: 0,
  } as unknown as Placed['resource'];
}

/** Counts what is written; an entry's revision is that of its last write. */
function fakeCache(): { cache: ResourceCache; updates: LayerUpdate[][] } {
  const updates: LayerUpdate[][] = [];
  const revisions = new Map<string, number>();
  const cache = {
    update: (update: LayerUpdate[]) => {
      updates.push(update);
      for (const { upsert } of update) for (const { name } of upsert) revisions.set(name, updates.length);
      return updates.length;
    },
    markSynced: () => {},
    revisionOf: ({ name }: EntryRef) => revisions.get(name),
  };
  return { cache: cache as unknown as ResourceCache, updates };
}

function setUp(pause?: MeshControllerOptions['pause']): {
  mesh: MeshController;
  rolled: Rolled[];
  updates: LayerUpdate[][];
  put: (...all: Item[]) => void;
  drop: (name: string) => void;
} {
  const graph = new DerivedGraph([items, services]);
  graph.root(routes, services, ({ name }) => [name]);
  const { cache, updates } = fakeCache();
  const mesh = new MeshController({
    graph,
    cache,
    placed: new Set([routes]),
    tracked: ({ collection, key, object }) =>
      collection.name === 'Item'
        ? {
            object: `Item/${key}`,
            uid: (object as Item | undefined)?.uid ?? '',
            generation: (object as Item | undefined)?.generation ?? 0,
          }
        : undefined,
    log: silentLogger,
    ...(pause && { pause }),
  });
  const rolled: Rolled[] = [];
  mesh.subscribe({ rolled: (each) => rolled.push(each) });
  mesh.take(['a', 'b', 'c'].map((name) => ({ collection: services, key: name, object: { name } })));
  const put = (...all: Item[]): void => {
    mesh.take(all.map((item) => ({ collection: items, key: item.name, object: item })));
    mesh.flush();
  };
  const drop = (name: string): void => {
    mesh.take([{ collection: items, key: name }]);
    mesh.flush();
  };
  return { mesh, rolled, updates, put, drop };
}

const namesOf = (updates: readonly LayerUpdate[] | undefined): string[] =>
  (updates ?? []).flatMap(({ upsert }) => upsert.map(({ name }) => name));

test('nothing is written before everything has been listed', () => {
  const { mesh, updates } = setUp();
  mesh.flush();
  assert.equal(updates.length, 0);
  mesh.markSynced();
  assert.deepEqual(namesOf(updates[0]), ['a', 'b', 'c']);
});

test('a change writes what it touched and nothing else', () => {
  const { mesh, updates, put } = setUp();
  mesh.markSynced();
  put({ name: 'x', generation: 1, targets: ['b'] });
  assert.deepEqual(namesOf(updates[1]), ['b']);
});

test('a generation rolls out to what the object had a part in before as well as now', () => {
  const { mesh, rolled, put } = setUp();
  mesh.markSynced();
  put({ name: 'x', generation: 1, targets: ['a'] });
  put({ name: 'x', generation: 2, targets: ['b'] });
  const names = rolled[1]?.entries.map(({ key }) => key.split('\n')[2]);
  assert.deepEqual(names, ['a', 'b']);
});

test('an object whose generation is the same rolls out nothing', () => {
  const { mesh, rolled, put } = setUp();
  mesh.markSynced();
  put({ name: 'x', generation: 1, targets: ['a'] });
  put({ name: 'x', generation: 1, targets: ['a'] });
  assert.equal(rolled.length, 1);
});

test('an object that was deleted and made again rolls out though its generation is the same', () => {
  const { mesh, rolled, put, drop } = setUp();
  mesh.markSynced();
  put({ name: 'x', generation: 1, targets: ['a'] });
  drop('x');
  put({ name: 'x', generation: 1, targets: ['a'] });
  assert.equal(rolled.length, 2);
});

test('an object that was made again before anybody saw that it was gone rolls out, too', () => {
  const { mesh, rolled, put } = setUp();
  mesh.markSynced();
  put({ name: 'x', uid: 'first', generation: 1, targets: ['a'] });
  put({ name: 'x', uid: 'second', generation: 1, targets: ['a'] });
  assert.deepEqual(
    rolled.map(({ uid }) => uid),
    ['first', 'second'],
  );
});

test('the object that changed last is to blame for an entry', () => {
  const { mesh, put } = setUp();
  mesh.markSynced();
  put({ name: 'x', generation: 1, targets: ['a'] }, { name: 'y', generation: 1, targets: ['a'] });
  const entry = { layer: 'mesh', type: ROUTE, name: 'a' } as EntryRef;
  assert.equal(mesh.isBlamed('Item/x', entry), true);
  put({ name: 'y', generation: 2, targets: ['a'] });
  assert.equal(mesh.isBlamed('Item/x', entry), false);
  assert.equal(mesh.isBlamed('Item/y', entry), true);
});

test('a change goes out at once, and those that follow it closely go out together', async () => {
  const clock = new TestClock();
  const { mesh, updates } = setUp({ clock, milliseconds: 25 });
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const change = (name: string, target: string): void =>
    mesh.take([{ collection: items, key: name, object: { name, generation: 1, targets: [target] } }]);
  mesh.markSynced();
  change('x', 'a');
  await turn();
  assert.deepEqual(namesOf(updates[1]), ['a']);
  change('y', 'b');
  await turn();
  change('z', 'c');
  await turn();
  assert.equal(updates.length, 2);
  await clock.advance(24);
  assert.equal(updates.length, 2);
  await clock.advance(1);
  assert.deepEqual(namesOf(updates[2]), ['b', 'c']);
  await clock.advance(25);
  change('x2', 'a');
  await turn();
  assert.deepEqual(namesOf(updates[3]), ['a']);
});

test('changes that keep coming go out ever less often, and the last ones soon after they have stopped', async () => {
  const clock = new TestClock();
  const { mesh, updates } = setUp({ clock, milliseconds: 25, most: 100, quiet: 15 });
  mesh.markSynced();
  for (let generation = 1; generation <= 40; generation++) {
    mesh.take([{ collection: items, key: 'x', object: { name: 'x', generation, targets: ['a'] } }]);
    await clock.advance(5);
  }
  // At 0, 25 and 125 ms; besides what was there before.
  assert.equal(updates.length, 4);
  await clock.advance(9);
  assert.equal(updates.length, 4);
  await clock.advance(1);
  assert.equal(updates.length, 5);
  await clock.advance(1000);
  assert.equal(updates.length, 5);
});
