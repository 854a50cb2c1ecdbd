import assert from 'node:assert/strict';
import { test } from 'node:test';
import { celConcat, celLines, celValue, expression } from './cel-text.ts';

test('values are of any type, so that lists and maps may hold them side by side', () => {
  assert.equal(
    celValue({ a: [1, 'x"\n'], b: {}, c: true, d: expression('variables.d') }),
    '{\n  "a": dyn([\n    dyn(1),\n    dyn("x\\"\\n")\n  ]),\n  "b": dyn({}),\n  "c": dyn(true),\n  "d": dyn(variables.d)\n}',
  );
});

test('holes become expressions, longer ones before those within them', () => {
  assert.equal(celConcat('a‹x›b', { '‹x›': 'r.x' }), '"a" + r.x + "b"');
  assert.equal(celConcat('‹x›?‹y›‹x›', { '‹x›': 'r.x', '‹x›?‹y›': 'r.all' }), 'r.all + r.x');
  assert.equal(celConcat('', {}), '""');
  assert.equal(celConcat('a', { b: 'c' }), '"a"');
});

test('lines with a hole are there for each item of a list', () => {
  assert.equal(
    celLines('a\nb\n  port ‹p›\nc', { '‹p›': { list: 'variables.ports', item: 'x' } }),
    '"a\\nb\\n"\n+ variables.ports.map(x, "  port " + x + "\\n").join("")\n+ "c"',
  );
});
