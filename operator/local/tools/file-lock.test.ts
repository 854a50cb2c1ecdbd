import assert from 'node:assert/strict';
import { access, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { withFileLock } from './file-lock.ts';

const directory = await mkdtemp(join(tmpdir(), 'file-lock-test-'));
after(() => rm(directory, { recursive: true, force: true }));

/** No process can have this id: it is above Linux's and macOS's maximum. */
const DEAD_PID = 2 ** 30;

function refuseToWait(holder: string): never {
  throw new Error(`waits for ${holder}`);
}

test('two that want the same lock run one after the other, and the second is told who is at it', async () => {
  const path = join(directory, 'deep', 'one-by-one');
  const events: string[] = [];
  const { promise: secondWaits, resolve: onSecondWaits } = Promise.withResolvers<string>();
  const first = withFileLock(path, async () => {
    events.push('first in');
    assert.equal(await secondWaits, String(process.pid));
    events.push('first out');
  });
  const second = withFileLock(path, () => Promise.resolve(events.push('second in')), onSecondWaits);
  await Promise.all([first, second]);
  assert.deepEqual(events, ['first in', 'first out', 'second in']);
});

test('the lock is free again when the action throws', async () => {
  const path = join(directory, 'throws');
  await assert.rejects(
    withFileLock(path, () => Promise.reject(new Error('no luck'))),
    /no luck/,
  );
  await assert.rejects(access(path));
  assert.equal(await withFileLock(path, () => Promise.resolve('in'), refuseToWait), 'in');
});

test('the lock of a process that died on this machine is taken over', async () => {
  const path = join(directory, 'died');
  await writeFile(path, `${DEAD_PID} ${hostname()}\n`);
  assert.equal(await withFileLock(path, () => Promise.resolve('in'), refuseToWait), 'in');
});

test('the lock of another machine is respected while its holder touches it, and taken over when it is silent for long', async () => {
  const path = join(directory, 'elsewhere');
  await writeFile(path, `${DEAD_PID} another-machine\n`);
  await assert.rejects(
    withFileLock(path, () => Promise.resolve('in'), refuseToWait),
    /waits for/,
  );
  const aMinuteAgo = new Date(Date.now() - 60_000);
  await utimes(path, aMinuteAgo, aMinuteAgo);
  assert.equal(await withFileLock(path, () => Promise.resolve('in'), refuseToWait), 'in');
});

test('a lock file that is still being written belongs to somebody', async () => {
  const path = join(directory, 'empty');
  await writeFile(path, '');
  await assert.rejects(
    withFileLock(path, () => Promise.resolve('in'), refuseToWait),
    /waits for/,
  );
});
