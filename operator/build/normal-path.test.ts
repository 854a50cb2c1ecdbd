import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { normalPath } from './normal-path.ts';

const paths: readonly [path: string, normal: string][] = [
  ['/', '/'],
  ['/a/b', '/a/b'],
  ['/a/b/', '/a/b/'],
  ['/a/./b', '/a/b'],
  ['/a/../b', '/b'],
  ['/a/..', '/'],
  ['/a/.', '/a/'],
  ['/../..', '/'],
  ['//a///b', '/a/b'],
  ['/a%2fb', '/a/b'],
  ['/a%5Cb', '/a/b'],
  ['/%61%2E%2e', '/a..'],
  ['/x/%2e%2e/y', '/y'],
  ['/a%20b', '/a%20b'],
  ['/a..b', '/a..b'],
];

for (const [path, normal] of paths) {
  test(`${path} is compared as ${normal}`, () => assert.equal(normalPath(path), normal));
}

test('an end at which the text goes on is only a part of a segment', () => {
  assert.equal(normalPath('/a/.', { end: true }), '/a/.');
  assert.equal(normalPath('/a/../b/..', { end: true }), '/b/..');
  assert.equal(normalPath('./a', { start: true }), './a');
});

test('a normal path stays as it is', () => {
  const segment = fc.constantFrom('a', '.', '..', '', '%2f', '%61', '%20', 'b');
  fc.assert(
    fc.property(fc.array(segment), (segments) => {
      const normal = normalPath(`/${segments.join('/')}`);
      assert.equal(normalPath(normal), normal);
    }),
  );
});
