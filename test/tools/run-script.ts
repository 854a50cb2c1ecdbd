import { runCommand } from '../../operator/local/tools/command.ts';
import type { Outcome } from './outcome.ts';

/** Runs an npm script of the root and prints what it said when it failed. */
export async function runScript(name: string, root: string): Promise<Outcome> {
  const lines: string[] = [];
  const result = await runCommand('npm', ['run', '--silent', name], { cwd: root, onLine: (line) => lines.push(line) });
  if (result.exitCode === 0) return { kind: 'passed' };
  process.stdout.write(`${lines.map((line) => `  ${line}`).join('\n')}\n`);
  return { kind: 'failed', why: `npm run ${name} says why` };
}
