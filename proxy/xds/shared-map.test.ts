import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { Commons, SharedMap, type ValueKind } from './shared-map.ts';

const numbers: ValueKind<number> = { equal: (a, b) => a === b, hash: (value) => value };

function filled(count: number, value = 1): SharedMap<number> {
  const map = new SharedMap<number>();
  for (let i = 0; i < count; i++) map.set(`name-${i}`, value);
  return map;
}

const sorted = (map: SharedMap<number>) => [...map.entries()].sort(([a], [b]) => (a < b ? -1 : 1));

describe('a shared map', () => {
  test('is a map, whatever is shared in between', () => {
    const name = fc.nat(150).map((n) => `name-${n}`);
    const step = fc.oneof(
      { weight: 8, arbitrary: fc.record({ kind: fc.constant('set' as const), name, value: fc.nat(3) }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('delete' as const), name }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('share' as const) }) },
    );
    const steps = fc.array(fc.tuple(fc.nat(2), step), { minLength: 200, maxLength: 600 });
    fc.assert(
      fc.property(steps, (all) => {
        const commons = new Commons(numbers);
        const pairs = [0, 1, 2].map(() => ({ shared: new SharedMap<number>(), plain: new Map<string, number>() }));
        for (const [which, each] of all) {
          const { shared, plain } = pairs[which] ?? assert.fail();
          if (each.kind === 'set') {
            shared.set(each.name, each.value);
            plain.set(each.name, each.value);
          } else if (each.kind === 'delete') assert.equal(shared.delete(each.name), plain.delete(each.name));
          else shared.share(commons);
        }
        for (const { shared, plain } of pairs) {
          assert.equal(shared.size, plain.size);
          assert.deepEqual(new Map(shared.entries()), plain);
          assert.deepEqual([...shared.keys()].sort(), [...plain.keys()].sort());
          for (const [key, value] of plain) assert.equal(shared.get(key), value);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('two that hold the same have one common part, in whatever order they came to it', () => {
    const commons = new Commons(numbers);
    const [a, b] = [filled(100), new SharedMap<number>()];
    for (let i = 99; i >= 0; i--) b.set(`name-${i}`, 1);
    for (const map of [a, b]) map.share(commons);
    assert.equal(commons.size, 1);
    assert.equal(commons.of(a), commons.of(b));
  });

  test('what one changes afterwards is not seen by the other', () => {
    const commons = new Commons(numbers);
    const [a, b] = [filled(100), filled(100)];
    for (const map of [a, b]) map.share(commons);
    a.set('name-1', 2);
    a.delete('name-2');
    assert.deepEqual([a.get('name-1'), a.get('name-2'), a.size], [2, undefined, 99]);
    assert.deepEqual([b.get('name-1'), b.get('name-2'), b.size], [1, 1, 100]);
  });

  test('two that differ in one value have two', () => {
    const commons = new Commons(numbers);
    const [a, b] = [filled(100), filled(100).set('name-7', 2)];
    for (const map of [a, b]) map.share(commons);
    assert.equal(commons.size, 2);
    assert.notDeepEqual(sorted(a), sorted(b));
  });

  test('different ones with the same hash are not taken for each other', () => {
    const commons = new Commons({ equal: (a: number, b: number) => a === b, hash: () => 0 });
    const [a, b] = [filled(100), filled(100).set('name-7', 2)];
    for (const map of [a, b]) map.share(commons);
    assert.deepEqual([a.get('name-7'), b.get('name-7')], [1, 2]);
  });

  test('a few entries, and a few changes of many, are not worth it', () => {
    const commons = new Commons(numbers);
    filled(63).share(commons);
    assert.equal(commons.size, 0);
    const map = filled(400);
    map.share(commons);
    for (let i = 0; i < 99; i++) map.set(`name-${i}`, 2);
    map.share(commons);
    assert.equal(commons.size, 1);
    map.set('name-99', 2).share(commons);
    assert.equal(commons.size, 2);
  });
});
