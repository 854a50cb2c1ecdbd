import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { AlreadyRunningError, findRun, RunDirectory } from './run-directory.ts';

async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'dotkube-run-'));
  try {
    await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test('a run has a folder that only its owner can look into, and others find it from below', async () => {
  await withFolder(async (folder) => {
    const run = await RunDirectory.claim(join(folder, '.dotkube'), join(folder, 'shop'));
    for (const part of ['', 'logs', 'pods']) assert.equal((await stat(join(run.path, part))).mode & 0o777, 0o700);
    await mkdir(join(folder, 'a', 'b'), { recursive: true });
    const found = await findRun(join(folder, 'a', 'b'));
    assert.deepEqual([found?.pid, found?.socket], [process.pid, run.socket]);
    await run.release();
    assert.equal((await findRun(join(folder, 'a')))?.pid, undefined);
  });
});

test('two runs cannot have the same folder, unless the first has died', async () => {
  await withFolder(async (folder) => {
    const run = await RunDirectory.claim(folder, folder);
    await assert.rejects(RunDirectory.claim(folder, folder), AlreadyRunningError);
    const record = JSON.parse(await readFile(join(run.path, 'run.json'), 'utf8')) as object;
    await writeFile(join(run.path, 'run.json'), JSON.stringify({ ...record, began: 'another time' }));
    await RunDirectory.claim(folder, folder);
  });
});

test('the socket has a short path however deep the folder is', async () => {
  await withFolder(async (folder) => {
    const deep = join(folder, ...Array.from({ length: 20 }, () => 'deeper'));
    const run = await RunDirectory.claim(deep, folder);
    assert.ok(run.socket.length <= 100, run.socket);
    assert.equal((await stat(join(run.socket, '..'))).mode & 0o777, 0o700);
    await rm(join(run.socket, '..'), { recursive: true });
  });
});
