import assert from 'node:assert/strict';
import { getPriority } from 'node:os';
import { test } from 'node:test';
import { CommandMissingError, runCommand } from './command.ts';

test('a command returns its standard output, its exit code and the end of everything it said', async () => {
  const lines: string[] = [];
  const script = 'echo out; echo err >&2; exit 3';
  const result = await runCommand('/bin/sh', ['-c', script], { onLine: (line) => lines.push(line) });
  assert.equal(result.exitCode, 3);
  assert.equal(result.stdout, 'out');
  assert.deepEqual(lines.toSorted(), ['err', 'out']);
  assert.deepEqual(result.tail.split('\n').toSorted(), ['err', 'out']);
});

test('the tail holds the last 30 lines only', async () => {
  const { stdout, tail } = await runCommand('/bin/sh', [
    '-c',
    'i=0; while [ $i -lt 40 ]; do echo $i; i=$((i+1)); done',
  ]);
  assert.equal(stdout.split('\n').length, 40);
  assert.deepEqual([tail.split('\n').length, tail.split('\n')[0]], [30, '10']);
});

test('a command that is not on the PATH it is given is missing', async () => {
  await assert.rejects(runCommand('sh', ['-c', 'true'], { env: { PATH: '/nonexistent' } }), CommandMissingError);
});

test('a lower priority is inherited by what the command starts', async () => {
  const { stdout } = await runCommand('/bin/sh', ['-c', 'sleep 0.05; exec nice'], { nice: 7 });
  assert.equal(stdout, String(Math.max(7, getPriority())));
});
