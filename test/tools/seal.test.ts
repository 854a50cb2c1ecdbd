import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readSeals, sealOf, writeSeals } from './seal.ts';

const root = mkdtempSync(join(tmpdir(), 'seal-test-'));
after(() => rmSync(root, { recursive: true, force: true }));

test('a seal covers the names and contents of all files, whatever the order of the paths', async () => {
  mkdirSync(join(root, 'out', 'deep'), { recursive: true });
  writeFileSync(join(root, 'in'), 'input');
  writeFileSync(join(root, 'out', 'deep', 'a'), 'a');
  const seal = await sealOf(root, ['in', 'out']);
  assert.equal(await sealOf(root, ['out', 'in']), seal);
  writeFileSync(join(root, 'out', 'deep', 'a'), 'b');
  const edited = await sealOf(root, ['in', 'out']);
  assert.notEqual(edited, seal);
  writeFileSync(join(root, 'out', 'b'), '');
  assert.notEqual(await sealOf(root, ['in', 'out']), edited);
});

test('seals are kept by name; without a file there are none', async () => {
  const path = join(root, 'seals.json');
  assert.deepEqual(await readSeals(path), {});
  await writeSeals(path, { b: '2', a: '1' });
  assert.deepEqual(Object.keys(await readSeals(path)), ['a', 'b']);
});
