import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { isProcessAlive } from './process-id.ts';

test('this process runs, and one with an id that cannot be does not', () => {
  assert.ok(isProcessAlive(process.pid));
  assert.ok(!isProcessAlive(2 ** 30));
});

test('a process that ended counts as ended before its parent has asked how', {
  skip: process.platform !== 'linux',
  timeout: 10_000,
}, async () => {
  // The parent becomes another program, which never asks.
  const parent = spawn('/bin/sh', ['-c', 'sh -c "exit 0" & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const [line] = await once(createInterface(parent.stdout), 'line');
    while (isProcessAlive(Number(line))) await new Promise((resolve) => setTimeout(resolve, 5));
    process.kill(Number(line), 0);
  } finally {
    parent.kill('SIGKILL');
  }
});
