import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { CommandMissingError } from '../tools/command.ts';
import { findOnPath } from '../tools/executable.ts';

/** What to run. */
export interface ChildOptions {
  /** The program and its arguments. */
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly onStdout: (chunk: Buffer) => void;
  readonly onStderr: (chunk: Buffer) => void;
}

/** How a process ended. */
export interface ChildExit {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process that leads a group of its own, so that Ctrl-C in the terminal is ours to handle and its children end with it. */
export interface Child {
  readonly pid: number;
  /** Settles when the process has ended and its output was read; never rejects. */
  readonly exited: Promise<ChildExit>;
  /** SIGTERM to the group, SIGKILL after so many milliseconds; returns when the process has ended. */
  stop(graceMilliseconds: number): Promise<ChildExit>;
}

/** Starts a process. Throws CommandMissingError when there is no such program or folder. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { command, cwd, env } = options;
  const [program = '', ...args] = await withDeathSignal(command, env);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd, env, detached: true });
  child.stdout.on('data', options.onStdout);
  child.stderr.on('data', options.onStderr);
  const exited = new Promise<ChildExit>((resolve) => {
    let exit: ChildExit = { exitCode: null, signal: null };
    child.once('exit', (exitCode, signal) => {
      exit = { exitCode, signal };
      // What the process left behind may hold the pipes open, and would outlive us.
      if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
    });
    child.once('close', () => resolve(exit));
  });
  const pid = await new Promise<number>((resolve, reject) => {
    child.once('error', (cause) => reject(new CommandMissingError(`cannot run ${command[0]} in ${cwd}`, { cause })));
    child.once('spawn', () => resolve(child.pid ?? -1));
  });
  let over = false;
  void exited.finally(() => (over = true));
  const stop = async (graceMilliseconds: number): Promise<ChildExit> => {
    if (!over) signalGroup(pid, 'SIGTERM');
    await Promise.race([exited, delay(graceMilliseconds, undefined, { ref: false })]);
    if (!over) signalGroup(pid, 'SIGKILL');
    return await exited;
  };
  return { pid, exited, stop };
}

/** On Linux the kernel ends the process with us, should the watchdog die too. setpriv replaces itself by the command. */
async function withDeathSignal(command: readonly string[], env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const setpriv = process.platform === 'linux' ? await findOnPath('setpriv', process.env) : undefined;
  const [program = ''] = command;
  // Without this setpriv would be what fails, a moment later and in its own words.
  if (!program.includes('/') && (await findOnPath(program, env)) === undefined)
    throw new CommandMissingError(`there is no program ${program === '' ? '(empty command)' : program} on the PATH`);
  return setpriv === undefined ? command : [setpriv, '--pdeathsig', 'KILL', '--', ...command];
}

/** Sends a signal to a group; nothing happens when it has ended. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}
