import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decideCollection } from './idle-collection.ts';

describe('when memory is given back', () => {
  test('after two idle readings, once', () => {
    const first = decideCollection({ total: 100, busy: 0.01 }, 0, 0);
    assert.deepEqual(first, { collect: false, idle: 1 });
    assert.deepEqual(decideCollection({ total: 100, busy: 0.01 }, 0, first.idle), { collect: true, idle: 2 });
    assert.equal(decideCollection({ total: 60, busy: 0.01 }, 60, 3).collect, false);
  });

  test('again when the heap has grown by a fifth', () => {
    assert.equal(decideCollection({ total: 72, busy: 0 }, 60, 5).collect, false);
    assert.equal(decideCollection({ total: 73, busy: 0 }, 60, 5).collect, true);
  });

  test('not while it works, and not at once afterwards', () => {
    const busy = decideCollection({ total: 500, busy: 0.03 }, 60, 9);
    assert.deepEqual(busy, { collect: false, idle: 0 });
    assert.equal(decideCollection({ total: 500, busy: 0 }, 60, busy.idle).collect, false);
  });
});
