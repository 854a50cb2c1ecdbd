import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { findShared } from './shared-folder.ts';
import { UsageError } from './usage-error.ts';

test('the shared folder is what was passed, then the environment’s, then the one beside the checkout', async () => {
  const base = await mkdtemp(join(tmpdir(), 'dot-kube-shared-'));
  try {
    for (const name of ['passed', 'named', 'shared/bench']) {
      await mkdir(join(base, name, 'xdsload'), { recursive: true });
      await writeFile(join(base, name, 'xdsload/main.go'), '');
      await writeFile(join(base, name, 'istiod.xz'), '');
    }
    const root = join(base, 'checkout');
    const environment = { DOT_KUBE_BENCH_SHARED: join(base, 'named') };
    assert.equal(await findShared(join(base, 'passed'), environment, root), join(base, 'passed'));
    assert.equal(await findShared(undefined, environment, root), join(base, 'named'));
    assert.equal(await findShared(undefined, {}, root), join(base, 'shared/bench'));
    await rm(join(base, 'passed/istiod.xz'));
    await assert.rejects(findShared(join(base, 'passed'), {}, root), (error: Error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, /istiod\.xz is not there: pass the folder .*--shared PATH or DOT_KUBE_BENCH_SHARED/);
      return true;
    });
  } finally {
    await rm(base, { recursive: true });
  }
});
