import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { jsonEqual } from '../api/json.ts';
import { type JsonPatch, jsonPatch } from './json-patch.ts';

/** RFC 6902 as it is written, for the operations that there are here. */
function applied(document: unknown, patch: JsonPatch): unknown {
  const root = { '': structuredClone(document) };
  for (const step of patch) {
    const keys = ['', ...step.path.split('/').slice(1)].map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = keys.pop() ?? '';
    let parent: unknown = root;
    for (const key of keys) parent = (parent as Record<string, unknown>)[key];
    if (Array.isArray(parent)) {
      const at = Number(last);
      assert.ok(Number.isInteger(at) && at <= parent.length, step.path);
      if (step.op === 'remove') parent.splice(at, 1);
      else parent.splice(at, step.op === 'replace' ? 1 : 0, structuredClone(step.value));
      continue;
    }
    const object = parent as Record<string, unknown>;
    if (step.op !== 'add') assert.ok(Object.hasOwn(object, last), `${step.op} ${step.path}`);
    if (step.op === 'remove') delete object[last];
    else object[last] = structuredClone(step.value);
  }
  return root[''];
}

describe('a JSON patch', () => {
  it('is empty for what is the same', () => {
    assert.deepEqual(jsonPatch({ a: [1, { b: 2 }], c: undefined }, { a: [1, { b: 2 }] }), []);
  });

  it('adds, replaces and removes fields, and writes their names as pointers do', () => {
    assert.deepEqual(jsonPatch({ a: 1, b: 1, 'c/d~e': 1 }, { a: 2, 'c/d~e': 2, f: [] }), [
      { op: 'replace', path: '/a', value: 2 },
      { op: 'remove', path: '/b' },
      { op: 'replace', path: '/c~1d~0e', value: 2 },
      { op: 'add', path: '/f', value: [] },
    ]);
  });

  it('inserts before what is there, and looks into what has the same name', () => {
    const [first, second] = [{ name: 'a', image: '1' }, { name: 'b' }];
    assert.deepEqual(jsonPatch([first, second], [{ name: 'c' }, { ...first, image: '2' }, second]), [
      { op: 'add', path: '/0', value: { name: 'c' } },
      { op: 'replace', path: '/1/image', value: '2' },
    ]);
  });

  it('removes and adds items where they are', () => {
    assert.deepEqual(jsonPatch(['a', 'b', 'c', 'd'], ['b', 'x', 'd', 'e']), [
      { op: 'remove', path: '/0' },
      { op: 'remove', path: '/1' },
      { op: 'add', path: '/1', value: 'x' },
      { op: 'add', path: '/3', value: 'e' },
    ]);
  });

  it('replaces what is of another type', () => {
    assert.deepEqual(jsonPatch({ a: [1] }, { a: { 0: 1 } }), [{ op: 'replace', path: '/a', value: { 0: 1 } }]);
    assert.deepEqual(jsonPatch([], {}), [{ op: 'replace', path: '', value: {} }]);
  });

  it('makes of any value any other', () => {
    const key = fc.constantFrom('name', 'a', 'b', '/', '~1', '~', '');
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.constantFrom<unknown>(null, true, 0, 1, 'a', 'b'),
        fc.array(tie('value'), { maxLength: 6 }),
        fc.dictionary(key, tie('value'), { noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(value, value, (from, to) => {
        const result = applied(from, jsonPatch(from, to));
        assert.ok(jsonEqual(result, to), JSON.stringify(result));
      }),
      { numRuns: 2000 },
    );
  });
});
