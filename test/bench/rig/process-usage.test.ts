import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cpuMsOf, processUsage, rssKiBOf } from './process-usage.ts';

test('a name with blanks and brackets does not shift the fields', () => {
  const fields = ['S', ...Array.from({ length: 10 }, () => '0'), '120', '34', '9', '9'];
  assert.equal(cpuMsOf(`17 (node) main) ${fields.join(' ')}`), 1540);
});

test('memory is that which is resident', () => {
  assert.equal(rssKiBOf('VmPeak:\t  900 kB\nVmRSS:\t   512 kB\n'), 512);
  assert.throws(() => rssKiBOf('Name:\tgone\n'), /has ended/);
});

test('this process uses something', { skip: process.platform !== 'linux' }, async () => {
  const { cpuMs, rssKiB } = await processUsage(process.pid);
  assert.ok(cpuMs > 0 && rssKiB > 1024);
});
