import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { definitionOf, type Finding, finding, FINDING_CODES, findingText, verdictOf } from './index.ts';

const split = { kind: 'TrafficSplit', namespace: 'shop', name: 'reviews' };

const placeholders = (template: string) => new Set([...template.matchAll(/\{([a-zA-Z]+)\}/g)].map(([, name]) => name));

describe('the registry', () => {
  it('has fixes that need no more arguments than their messages', () => {
    for (const code of FINDING_CODES) {
      const { message, fix } = definitionOf(code);
      assert.deepEqual(
        [...placeholders(fix)].filter((name) => !placeholders(message).has(name)),
        [],
        code,
      );
    }
  });

  it('has a title of its own for every code, in the form of a reason', () => {
    const titles = FINDING_CODES.map((code) => definitionOf(code).title);
    assert.equal(new Set(titles).size, titles.length);
    for (const title of titles) assert.match(title, /^[A-Z][A-Za-z]+$/);
  });

  it('lets only errors stop an object', () => {
    for (const code of FINDING_CODES) {
      const { level, effect } = definitionOf(code);
      assert.equal(level === 'error', effect !== 'noted', code);
    }
  });
});

describe('a finding', () => {
  it('has its arguments in message and fix', () => {
    const found = finding(
      'DK2001',
      { object: split, field: 'spec.service' },
      { namespace: 'shop', service: 'reviews' },
    );
    assert.equal(
      findingText(found),
      'DK2001 spec.service: the namespace shop has no Service reviews (fix: create the Service reviews, or correct the name; it is taken up as soon as it is there)',
    );
  });

  it('takes arguments as they are, also when they look like a template or a replacement', () => {
    const found = finding('DK2001', { object: split }, { namespace: '{service}', service: '$&' });
    assert.equal(found.message, 'the namespace {service} has no Service $&');
  });
});

describe('the verdict of findings', () => {
  const conflict = finding('DK2201', { object: split }, { other: 'TrafficSplit shop/a', field: 'service' });
  const headless = finding('DK2103', { object: split, field: 'spec.service' }, { service: 'reviews' });
  const missing = (service: string, at: number): Finding =>
    finding('DK2002', { object: split, field: `spec.backends[${at}].service` }, { namespace: 'shop', service });
  const note = finding('DK2304', { object: split }, {});

  it('accepts what has none', () => {
    assert.deepEqual(verdictOf([]), { warnings: [] });
  });

  it('refuses what is invalid rather than what is in conflict', () => {
    assert.equal(verdictOf([conflict]).refused?.reason, 'Conflicted');
    const both = verdictOf([conflict, headless]).refused;
    assert.equal(both?.reason, 'Invalid');
    assert.equal(both?.message, findingText(headless));
  });

  it('takes the reason of what is unresolved from the first, and the messages of all, in any order', () => {
    const verdict = verdictOf([missing('b', 1), missing('a', 0)]);
    assert.deepEqual(verdict, verdictOf([missing('a', 0), missing('b', 1)]));
    assert.equal(verdict.unresolved?.reason, 'BackendNotFound');
    assert.equal(verdict.unresolved?.message, `${findingText(missing('a', 0))}; ${findingText(missing('b', 1))}`);
    assert.equal(verdict.refused, undefined);
  });

  it('keeps notes as warnings', () => {
    assert.deepEqual(verdictOf([note]), { warnings: [findingText(note)] });
  });

  it('keeps messages within what a condition takes', () => {
    const verdict = verdictOf(Array.from({ length: 500 }, (_, at) => missing('x'.repeat(63), at)));
    assert.equal(verdict.unresolved?.message.length, 32_768);
  });
});
