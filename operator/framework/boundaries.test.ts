import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { describe, it } from 'node:test';

const ROOT = import.meta.dirname;
const PACKAGES = new Set(['winston', 'prom-client', 'yaml', '@kubernetes/client-node']);

describe('the framework', () => {
  it('imports nothing from outside of its folder but Node and four packages', async () => {
    const strays: string[] = [];
    for await (const file of glob('**/*.ts', { cwd: ROOT })) {
      const text = await readFile(join(ROOT, file), 'utf8');
      for (const [, specifier = ''] of text.matchAll(/(?:from|import\() ?'([^']+)'/g)) {
        const target = resolve(ROOT, file, '..', specifier);
        const isOwn = specifier.startsWith('.') && !relative(ROOT, target).startsWith('..');
        const isForTests = file.endsWith('.test.ts') && specifier === 'fast-check';
        if (!isOwn && !isForTests && !isBuiltin(specifier) && !PACKAGES.has(specifier))
          strays.push(`${file}: ${specifier}`);
      }
    }
    assert.deepEqual(strays, []);
  });

  it('loads the Kubernetes client library only when a kubeconfig needs it', async () => {
    const users: string[] = [];
    for await (const file of glob('**/*.ts', { cwd: ROOT })) {
      const text = await readFile(join(ROOT, file), 'utf8');
      if (/^import (?!type).*from '@kubernetes/m.test(text)) users.push(file);
    }
    assert.deepEqual(users, []);
  });
});
