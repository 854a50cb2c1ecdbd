import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiError } from './api-error.ts';
import type { KubernetesObject } from './object.ts';
import { fieldFilter, labelFilter } from './selector.ts';

function labelled(labels: Record<string, string>): KubernetesObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', labels }, spec: { nodeName: 'n', hostNetwork: true } };
}

describe('a label selector', () => {
  const cases: [string, Record<string, string>, boolean][] = [
    ['', {}, true],
    ['a=1', { a: '1' }, true],
    ['a==1', { a: '1' }, true],
    ['a=1', { a: '2' }, false],
    ['a=', { a: '' }, true],
    ['a!=1', { a: '2' }, true],
    ['a!=1', {}, true],
    ['a!=1', { a: '1' }, false],
    ['a in (1, 2)', { a: '2' }, true],
    ['a in (1,2)', {}, false],
    ['a notin (1,2)', {}, true],
    ['a notin (1,2)', { a: '1' }, false],
    ['a', { a: 'x' }, true],
    ['!a', { a: 'x' }, false],
    ['!a', {}, true],
    ['example.com/a=1,b in (2,3),!c', { 'example.com/a': '1', b: '3' }, true],
    ['constructor', {}, false],
  ];
  for (const [selector, labels, matches] of cases) {
    it(`${JSON.stringify(selector)} ${matches ? 'selects' : 'does not select'} ${JSON.stringify(labels)}`, () => {
      assert.equal(labelFilter(selector)(labelled(labels)), matches);
    });
  }

  it('that cannot be parsed is a bad request', () => {
    for (const selector of ['a in 1', '=', 'a=b=c', 'a in (1']) {
      assert.throws(
        () => labelFilter(selector),
        (error) => error instanceof ApiError && error.code === 400,
        selector,
      );
    }
  });
});

describe('a field selector', () => {
  it('looks at any plain field', () => {
    const object = labelled({});
    assert.ok(fieldFilter('metadata.name=a,spec.nodeName!=x,spec.hostNetwork=true')(object));
    assert.ok(!fieldFilter('metadata.name=b')(object));
    assert.ok(fieldFilter('spec.missing=')(object));
  });
});
