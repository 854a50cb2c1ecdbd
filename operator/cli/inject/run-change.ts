import { paletteFor } from '../../local/terminal/palette.ts';
import { type CommandIo, EXIT } from '../command.ts';
import { readSources } from '../validate/sources.ts';
import { changeFiles, type Outcome } from './change-files.ts';
import type { Workload } from './workloads.ts';

/** Changes the workloads of files, and prints them unless something is wrong with any. Answers the exit code. */
export async function runChange(
  names: readonly string[],
  io: CommandIo,
  change: (workload: Workload) => Outcome,
): Promise<number> {
  const { lines, text } = changeFiles(await readSources(names, io), change, paletteFor(io.stderr, io.environment));
  if (lines.length > 0) io.stderr.write(`${lines.join('\n')}\n`);
  if (text === undefined) return EXIT.failed;
  io.stdout.write(text);
  return EXIT.ok;
}
