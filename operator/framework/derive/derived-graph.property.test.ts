import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { type Collection, type Derivation, groupKey } from './collection.ts';
import { DerivedGraph, type ObjectChange } from './derived-graph.ts';

interface Cell {
  readonly key: string;
  readonly group: string;
  readonly value: number;
  /** Another cell, or a group, whose value this one needs: what makes reads depend on values. */
  readonly link?: string;
}

const CELLS: Collection<Cell> = {
  name: 'cells',
  keyOf: (cell) => cell.key,
  indexes: {
    group: (cell) => [cell.group],
    tags: (cell) => [groupKey('tag', cell.group), groupKey('even', `${cell.value % 2}`)],
  },
};

const own: Derivation<number> = { name: 'own', compute: (read, key) => (read.get(CELLS, key)?.value ?? 0) % 3 };

const sum: Derivation<number> = {
  name: 'sum',
  compute: (read, group) =>
    read.byIndex(CELLS, 'group', group).reduce((all, cell) => all + read.derived(own, cell.key), 0),
};

const linked: Derivation<readonly number[]> = {
  name: 'linked',
  compute: (read, group) =>
    read.byIndex(CELLS, 'group', group).map((cell) => {
      if (cell.link === undefined) return -1;
      return read.derived(sum, group) % 2 === 0 ? read.derived(sum, cell.link) : read.derived(own, cell.link);
    }),
};

const summary: Derivation<unknown> = {
  name: 'summary',
  compute: (read, group) => ({
    linked: read.derived(linked, group),
    members: read.derived(sum, group) > 2 ? read.members(CELLS, 'tags', 'tag') : read.members(CELLS, 'tags', 'even'),
  }),
};

function newGraph(): DerivedGraph {
  const graph = new DerivedGraph([CELLS]);
  graph.root(summary, CELLS, (cell) => [cell.group]);
  graph.root(sum, CELLS, (cell) => (cell.value > 4 ? [cell.group] : []));
  return graph;
}

const keys = ['a', 'b', 'c', 'd', 'e'] as const;
const groups = ['g', 'h', 'i'] as const;
const change: fc.Arbitrary<ObjectChange> = fc
  .record({
    key: fc.constantFrom(...keys),
    cell: fc.option(
      fc.record(
        { group: fc.constantFrom(...groups), value: fc.nat(9), link: fc.constantFrom(...keys, ...groups) },
        { requiredKeys: ['group', 'value'] },
      ),
      { nil: undefined, freq: 3 },
    ),
  })
  .map(({ key, cell }) => ({ collection: CELLS, key, ...(cell === undefined ? {} : { object: { key, ...cell } }) }));

test('what is kept current equals what is computed from scratch, and what was announced adds up to it', () => {
  fc.assert(
    fc.property(fc.array(fc.array(change, { minLength: 1, maxLength: 4 }), { maxLength: 12 }), (batches) => {
      const graph = newGraph();
      const told = new Map<string, unknown>();
      for (const batch of batches) {
        for (const root of graph.update(batch)) {
          const id = `${root.derivation.name}:${root.key}`;
          assert.deepEqual(root.previous, told.get(id));
          if ('value' in root) told.set(id, root.value);
          else told.delete(id);
        }
        const scratch = newGraph();
        const announced = scratch.update(
          graph.list(CELLS).map((object) => ({ collection: CELLS, key: object.key, object })),
        );
        const expected = new Map(announced.map((root) => [`${root.derivation.name}:${root.key}`, root.value]));
        assert.deepEqual(told, expected);
        assert.equal(graph.size, scratch.size, 'nothing is kept that nobody reads');
      }
    }),
    { numRuns: 500 },
  );
});

test('the work of a change does not grow with what it does not touch', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(9), (bystanders, value) => {
      const graph = newGraph();
      const others = Array.from({ length: bystanders }, (_, i) => `other-${i}`);
      graph.update(others.map((key) => ({ collection: CELLS, key, object: { key, group: `group-${key}`, value: 1 } })));
      graph.update([{ collection: CELLS, key: 'a', object: { key: 'a', group: 'g', value: 1 } }]);
      const before = graph.computations;
      graph.update([{ collection: CELLS, key: 'a', object: { key: 'a', group: 'g', value: 1 + 2 * value } }]);
      assert.ok(graph.computations - before <= 4, `${graph.computations - before} computations`);
    }),
  );
});
