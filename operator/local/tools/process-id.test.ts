import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { isProcessAlive } from './process-id.ts';

test('this process runs, and one with an id that cannot be does not', () => {
  assert.ok(isProcessAlive(process.pid));
  assert.ok(!isProcessAlive(2 ** 30));
});

test('a process that ended counts as ended before its parent has asked how', {
  skip: process.platform !== 'linux',
  timeout: 10_000,
}, async () => {
  // The shell becomes a program that never asks; only then its child may end.
  const script = "exec 3<&0; sh -c 'read -r word' <&3 & echo $!; exec sleep 60";
  const parent = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'pipe', 'ignore'] });
  try {
    const [line] = await once(createInterface(parent.stdout), 'line');
    const child = Number(line);
    while ((await readFile(`/proc/${parent.pid}/comm`, 'utf8')) !== 'sleep\n') await delay(5);
    assert.ok(isProcessAlive(child));
    parent.stdin.end('end\n');
    while (isProcessAlive(child)) await delay(5);
    process.kill(child, 0);
  } finally {
    parent.kill('SIGKILL');
  }
});
