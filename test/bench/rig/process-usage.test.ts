import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cpuMsOf, kibOf, processUsage } from './process-usage.ts';

test('a name with blanks and brackets does not shift the fields', () => {
  const fields = ['S', ...Array.from({ length: 10 }, () => '0'), '120', '34', '9', '9'];
  assert.equal(cpuMsOf(`17 (node) main) ${fields.join(' ')}`), 1540);
});

test('memory is that which is resident', () => {
  const status = 'VmPeak:\t  900 kB\nVmHWM:\t   700 kB\nVmRSS:\t   512 kB\n';
  assert.equal(kibOf(status, 'VmRSS'), 512);
  assert.equal(kibOf(status, 'VmHWM'), 700);
  assert.throws(() => kibOf('Name:\tgone\n', 'VmRSS'), /has ended/);
});

test('this process uses something', { skip: process.platform !== 'linux' }, async () => {
  const { cpuMs, rssKiB } = await processUsage(process.pid);
  assert.ok(cpuMs > 0 && rssKiB > 1024);
});
