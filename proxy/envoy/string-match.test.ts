import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escapeRegex, headerMatch, methodMatch, pathMatches, stringMatch, templateRegex } from './string-match.ts';

test('text in an expression stands for itself', () => {
  for (const text of ['a.b*c', '/a/b', '(x|y)', '[a]', 'a+b?', '^$', '\\d', '{2}', "it's", 'größe']) {
    // RE2 and JavaScript agree on escaped punctuation, so that this one may judge it.
    assert.match(text, new RegExp(`^${escapeRegex(text)}$`), text);
  }
  assert.doesNotMatch('aXb', new RegExp(`^${escapeRegex('a.b')}$`));
});

test('a template is whole segments', () => {
  const matches = (template: string, path: string) => new RegExp(`^(?:${templateRegex(template)})$`).test(path);
  assert.ok(matches('/a/{*}/b', '/a/x/b'));
  assert.ok(!matches('/a/{*}/b', '/a//b'));
  assert.ok(!matches('/a/{*}/b', '/a/x/y/b'));
  assert.ok(!matches('/a/{*}/b', '/a/x/b/'));
  for (const path of ['/a', '/a/', '/a/b/c']) assert.ok(matches('/a/{**}', path), path);
  assert.ok(!matches('/a/{**}', '/ab'));
  assert.ok(matches('/{**}', '/'));
  assert.ok(matches('/a.b/{*}/', '/a.b/x/'));
  assert.ok(!matches('/a.b/{*}/', '/aXb/x/'));
});

test('a prefix of a path ends at a segment, with or without a slash of its own', () => {
  const expected = [
    { matchPattern: { case: 'exact', value: '/a' } },
    { matchPattern: { case: 'prefix', value: '/a/' } },
  ];
  assert.deepEqual(pathMatches({ kind: 'prefix', value: '/a' }), expected);
  assert.deepEqual(pathMatches({ kind: 'prefix', value: '/a//' }), expected);
  assert.equal(pathMatches({ kind: 'prefix', value: '/' }), undefined, 'every path');
  assert.equal(pathMatches({ kind: 'any' }), undefined);
  assert.deepEqual(pathMatches({ kind: 'starts-with', value: '/a' }), [
    { matchPattern: { case: 'prefix', value: '/a' } },
  ]);
});

test('what is in everything is no match that Envoy would refuse', () => {
  for (const kind of ['prefix', 'suffix', 'contains'] as const)
    assert.equal(stringMatch({ kind, value: '' }), undefined);
  assert.deepEqual(stringMatch({ kind: 'exact', value: '' }), { matchPattern: { case: 'exact', value: '' } });
  const present = { case: 'presentMatch', value: true };
  assert.deepEqual(headerMatch('A', { kind: 'prefix', value: '' }).headerMatchSpecifier, present);
});

test('names of headers are in lower case, as Envoy has them', () => {
  assert.equal(headerMatch('X-User', { kind: 'present' }).name, 'x-user');
});

test('several methods are one expression', () => {
  const value = { matchPattern: { case: 'safeRegex', value: { regex: 'GET|M-SEARCH' } } };
  assert.deepEqual(methodMatch(['GET', 'M-SEARCH']).headerMatchSpecifier, { case: 'stringMatch', value });
  const one = { matchPattern: { case: 'exact', value: 'GET' } };
  assert.deepEqual(methodMatch(['GET']).headerMatchSpecifier, { case: 'stringMatch', value: one });
});
