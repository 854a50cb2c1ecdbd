import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { askLocal, NotRunningError } from './local-client.ts';
import { LocalServer } from './local-server.ts';

test('questions are answered over a socket that only its owner can reach', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dotkube-server-'));
  const path = join(folder, 'dotkube.sock');
  try {
    await assert.rejects(askLocal(path, '/v1/status'), NotRunningError);
    const server = new LocalServer(path, { '/v1/status': () => ({ answer: 42 }) });
    await server.listen();
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.deepEqual(await askLocal(path, '/v1/status'), { answer: 42 });
    await assert.rejects(askLocal(path, '/v1/other'), /404/);
    await server.close();
    await assert.rejects(askLocal(path, '/v1/status'), NotRunningError);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
