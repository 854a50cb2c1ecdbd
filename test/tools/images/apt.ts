import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandMissingError, type CommandResult, runCommand } from '../../../operator/local/tools/command.ts';
import { ToolUnavailableError } from '../../../operator/local/tools/tool-error.ts';
import type { Architecture } from './architecture.ts';

/** A package as apt would download it. */
export interface ServedPackage {
  readonly name: string;
  readonly version: string;
  readonly file: string;
  readonly sha256: string;
}

/** Where apt looks packages up. */
export interface Apt {
  /** What is served of these (`name` or `name=version`); those that are not known are left out. */
  served(packages: readonly string[]): Promise<readonly ServedPackage[]>;
  /** Downloads packages into a folder, under the names of their files. */
  download(packages: readonly ServedPackage[], directory: string): Promise<void>;
}

/** apt with the lists of this machine, which may be old, or none. */
export function machineApt(): Apt {
  return aptWith([]);
}

/** apt with lists of its own in a folder, fetched now from the sources that the machine is set up with. Needs no root. */
export async function freshApt(directory: string, architecture: Architecture): Promise<Apt> {
  const lists = join(directory, 'lists');
  const cache = join(directory, 'cache');
  await mkdir(join(lists, 'partial'), { recursive: true });
  await mkdir(join(cache, 'archives/partial'), { recursive: true });
  const options = {
    'APT::Architecture': architecture,
    'APT::Architectures': architecture,
    'Dir::Cache': cache,
    'Dir::State::lists': lists,
    'Dir::State::status': '/dev/null',
  };
  const args = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  // It fails when any of the machine's sources does; what is missing then shows.
  await apt([...args, 'update']);
  return aptWith(args);
}

function aptWith(options: readonly string[]): Apt {
  const uris = async (packages: readonly string[]): Promise<readonly ServedPackage[]> => {
    const { exitCode, stdout } = await apt([...options, 'download', '--print-uris', ...packages]);
    if (exitCode === 0) return stdout.split('\n').flatMap(servedPackage);
    // One that is unknown fails all.
    if (packages.length <= 1) return [];
    const half = Math.ceil(packages.length / 2);
    return [...(await uris(packages.slice(0, half))), ...(await uris(packages.slice(half)))];
  };
  return {
    served: uris,
    download: async (packages, directory) => {
      const scratch = join(directory, `.${process.pid}`);
      await mkdir(scratch, { recursive: true });
      try {
        const wanted = packages.map(({ name, version }) => `${name}=${version}`);
        const { exitCode, tail } = await apt([...options, 'download', ...wanted], scratch);
        if (exitCode !== 0) throw new ToolUnavailableError(`apt-get cannot download ${wanted.join(', ')}:\n${tail}`);
        for (const { file } of packages) await rename(join(scratch, file), join(directory, file));
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
    },
  };
}

/** A line of `--print-uris`: `'URI' file size SHA256:hash`. */
export function servedPackage(line: string): readonly ServedPackage[] {
  const match = /^'[^']+' ([^_ ]+)_([^_ ]+)_[^_ ]+\.deb \d+ SHA256:([0-9a-f]{64})$/.exec(line);
  const [, name, version, sha256] = match ?? [];
  if (name === undefined || version === undefined || sha256 === undefined) return [];
  const file = line.split(' ')[1] ?? '';
  return [{ name, version: decodeURIComponent(version), file, sha256 }];
}

async function apt(args: readonly string[], cwd?: string): Promise<CommandResult> {
  try {
    return await runCommand('apt-get', ['-q', '-o', 'APT::Sandbox::User=root', ...args], {
      env: { ...process.env, LC_ALL: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive' },
      ...(cwd === undefined ? {} : { cwd }),
    });
  } catch (error) {
    if (!(error instanceof CommandMissingError)) throw error;
    throw new ToolUnavailableError(
      'Images are made of Debian packages, and there is no apt-get here: build them on Debian or Ubuntu, or with the Containerfiles.',
      { cause: error },
    );
  }
}
