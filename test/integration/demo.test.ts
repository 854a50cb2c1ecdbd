import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';

const MAIN = join(import.meta.dirname, '../../operator/cli/main.ts');

test('the demo shows what it promises: dotkube demo --check', async () => {
  const check = spawn(process.execPath, [MAIN, 'demo', '--check'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise<number | null>((resolve) => {
    check.once('exit', resolve);
  });
  const [exitCode, stdout, stderr] = await Promise.all([exited, text(check.stdout), text(check.stderr)]);
  assert.equal(exitCode, 0, `${stdout}\n${stderr}`);
  assert.match(stdout, /✓ a denied call, with the policy named \(deny:bookstore\/deny-delete\[delete\]/);
  assert.match(stdout, /✓ the demo shows what it should/);
});
