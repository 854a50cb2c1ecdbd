import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { matchGolden } from './golden.ts';

const directory = mkdtempSync(join(tmpdir(), 'golden-test-'));
after(() => rmSync(directory, { recursive: true, force: true }));
const UPDATE = { DOT_KUBE_GOLDEN: 'update' };

test('a golden file is written when asked, and then holds the text to it', () => {
  const path = join(directory, 'new', 'case.yaml');
  assert.throws(() => matchGolden(path, 'a\nb\n', {}), /does not exist: npm run golden:update writes it/);
  matchGolden(path, 'a\nb\n', UPDATE);
  assert.equal(readFileSync(path, 'utf8'), 'a\nb\n');
  matchGolden(path, 'a\nb\n', {});
});

test('a text that differs is refused with the first line that does', () => {
  const path = join(directory, 'case.yaml');
  matchGolden(path, 'a\nb\nc', UPDATE);
  assert.throws(() => matchGolden(path, 'a\nX\nc', {}), /from line 2 on\n {2}expected: b\n {2}actual: {3}X\n/);
  assert.throws(() => matchGolden(path, 'a', {}), /from line 2 on\n {2}expected: b\n {2}actual: {3}\(end\)\n/);
  assert.throws(() => matchGolden(path, 'a\nb\nc\nd', {}), /from line 4 on\n {2}expected: \(end\)\n {2}actual: {3}d\n/);
});
