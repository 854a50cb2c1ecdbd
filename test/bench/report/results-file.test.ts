import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withSections } from './results-file.ts';

const section = (id: string, body: string) => ({ id, title: `Title of ${id}`, body });

test('a section replaces the one of its id, and leaves the others as they are', () => {
  const first = withSections('', [section('a', 'old'), section('b', 'stays')], ['a', 'b']);
  const second = withSections(first, [section('a', 'new')], ['a', 'b']);
  assert.ok(second.includes('new') && second.includes('stays') && !second.includes('old'));
  assert.equal(second.split('## Title of a').length, 2);
  assert.equal(withSections(second, [section('a', 'new')], ['a', 'b']), second);
});

test('sections stand in the given order, whichever was written first', () => {
  const file = withSections(withSections('', [section('b', 'two')], ['b']), [section('a', 'one')], ['a', 'b']);
  assert.ok(file.indexOf('one') < file.indexOf('two'));
});
