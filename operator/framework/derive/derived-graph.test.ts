import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Collection, type Derivation, groupKey } from './collection.ts';
import { DerivedGraph } from './derived-graph.ts';

interface Item {
  readonly key: string;
  readonly team: string;
  readonly value: number;
}

const ITEMS: Collection<Item> = {
  name: 'items',
  keyOf: (item) => item.key,
  indexes: { team: (item) => [item.team], kind: (item) => [groupKey('all', item.team)] },
};

const total: Derivation<number> = {
  name: 'total',
  compute: (read, team) => read.byIndex(ITEMS, 'team', team).reduce((sum, item) => sum + item.value, 0),
};

const parity: Derivation<'even' | 'odd'> = {
  name: 'parity',
  compute: (read, team) => (read.derived(total, team) % 2 === 0 ? 'even' : 'odd'),
};

const report: Derivation<string> = {
  name: 'report',
  compute: (read, team) => `${team} is ${read.derived(parity, team)}`,
};

const put = (key: string, team: string, value: number) => ({ collection: ITEMS, key, object: { key, team, value } });
const drop = (key: string) => ({ collection: ITEMS, key });

function graphOf<T>(...roots: readonly Derivation<T>[]): DerivedGraph {
  const graph = new DerivedGraph([ITEMS]);
  for (const root of roots) graph.root(root, ITEMS, (item) => [item.team]);
  return graph;
}

test('a root is announced when the first object asks for it, and once more when the last one goes', () => {
  const graph = graphOf(report);
  assert.deepEqual(graph.update([put('a', 'red', 1), put('b', 'red', 1)]), [
    { derivation: report, key: 'red', value: 'red is even' },
  ]);
  assert.deepEqual(graph.update([drop('b')]), [
    { derivation: report, key: 'red', previous: 'red is even', value: 'red is odd' },
  ]);
  assert.deepEqual(graph.update([drop('a')]), [{ derivation: report, key: 'red', previous: 'red is odd' }]);
});

test('a change computes only what reads it', () => {
  const graph = graphOf(report);
  graph.update([put('a', 'red', 1), put('b', 'blue', 1)]);
  const before = graph.computations;
  graph.update([put('a', 'red', 2)]);
  assert.equal(graph.computations - before, 3);
});

test('an equal value stops the change from spreading', () => {
  const graph = graphOf(report);
  graph.update([put('a', 'red', 1)]);
  const before = graph.computations;
  assert.deepEqual(graph.update([put('a', 'red', 3)]), []);
  assert.equal(graph.computations - before, 2, 'total and parity, not report');
});

test('a value that was computed before anybody asked is announced all the same', () => {
  const graph = graphOf(report);
  assert.equal(graph.peek(report, 'red'), 'red is even');
  assert.deepEqual(graph.update([put('a', 'red', 2)]), [{ derivation: report, key: 'red', value: 'red is even' }]);
});

test('a root that comes and goes in one batch is not announced', () => {
  const graph = graphOf(report);
  assert.deepEqual(graph.update([put('a', 'red', 1), drop('a')]), []);
  graph.update([put('a', 'red', 1)]);
  assert.deepEqual(graph.update([drop('a'), put('a', 'red', 1)]), []);
});

test('an object that moves leaves its old root and joins the new one', () => {
  const graph = graphOf(report);
  graph.update([put('a', 'red', 1)]);
  assert.deepEqual(graph.update([put('a', 'blue', 1)]), [
    { derivation: report, key: 'blue', value: 'blue is odd' },
    { derivation: report, key: 'red', previous: 'red is odd' },
  ]);
});

test('an input that only an older value asked for is neither computed nor kept', () => {
  let expensive = 0;
  const costly: Derivation<number> = { name: 'costly', compute: (_, key) => ((expensive += 1), key.length) };
  const choice: Derivation<number> = {
    name: 'choice',
    compute: (read, team) => (read.derived(parity, team) === 'odd' ? read.derived(costly, team) : 0),
  };
  const graph = graphOf(choice);
  graph.update([put('a', 'red', 1)]);
  assert.equal(graph.size, 4);
  graph.update([put('a', 'red', 2)]);
  assert.equal(expensive, 1);
  assert.equal(graph.size, 3, 'choice, parity, total');
});

test('what is read no more does not make it run again', () => {
  const guarded: Derivation<number> = {
    name: 'guarded',
    compute: (read) => (read.get(ITEMS, 'switch')?.value === 1 ? (read.get(ITEMS, 'lamp')?.value ?? 0) : 0),
  };
  const graph = new DerivedGraph([ITEMS]);
  graph.root(guarded, ITEMS, () => ['x']);
  graph.update([put('switch', 'red', 1), put('lamp', 'red', 5)]);
  graph.update([put('switch', 'red', 0)]);
  const before = graph.computations;
  graph.update([put('lamp', 'red', 6)]);
  assert.equal(graph.computations, before);
});

test('members of a group change when one appears or goes, not with each object', () => {
  const teams: Derivation<readonly string[]> = {
    name: 'teams',
    compute: (read) => read.members(ITEMS, 'kind', 'all'),
  };
  const graph = new DerivedGraph([ITEMS]);
  graph.root(teams, ITEMS, () => ['x']);
  graph.update([put('a', 'red', 1), put('b', 'red', 1)]);
  const before = graph.computations;
  graph.update([put('c', 'red', 1), drop('b'), put('a', 'red', 5)]);
  assert.equal(graph.computations, before);
  graph.update([put('d', 'blue', 1)]);
  assert.deepEqual(graph.peek(teams, 'x'), ['blue', 'red']);
  graph.update([drop('a'), drop('c')]);
  assert.deepEqual(graph.peek(teams, 'x'), ['blue']);
});

test('a change that the collection does not show is kept and spreads nowhere', () => {
  const shown: Collection<Item> = { ...ITEMS, view: ({ team, value }) => [team, Math.trunc(value)] };
  const graph = new DerivedGraph([shown]);
  graph.root(report, shown, (item) => [item.team]);
  graph.update([put('a', 'red', 1)]);
  const before = graph.computations;
  assert.deepEqual(graph.update([put('a', 'red', 1.5)]), []);
  assert.equal(graph.computations, before);
  assert.equal(graph.get(shown, 'a')?.value, 1.5);
  assert.equal(graph.update([put('a', 'red', 2.5), drop('a')]).length, 1);
});

test('names that come and go leave nothing behind', () => {
  const graph = graphOf(report);
  graph.peek(report, 'nobody');
  for (let i = 0; i < 10; i += 1) {
    graph.update([put('a', `team-${i}`, i)]);
    graph.peek(parity, `guess-${i}`);
  }
  graph.update([drop('a')]);
  assert.equal(graph.size, 0);
  const constant: Derivation<number> = { name: 'constant', compute: () => 1 };
  const idle = graphOf(constant);
  idle.update([put('a', 'red', 1)]);
  idle.update([drop('a')]);
  assert.equal(idle.size, 0);
});

test('a derivation that throws announces nothing, and the next update makes up for it', () => {
  const picky: Derivation<number> = {
    name: 'picky',
    compute: (read, team) => {
      const sum = read.derived(total, team);
      if (sum === 13) throw new Error('thirteen');
      return sum;
    },
  };
  const graph = graphOf(picky);
  graph.update([put('a', 'red', 1)]);
  assert.throws(() => graph.update([put('a', 'red', 13), put('b', 'blue', 2), put('c', 'green', 13)]), /thirteen/);
  assert.deepEqual(graph.update([put('a', 'red', 3), put('c', 'green', 4)]), [
    { derivation: picky, key: 'blue', value: 2 },
    { derivation: picky, key: 'green', value: 4 },
    { derivation: picky, key: 'red', previous: 1, value: 3 },
  ]);
});

test('a derivation that reads itself is named', () => {
  const loop: Derivation<number> = { name: 'loop', compute: (read, key) => read.derived(loop, key) };
  assert.throws(() => graphOf(total).peek(loop, 'x'), /loop reads itself at x/);
});

test('a collection or an index that does not exist is named', () => {
  const graph = new DerivedGraph([]);
  assert.throws(() => graph.update([put('a', 'red', 1)]), /collection items/);
  assert.throws(() => graphOf(total).byIndex(ITEMS, 'colour', 'red'), /items has no index colour/);
});
