import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routeMatches } from './route-match.ts';

const EVERYTHING = { pathSpecifier: { case: 'prefix', value: '/' } };

test('a rule without matches takes everything', () => {
  assert.deepEqual(routeMatches([]), [EVERYTHING]);
  assert.deepEqual(routeMatches([{}]), [EVERYTHING]);
});

test('each kind of path is a field of its own', () => {
  const of = (kind: 'exact' | 'prefix' | 'starts-with' | 'suffix' | 'template', value: string) =>
    routeMatches([{ path: { kind, value } }])[0]?.pathSpecifier;
  assert.deepEqual(of('exact', '/a'), { case: 'path', value: '/a' });
  assert.deepEqual(of('prefix', '/a/'), { case: 'pathSeparatedPrefix', value: '/a' });
  assert.deepEqual(of('prefix', '/'), EVERYTHING.pathSpecifier);
  assert.deepEqual(of('starts-with', '/a'), { case: 'prefix', value: '/a' });
  assert.deepEqual(of('suffix', '.html'), { case: 'safeRegex', value: { regex: '.*\\.html' } });
  assert.deepEqual(of('template', '/a/{*}'), { case: 'safeRegex', value: { regex: '/a/[^/]+' } });
});

test('a negated header holds where the header is absent', () => {
  const [match] = routeMatches([{ headers: [{ name: 'X-A', match: { kind: 'exact', value: 'b' }, negate: true }] }]);
  const [header] = match?.headers ?? [];
  assert.equal(header?.invertMatch, true);
  assert.equal(header?.treatMissingHeaderAsEmpty, true);
  const [absent] = routeMatches([{ headers: [{ name: 'X-A', match: { kind: 'present' }, negate: true }] }]);
  assert.equal(absent?.headers?.[0]?.treatMissingHeaderAsEmpty, undefined, 'or it would be there, and empty');
});

test('the order in which alternatives, methods and headers are given means nothing', () => {
  const a = { name: 'a', match: { kind: 'present' } } as const;
  const b = { name: 'b', match: { kind: 'present' } } as const;
  const one = [{ methods: ['GET', 'PUT'], headers: [a, b] }, { path: { kind: 'any' } as const }];
  const other = [{ path: { kind: 'any' } as const }, { headers: [b, a], methods: ['PUT', 'GET', 'PUT'] }];
  assert.deepEqual(routeMatches(one), routeMatches(other));
});
