import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { scratchDirectory } from './scratch-directory.ts';

test('a new scratch folder removes those of dead processes with the same purpose, and nothing else', async () => {
  const base = await mkdtemp(join(tmpdir(), 'scratch-test-'));
  try {
    const own = await scratchDirectory('envoy', base);
    const dead = 2 ** 30;
    const kept = [`dot-kube-cluster-${dead}-a`, `dot-kube-envoy-a`, `dot-kube-envoy-${process.ppid}-a`];
    for (const name of [...kept, `dot-kube-envoy-${dead}-a`]) await mkdir(join(base, name));
    const second = await scratchDirectory('envoy', base);
    assert.notEqual(second, own);
    assert.deepEqual((await readdir(base)).toSorted(), [...kept, basename(own), basename(second)].toSorted());
  } finally {
    await rm(base, { recursive: true, force: true });
  }
});
