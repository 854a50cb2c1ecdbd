import { spawn } from 'node:child_process';
import { getPriority, setPriority } from 'node:os';
import { createInterface } from 'node:readline';

/** How to run a command. */
export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Scheduling priority as `nice` counts it, 0 to 19; default 0. */
  readonly nice?: number;
  /** Called with each line of standard output and standard error. */
  readonly onLine?: (line: string) => void;
}

/** How a command ended. */
export interface CommandResult {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  /** Standard output, whole. */
  readonly stdout: string;
  /** The last 30 lines of output of either kind: what to show when it failed. */
  readonly tail: string;
}

/** The command itself could not be started: it is not installed, or not executable. */
export class CommandMissingError extends Error {
  override readonly name = 'CommandMissingError';
}

const TAIL_LINES = 30;

/** Runs a command to its end, whatever its exit code. Throws CommandMissingError when it cannot be started. */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
  });
  const stdout: string[] = [];
  const tail: string[] = [];
  const onLine = (line: string) => {
    tail.push(line);
    if (tail.length > TAIL_LINES) tail.shift();
    options.onLine?.(line);
  };
  createInterface(child.stdout).on('line', (line) => {
    stdout.push(line);
    onLine(line);
  });
  createInterface(child.stderr).on('line', onLine);
  if (options.nice !== undefined && child.pid !== undefined) lowerPriority(child.pid, options.nice);
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (cause) => reject(new CommandMissingError(`cannot run ${command}`, { cause })));
    child.once('close', resolve);
  });
  return { exitCode, stdout: stdout.join('\n'), tail: tail.join('\n') };
}

function lowerPriority(pid: number, nice: number): void {
  try {
    // Only ever lower: we may run at a low priority ourselves.
    if (getPriority() < nice) setPriority(pid, nice);
  } catch {
    // It ended already.
  }
}
