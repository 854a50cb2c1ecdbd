import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deepFreeze, fieldOf, jsonClone, jsonEqual } from './json.ts';

describe('jsonEqual', () => {
  it('looks at content, whatever the order of the keys, and takes undefined for missing', () => {
    assert.ok(jsonEqual({ a: [1, { b: null }], c: undefined }, { a: [1, { b: null }] }));
    assert.ok(jsonEqual({ a: 1, b: 2 }, { b: 2, a: 1 }));
  });

  it('tells apart what is not the same', () => {
    const pairs: [unknown, unknown][] = [
      [{ a: 1 }, { a: 1, b: undefined, c: 2 }],
      [
        { a: 1, b: 2 },
        { a: 1, c: 2 },
      ],
      [
        [1, 2],
        [2, 1],
      ],
      [[], {}],
      [null, {}],
      [null, undefined],
      ['1', 1],
      [{ constructor: 1 }, {}],
    ];
    for (const [a, b] of pairs) {
      assert.ok(!jsonEqual(a, b) && !jsonEqual(b, a), `${JSON.stringify(a)} and ${JSON.stringify(b)}`);
    }
  });
});

describe('a key of the prototype', () => {
  it('is a key like any other', () => {
    const hostile = JSON.parse('{"__proto__": {"polluted": true}}') as unknown;
    assert.deepEqual(fieldOf(hostile, '__proto__'), { polluted: true });
    assert.equal(fieldOf({}, '__proto__'), undefined);
    assert.equal(fieldOf({}, 'constructor'), undefined);
    assert.ok(jsonEqual(hostile, jsonClone(hostile)));
    assert.ok(!jsonEqual(hostile, {}));
  });
});

describe('deepFreeze', () => {
  it('freezes all that is below', () => {
    const value = deepFreeze({ a: { b: [{ c: 1 }] } });
    assert.throws(() => ((value.a.b[0] as { c: number }).c = 2), TypeError);
  });
});
