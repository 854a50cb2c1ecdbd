import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { end, type ProcessRecord, recordOf, runs } from './process-record.ts';

const LINUX = process.platform === 'linux';

test('a recorded process runs until it is ended', { skip: !LINUX }, async () => {
  const child = spawn('sleep', ['60']);
  await once(child, 'spawn');
  const record = recordOf(child.pid ?? -1);
  assert.ok(record !== undefined);
  assert.equal(runs(record), true);
  const exited = once(child, 'exit');
  end(record);
  assert.deepEqual(await exited, [null, 'SIGKILL']);
  assert.equal(runs(record), false);
  assert.equal(recordOf(record.pid), undefined);
});

test('another process that has got the number of a recorded one is left alone', { skip: !LINUX }, async () => {
  const child = spawn('sleep', ['60']);
  await once(child, 'spawn');
  const earlier: ProcessRecord = { pid: child.pid ?? -1, startTime: '1' };
  assert.equal(runs(earlier), false);
  end(earlier);
  assert.equal(runs(recordOf(earlier.pid) ?? earlier), true);
  child.kill('SIGKILL');
  await once(child, 'exit');
});
