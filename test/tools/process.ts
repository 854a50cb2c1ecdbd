import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CommandMissingError } from '../../operator/local/tools/command.ts';
import { findOnPath, isExecutable } from '../../operator/local/tools/executable.ts';

/** What to run. */
export interface ProcessOptions {
  readonly command: string;
  readonly args?: readonly string[];
  /** Default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Receives standard output and standard error as they come. Default: they go nowhere. */
  readonly onOutput?: (chunk: Buffer) => void;
  /**
   * Who ends the process when this one dies, even by SIGKILL: the Linux kernel (through `setpriv` of util-linux), or a shell that
   * waits for our end of a pipe to close. Default: the kernel where that is possible.
   */
  readonly watcher?: 'kernel' | 'shell';
  /** The signal that it then gets; default SIGKILL. SIGTERM is for what ends processes of its own. */
  readonly deathSignal?: 'SIGKILL' | 'SIGTERM';
}

/** How a process ended. */
export interface ProcessExit {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process that lives no longer than the one that started it. */
export interface RunningProcess extends AsyncDisposable {
  readonly pid: number;
  /** Settles when the process has ended, however it did; never rejects. */
  readonly exited: Promise<ProcessExit>;
  /** Sends a signal; does nothing once the process has ended. */
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM, then SIGKILL after `graceMilliseconds` (default 5,000; 0 kills at once); returns when the process has ended. */
  stop(graceMilliseconds?: number): Promise<ProcessExit>;
}

const DEFAULT_GRACE_MS = 5_000;
const LAST_WORDS_MS = 200;

/** Starts a process. Throws CommandMissingError when there is no such program. */
export async function startProcess(options: ProcessOptions): Promise<RunningProcess> {
  const env = options.env ?? process.env;
  const args = options.args ?? [];
  const setpriv = options.watcher === 'shell' ? undefined : await findSetpriv();
  if (setpriv === undefined && options.watcher === 'kernel') throw new CommandMissingError('cannot run setpriv');
  if (setpriv !== undefined && !(await isProgram(options.command, options.cwd ?? '.', env))) {
    throw new CommandMissingError(`cannot run ${options.command}`);
  }
  const signal = (options.deathSignal ?? 'SIGKILL').slice('SIG'.length);
  // setpriv replaces itself by the command, so its process id is the command's.
  const line = setpriv === undefined ? [options.command] : [setpriv, '--pdeathsig', signal, '--', options.command];
  const [program = options.command, ...first] = line;
  const output = options.onOutput === undefined ? 'ignore' : 'pipe';
  const child = spawn(program, [...first, ...args], {
    stdio: ['ignore', output, output],
    env,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  if (options.onOutput !== undefined) {
    child.stdout?.on('data', options.onOutput);
    child.stderr?.on('data', options.onOutput);
  }
  const exited = exitOf(child);
  const pid = await new Promise<number>((onPid, reject) => {
    child.once('error', (cause) => reject(new CommandMissingError(`cannot run ${options.command}`, { cause })));
    child.once('spawn', () => onPid(child.pid ?? -1));
  });
  if (setpriv === undefined) watchByShell(pid, signal, exited);
  return runningProcess(child, pid, exited);
}

async function isProgram(command: string, cwd: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  return command.includes('/') ? isExecutable(resolve(cwd, command)) : (await findOnPath(command, env)) !== undefined;
}

async function exitOf(child: ChildProcess): Promise<ProcessExit> {
  const closed = new Promise<void>((onClose) => {
    child.once('close', () => onClose());
  });
  const exit = await new Promise<ProcessExit>((onExit) => {
    child.once('exit', (exitCode, signal) => onExit({ exitCode, signal }));
  });
  // Its last words may still be in the pipe; what it started may hold the pipe open for ever.
  await Promise.race([closed, delay(LAST_WORDS_MS)]);
  child.stdout?.destroy();
  child.stderr?.destroy();
  return exit;
}

function runningProcess(child: ChildProcess, pid: number, exited: Promise<ProcessExit>): RunningProcess {
  const kill = (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
  };
  const stop = async (graceMilliseconds = DEFAULT_GRACE_MS) => {
    if (graceMilliseconds > 0) {
      kill('SIGTERM');
      await Promise.race([exited, delay(graceMilliseconds, undefined, { ref: false })]);
    }
    kill('SIGKILL');
    return exited;
  };
  return {
    pid,
    exited,
    kill,
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop();
    },
  };
}

async function findSetpriv(): Promise<string | undefined> {
  return process.platform === 'linux' ? findOnPath('setpriv', process.env) : undefined;
}

/** A shell that kills the process unless it reads that it ended: it also reads when our end of the pipe is closed by our death. */
function watchByShell(pid: number, signal: string, exited: Promise<ProcessExit>): void {
  const script = `read -r word; [ "$word" = ended ] || kill -${signal} ${pid}`;
  // In a session of its own: Ctrl-C in the terminal must not end the watcher before us.
  const watcher = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  watcher.unref();
  watcher.stdin.on('error', () => undefined);
  void exited.then(() => watcher.stdin.end('ended\n'));
}
