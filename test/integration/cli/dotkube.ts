import { tmpdir } from 'node:os';
import type { CommandIo } from '../../../operator/cli/command.ts';
import { runCommand } from '../../../operator/cli/run-command.ts';

/** What a command came to. An error that it throws is told as `operator/cli/main.ts` tells it. */
export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `dotkube` in this process. */
export async function dotkube(words: readonly string[], more: Partial<CommandIo> = {}): Promise<Ran> {
  let [stdout, stderr] = ['', ''];
  try {
    const exitCode = await runCommand(words, {
      stdout: { write: (text) => (stdout += text) },
      stderr: { write: (text) => (stderr += text) },
      environment: {},
      workingDirectory: tmpdir(),
      readStdin: () => Promise.resolve(''),
      signal: new AbortController().signal,
      ...more,
    });
    return { exitCode, stdout, stderr };
  } catch (error) {
    const told = error instanceof Error ? error.message : String(error);
    return { exitCode: 1, stdout, stderr: `${stderr}dotkube: ${told}\n` };
  }
}
