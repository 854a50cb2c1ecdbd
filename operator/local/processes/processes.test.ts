import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../framework/clock.ts';
import { isProcessAlive } from '../tools/process-id.ts';
import { startChild } from './child-process.ts';
import { identityOf, isRunning } from './process-identity.ts';
import { ProcessJournal } from './process-journal.ts';
import { nextRestart } from './restart-delay.ts';
import { type ProcessEvent, SupervisedProcess } from './supervised-process.ts';
import { Watchdog } from './watchdog.ts';

const nowhere = { cwd: tmpdir(), env: process.env, onStdout: () => {}, onStderr: () => {} };

async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let turn = 0; turn < 500; turn += 1) {
    if (await condition()) return;
    await delay(20);
  }
  assert.fail(`not within 10 s: ${what}`);
}

test('the wait before a restart doubles up to ten seconds, and a healthy run forgives', () => {
  const delays: number[] = [];
  let failures = 0;
  for (let count = 0; count < 8; count += 1) {
    const restart = nextRestart(failures, 100);
    failures = restart.failures;
    delays.push(restart.delayMs);
  }
  assert.deepEqual(delays, [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  assert.deepEqual(nextRestart(failures, 60_000), { failures: 1, delayMs: 250 });
});

describe('a child', () => {
  test('takes what it started along when it is stopped', async () => {
    let output = '';
    const child = await startChild({
      ...nowhere,
      command: ['sh', '-c', 'sleep 60 & echo $!; wait'],
      onStdout: (chunk) => (output += chunk.toString()),
    });
    await until(() => output.includes('\n'), 'the shell tells the id of its child');
    await child.stop(2000);
    await until(async () => (await identityOf(Number(output))) === undefined, 'the child of the child is gone');
  });

  test('that ends by itself leaves nothing behind', async () => {
    let output = '';
    const child = await startChild({
      ...nowhere,
      command: ['sh', '-c', 'sleep 60 & echo $!'],
      onStdout: (chunk) => (output += chunk.toString()),
    });
    const exit = await Promise.race([child.exited, delay(5000)]);
    assert.equal(exit?.exitCode, 0);
    await until(async () => (await identityOf(Number(output))) === undefined, 'the child of the child is gone');
  });

  test('is killed when it does not listen', async () => {
    let output = '';
    const child = await startChild({
      ...nowhere,
      command: ['sh', '-c', "trap '' TERM; echo deaf; while :; do sleep 1; done"],
      onStdout: (chunk) => (output += chunk.toString()),
    });
    await until(() => output === 'deaf\n', 'the shell is deaf');
    assert.equal((await child.stop(50)).signal, 'SIGKILL');
  });

  test('that cannot be run is told of by name', async () => {
    await assert.rejects(startChild({ ...nowhere, command: ['no-such-program'] }), /no program no-such-program/);
  });
});

test('a process that ends is started again until it is stopped', async () => {
  const events: ProcessEvent[] = [];
  const supervision = {
    clock: systemClock,
    watchdog: { add() {}, remove() {} },
    journal: { async add() {}, remove() {} },
  };
  const supervised = new SupervisedProcess({ ...nowhere, command: ['sh', '-c', 'exit 3'] }, supervision, (event) =>
    events.push(event),
  );
  await until(() => events.filter(({ kind }) => kind === 'started').length === 2, 'it was started twice');
  await supervised.stop(100);
  const count = events.length;
  assert.deepEqual(
    events.slice(0, 3).map(({ kind }) => kind),
    ['started', 'ended', 'started'],
  );
  const ended = events[1];
  assert.ok(ended?.kind === 'ended' && ended.exit.exitCode === 3 && ended.restartInMs === 250);
  await delay(600);
  assert.equal(events.length, count);
});

test('what a process has started ends with it, even when it is killed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dotkube-watchdog-'));
  const script = join(folder, 'run.ts');
  await writeFile(
    script,
    `import { startChild } from ${JSON.stringify(join(import.meta.dirname, 'child-process.ts'))};
     import { Watchdog } from ${JSON.stringify(join(import.meta.dirname, 'watchdog.ts'))};
     const watchdog = new Watchdog();
     const command = ['sh', '-c', 'sleep 60 & echo $$ $!; wait'];
     const child = await startChild({ command, cwd: '/', env: process.env,
       onStdout: (chunk) => process.stdout.write(chunk), onStderr: () => {} });
     watchdog.add(child.pid);
     setInterval(() => {}, 1000);`,
  );
  try {
    const run = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    run.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await until(() => output.includes('\n'), 'the processes are there');
    run.kill('SIGKILL');
    for (const pid of output.trim().split(' ').map(Number))
      await until(async () => (await identityOf(pid)) === undefined, `${pid} is gone`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('the watchdog forgets what has ended, and ends itself', async () => {
  const watchdog = new Watchdog();
  const pid = watchdog.pid ?? 0;
  const [kept, removed] = await Promise.all([1, 2].map(() => startChild({ ...nowhere, command: ['sleep', '60'] })));
  assert.ok(kept && removed);
  watchdog.add(removed.pid);
  watchdog.add(kept.pid);
  watchdog.remove(removed.pid);
  await watchdog.close();
  assert.equal(isProcessAlive(pid), false);
  assert.ok(isProcessAlive(kept.pid) && isProcessAlive(removed.pid));
  await Promise.all([kept.stop(1000), removed.stop(1000)]);
});

test('a journal ends what an earlier run left, and nothing that only has the same id', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dotkube-journal-'));
  const path = join(folder, 'processes.json');
  const [left, other] = await Promise.all([1, 2].map(() => startChild({ ...nowhere, command: ['sleep', '60'] })));
  assert.ok(left && other);
  try {
    await new ProcessJournal(path).add(left.pid);
    const entries = JSON.parse(await readFile(path, 'utf8')) as object[];
    await writeFile(path, JSON.stringify([...entries, { pid: other.pid, began: 'long ago' }, { pid: 1, began: 'x' }]));
    assert.equal(await new ProcessJournal(path).clean(), 1);
    assert.equal((await left.exited).signal, 'SIGKILL');
    assert.ok(isProcessAlive(other.pid));
    assert.equal(await new ProcessJournal(path).clean(), 0);
  } finally {
    await Promise.all([left.stop(100), other.stop(100)]);
    await rm(folder, { recursive: true, force: true });
  }
});

test('a process is told apart by when it began', async () => {
  const child = await startChild({ ...nowhere, command: ['sleep', '60'] });
  const identity = await identityOf(child.pid);
  assert.ok(identity !== undefined && (await isRunning(identity)));
  assert.equal(await isRunning({ ...identity, began: 'another time' }), false);
  await child.stop(1000);
  assert.equal(await isRunning(identity), false);
});
