import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { CommandMissingError } from '../../operator/local/tools/command.ts';
import { isProcessAlive } from '../../operator/local/tools/process-id.ts';
import { startProcess } from './process.ts';

const MODULE = join(import.meta.dirname, 'process.ts');
const LINUX = process.platform === 'linux';

for (const watcher of LINUX ? (['kernel', 'shell'] as const) : (['shell'] as const)) {
  test(`a process ends when its parent is killed (${watcher})`, { timeout: 20_000 }, async () => {
    const script = `
      import { startProcess } from ${JSON.stringify(MODULE)};
      const running = await startProcess({ command: 'sleep', args: ['60'], watcher: '${watcher}' });
      process.stdout.write(running.pid + '\\n');`;
    const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(createInterface(parent.stdout), 'line');
    const pid = Number(line);
    assert.ok(isProcessAlive(pid));
    parent.kill('SIGKILL');
    while (isProcessAlive(pid)) await delay(10);
  });

  test(`a process can be asked to end, rather than killed, when its parent is (${watcher})`, {
    timeout: 20_000,
  }, async () => {
    const directory = await mkdtemp(join(tmpdir(), 'process-test-'));
    const asked = join(directory, 'asked');
    const trap = `trap 'touch ${asked}; exit' TERM; echo ready; while :; do sleep 0.1; done`;
    const script = `
      import { startProcess } from ${JSON.stringify(MODULE)};
      const options = { command: 'sh', args: ['-c', ${JSON.stringify(trap)}], watcher: '${watcher}', deathSignal: 'SIGTERM' };
      const onOutput = (chunk) => process.stdout.write(chunk);
      await startProcess({ ...options, onOutput });`;
    const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(createInterface(parent.stdout), 'line');
    parent.kill('SIGKILL');
    while (!existsSync(asked)) await delay(10);
    await rm(directory, { recursive: true });
  });

  test(`a process that ends by itself tells how (${watcher})`, async () => {
    const output: string[] = [];
    const running = await startProcess({
      command: '/bin/sh',
      args: ['-c', 'echo $$; echo err >&2; exit 3'],
      watcher,
      onOutput: (chunk) => output.push(chunk.toString()),
    });
    assert.deepEqual(await running.exited, { exitCode: 3, signal: null });
    assert.match(output.join(''), new RegExp(`^${running.pid}$`, 'm'));
    assert.match(output.join(''), /err/);
    running.kill('SIGTERM');
    assert.deepEqual(await running.stop(), { exitCode: 3, signal: null });
  });

  test(`a command that does not exist is missing (${watcher})`, async () => {
    await assert.rejects(startProcess({ command: 'no-such-program', watcher }), CommandMissingError);
    await assert.rejects(startProcess({ command: '/no/such/program', watcher }), CommandMissingError);
  });
}

test('stop asks first, and kills what does not listen', async () => {
  const polite = await startProcess({ command: 'sleep', args: ['60'] });
  assert.deepEqual(await polite.stop(), { exitCode: null, signal: 'SIGTERM' });

  const { promise: deaf, resolve: onDeaf } = Promise.withResolvers<Buffer>();
  const script = "trap '' TERM; echo deaf; exec sleep 60";
  const stubborn = await startProcess({ command: '/bin/sh', args: ['-c', script], onOutput: onDeaf });
  await deaf;
  assert.deepEqual(await stubborn.stop(50), { exitCode: null, signal: 'SIGKILL' });

  const atOnce = await startProcess({ command: 'sleep', args: ['60'] });
  assert.deepEqual(await atOnce.stop(0), { exitCode: null, signal: 'SIGKILL' });
});

test('what a process started cannot hold us up after its end', { timeout: 5_000 }, async () => {
  const pipes = () => process.getActiveResourcesInfo().filter((name) => name === 'PipeWrap').length;
  const before = pipes();
  const pids: string[] = [];
  const running = await startProcess({
    command: '/bin/sh',
    args: ['-c', 'sleep 60 & echo $!'],
    onOutput: (chunk) => pids.push(chunk.toString()),
  });
  assert.deepEqual(await running.exited, { exitCode: 0, signal: null });
  while (pipes() > before) await delay(10);
  process.kill(Number(pids.join('')), 'SIGKILL');
});

test('a process is stopped at the end of the block that owns it', async () => {
  let pid = 0;
  {
    await using running = await startProcess({ command: 'sleep', args: ['60'] });
    pid = running.pid;
    assert.ok(isProcessAlive(pid));
  }
  assert.ok(!isProcessAlive(pid));
});
