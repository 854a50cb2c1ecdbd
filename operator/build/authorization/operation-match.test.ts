import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authorizationPathOf, hostMatchOf, operationPartOf } from './operation-match.ts';
import { sourceMatchOf } from './source-match.ts';

const context = { trustDomain: 'td', namespace: 'shop' };

test('hosts are patterns with or without a port', () => {
  assert.deepEqual(hostMatchOf('Example.com'), { kind: 'exact', value: 'example.com' });
  assert.deepEqual(hostMatchOf('example.com:8080'), { kind: 'exact', value: 'example.com', port: 8080 });
  assert.deepEqual(hostMatchOf('*.example.com:8080'), { kind: 'suffix', value: '.example.com', port: 8080 });
  assert.deepEqual(hostMatchOf('*:8080'), { kind: 'any', port: 8080 });
  assert.deepEqual(hostMatchOf('example*'), { kind: 'prefix', value: 'example' });
  assert.deepEqual(hostMatchOf('*'), { kind: 'any' });
  assert.deepEqual(hostMatchOf('[fd00::1]:80'), { kind: 'exact', value: '[fd00::1]', port: 80 });
  assert.deepEqual(hostMatchOf('[fd00::1]'), { kind: 'exact', value: '[fd00::1]' });
  assert.deepEqual(hostMatchOf('fd00::1'), { kind: 'exact', value: 'fd00::1' });
});

test('paths are exact, open at one end, templates, or any', () => {
  assert.deepEqual(authorizationPathOf('/a'), { kind: 'exact', value: '/a' });
  assert.deepEqual(authorizationPathOf('/a*'), { kind: 'starts-with', value: '/a' });
  assert.deepEqual(authorizationPathOf('*.js'), { kind: 'suffix', value: '.js' });
  assert.deepEqual(authorizationPathOf('/a/{*}/{**}'), { kind: 'template', value: '/a/{*}/{**}' });
  assert.deepEqual(authorizationPathOf('*'), { kind: 'any' });
});

test('an entry that says nothing, or of whose list nothing can be read, fits nothing', () => {
  const odd = (value: unknown): never => value as never;
  assert.equal(operationPartOf({}), undefined);
  assert.equal(operationPartOf({ methods: [] }), undefined);
  assert.equal(operationPartOf({ ports: odd(['http']), methods: ['GET'] }), undefined);
  assert.equal(operationPartOf({ headers: [{ name: 'a', value: 'b' }, odd({ name: 'c' })] }), undefined);
  assert.equal(sourceMatchOf({}, context), undefined);
  assert.equal(sourceMatchOf({ ipBlocks: ['nowhere'], namespaces: ['shop'] }, context), undefined);
  assert.equal(sourceMatchOf({ principals: odd([1]) }, context), undefined);
});
