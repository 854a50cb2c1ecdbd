import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { it } from 'node:test';

it("the README's operator runs, reports its widget and stops", { timeout: 60_000 }, async () => {
  const readme = await readFile(join(import.meta.dirname, 'README.md'), 'utf8');
  const code = /```ts\n(?<code>[^]+?)```/.exec(readme)?.groups?.['code'] ?? '';
  const operator = spawn(process.execPath, ['--input-type=module-typescript', '--eval', code], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(operator, 'exit');
  const lines: string[] = [];
  for await (const line of createInterface(operator.stdout)) {
    lines.push(line);
    if (line.includes('reconciled')) operator.kill('SIGINT');
  }
  assert.deepEqual(await exited, [0, null]);
  assert.partialDeepStrictEqual(JSON.parse(lines[0] ?? '{}'), {
    message: 'reconciled',
    name: 'first',
    outcome: 'written',
  });
});
