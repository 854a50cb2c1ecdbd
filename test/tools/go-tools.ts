import { access, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { cacheDirectory } from '../../operator/local/tools/cache-directory.ts';
import { CommandMissingError, type CommandResult, runCommand } from '../../operator/local/tools/command.ts';
import { withFileLock } from '../../operator/local/tools/file-lock.ts';
import { type Progress, type ProgressReport, progressPrinter } from '../../operator/local/tools/progress.ts';
import { ToolUnavailableError } from '../../operator/local/tools/tool-error.ts';

/** A program that is built from a Go module. */
export interface GoTool {
  /** Import path of its main package. */
  readonly package: string;
  /** The module whose version keys the cache. */
  readonly module: string;
  /** The cache folder: `<cache>/<product>/<version>/bin/`. */
  readonly product: string;
  /** Package variables (`path.name=value`) that are set at link time. */
  readonly variables?: (version: string) => readonly string[];
}

/** Where to build, with which environment, and how to tell about it. */
export interface GoToolsOptions {
  /** Default: `cacheDirectory(environment)`. */
  readonly cache?: string;
  /** Default: this process's. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Default: lines on standard error. */
  readonly progress?: Progress;
}

interface Build {
  readonly moduleDirectory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly task: string;
  readonly progress: Progress;
}

/** A tool that is to be built, and where it belongs. */
interface Target {
  readonly tool: GoTool;
  readonly version: string;
  readonly path: string;
}

/**
 * Paths of Go programs, by name; those that are not in the cache are built first. `moduleDirectory` holds the go.mod and go.sum
 * that pin them. Processes that ask at the same time build once, and a build that is killed leaves nothing behind that is used.
 */
export async function goTools<Name extends string>(
  moduleDirectory: string,
  tools: Readonly<Record<Name, GoTool>>,
  options: GoToolsOptions = {},
): Promise<Readonly<Record<Name, string>>> {
  const environment = options.environment ?? process.env;
  const cache = options.cache ?? cacheDirectory(environment);
  const goMod = await readFile(join(moduleDirectory, 'go.mod'), 'utf8');
  const targets = new Map(
    Object.entries<GoTool>(tools).map(([name, tool]) => {
      const version = requiredVersion(goMod, tool.module);
      return [name, { tool, version, path: join(cache, tool.product, version, 'bin', name) }];
    }),
  );
  const absent = await absentOf(targets.values());
  if (absent.length > 0) {
    const products = new Set(absent.map((target) => `${target.tool.product} ${target.version}`));
    const task = `${[...products].join(' and ')} (built from source, once)`;
    const build = { moduleDirectory, environment, task, progress: options.progress ?? progressPrinter(process.stderr) };
    await withFileLock(
      join(cache, 'go-build.lock'),
      async () => buildTargets(await absentOf(targets.values()), join(cache, 'go-build'), build),
      (holder) => build.progress({ task, state: 'running', detail: `waiting for process ${holder}, which is at it` }),
    );
  }
  const paths = [...targets].map(([name, target]) => [name, target.path]);
  return Object.fromEntries(paths) as Readonly<Record<Name, string>>;
}

/** The version that a go.mod requires of a module, without the `v`. */
export function requiredVersion(goMod: string, module: string): string {
  for (const line of goMod.split('\n')) {
    const [name, version] = line
      .trim()
      .replace(/^require /, '')
      .split(' ');
    if (name === module && version?.startsWith('v') === true) return version.slice(1);
  }
  throw new Error(`go.mod requires no ${module}`);
}

async function absentOf(targets: Iterable<Target>): Promise<readonly Target[]> {
  const absent: Target[] = [];
  for (const target of targets) {
    const present = await access(target.path).then(
      () => true,
      () => false,
    );
    if (!present) absent.push(target);
  }
  return absent;
}

async function buildTargets(targets: readonly Target[], directory: string, build: Build): Promise<void> {
  if (targets.length === 0) return;
  const { progress, task } = build;
  // What a killed build left.
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  try {
    const packages = targets.map((target) => target.tool.package);
    const total = await countDependencies(packages, build);
    let compiled = 0;
    const variables = targets.flatMap((target) => target.tool.variables?.(target.version) ?? []);
    const linkerFlags = ['-s', '-w', ...new Set(variables.map((variable) => `-X ${variable}`))].join(' ');
    const output = `${directory}${sep}`;
    await go(
      ['build', '-v', '-trimpath', '-buildvcs=false', `-ldflags=${linkerFlags}`, '-o', output, ...packages],
      build,
      (line) => {
        if (line.startsWith('go: ')) return { detail: line.slice(4) };
        compiled += 1;
        return { detail: `compiling ${line}`, done: compiled, total };
      },
    );
    for (const { tool, path } of targets) {
      await mkdir(dirname(path), { recursive: true });
      // Within one file system: whoever looks sees the whole program or none.
      await rename(join(directory, executableName(tool.package)), path);
    }
    progress({ task, state: 'done', detail: targets.map((target) => basename(target.path)).join(', ') });
  } catch (error) {
    progress({ task, state: 'failed', detail: error instanceof Error ? error.message : String(error) });
    throw error;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function countDependencies(packages: readonly string[], build: Build): Promise<number> {
  const { stdout } = await go(['list', '-deps', ...packages], build, (line) => ({
    detail: line.startsWith('go: ') ? line.slice(4) : 'looking for what to compile',
  }));
  return stdout.split('\n').length;
}

/** Runs the go command, tells about each line that it prints, and repeats the last word every second so that time is seen to pass. */
async function go(
  args: readonly string[],
  { moduleDirectory, environment, progress, task }: Build,
  read: (line: string) => Omit<ProgressReport, 'task' | 'state'>,
): Promise<CommandResult> {
  let last: ProgressReport = { task, state: 'running', detail: 'starting' };
  const clock = setInterval(() => progress(last), 1_000);
  try {
    const result = await runCommand('go', args, {
      cwd: moduleDirectory,
      // Static programs, and no surprises from a workspace around the checkout.
      env: { ...environment, CGO_ENABLED: '0', GOWORK: 'off', GOFLAGS: '-mod=readonly' },
      nice: 10,
      onLine: (line) => {
        last = { task, state: 'running', ...read(line) };
        progress(last);
      },
    });
    if (result.exitCode !== 0) throw new ToolUnavailableError(`go ${args[0]} failed:\n${result.tail}`);
    return result;
  } catch (error) {
    if (!(error instanceof CommandMissingError)) throw error;
    throw new ToolUnavailableError(
      `There is no go command on the PATH, and ${task} needs it: install Go 1.26 or later (https://go.dev/dl).`,
      { cause: error },
    );
  } finally {
    clearInterval(clock);
  }
}

/** The name that `go build` gives to a program: the last part of its path that is not a major version. */
function executableName(packagePath: string): string {
  const parts = packagePath.split('/');
  const last = parts.at(-1) ?? '';
  return /^v[0-9]+$/.test(last) ? (parts.at(-2) ?? '') : last;
}
