import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { type TarEntry, tarOf } from './tar.ts';

const file = (path: string, text = '', mode = 0o644): TarEntry => ({
  kind: 'file',
  path,
  mode,
  data: Buffer.from(text),
});

/** What the system's tar says is in an archive. */
const listed = (archive: Buffer): readonly string[] =>
  execFileSync('tar', ['-tvf', '-', '--numeric-owner', '--utc', '--full-time'], { input: archive, encoding: 'utf8' })
    .trimEnd()
    .split('\n')
    .map((line) => line.replaceAll(/ +/g, ' '));

// Other systems' tar tells it in other words.
const gnu = { skip: process.platform === 'linux' ? false : 'it takes GNU tar' };

test('tar reads an archive: sorted, of root, from the epoch, with the folders above each file', gnu, () => {
  const link: TarEntry = { kind: 'link', path: 'lib', target: 'usr/lib' };
  const folder: TarEntry = { kind: 'folder', path: 'tmp', mode: 0o1777 };
  assert.deepEqual(listed(tarOf([folder, file('usr/bin/x', 'abc', 0o755), link])), [
    'lrwxrwxrwx 0/0 0 1970-01-01 00:00:00 lib -> usr/lib',
    'drwxrwxrwt 0/0 0 1970-01-01 00:00:00 tmp/',
    'drwxr-xr-x 0/0 0 1970-01-01 00:00:00 usr/',
    'drwxr-xr-x 0/0 0 1970-01-01 00:00:00 usr/bin/',
    '-rwxr-xr-x 0/0 3 1970-01-01 00:00:00 usr/bin/x',
  ]);
});

test('the bytes do not hang on the order of the entries', () => {
  const entries = ['b/x', 'a', 'b-c', 'b/é', 'b/y'].map((path) => file(path, path));
  assert.deepEqual(tarOf(entries.toReversed()), tarOf(entries));
});

test('contents of any length come out as they went in', () => {
  for (const length of [0, 1, 511, 512, 513]) {
    const archive = tarOf([file('a', 'x'.repeat(length)), file('b', 'end')]);
    assert.equal(archive.length % 512, 0);
    const out = execFileSync('tar', ['-xOf', '-', 'a', 'b'], { input: archive, encoding: 'utf8' });
    assert.equal(out, `${'x'.repeat(length)}end`);
  }
});

test('a path of more than 100 bytes is cut at a slash, and one that cannot be is refused', gnu, () => {
  const long = `${'folder/'.repeat(15)}${'n'.repeat(90)}`;
  assert.ok(listed(tarOf([file(long)])).some((line) => line.endsWith(` ${long}`)));
  assert.throws(() => tarOf([file('n'.repeat(101))]), /too long a path/);
  assert.throws(() => tarOf([{ kind: 'link', path: 'a', target: 't'.repeat(101) }]), /too long a target/);
});

test('what would overwrite or leave the archive is refused', () => {
  assert.throws(() => tarOf([file('a'), file('a')]), /in the archive already/);
  assert.throws(
    () => tarOf([file('lib/x'), { kind: 'link', path: 'lib', target: 'usr/lib' }]),
    /below lib, which is a link/,
  );
  for (const path of ['/a', '../a', 'a/../b', 'a//b', '']) assert.throws(() => tarOf([file(path)]), /is no path/);
});
