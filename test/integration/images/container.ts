import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type CommandResult, runCommand } from '../../../operator/local/tools/command.ts';
import type { BuiltImage } from '../../tools/images/build-images.ts';
import { writeRootFilesystem } from '../../tools/images/root-filesystem.ts';

/** How a program of an image is run. */
export interface ContainerOptions {
  /** In place of the entrypoint. */
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Default: the image's. */
  readonly user?: number;
  /** A folder of this machine that is `/mnt`, and can be written to. */
  readonly mount?: string;
  /** The process whose network it is in. Default: this machine's. */
  readonly networkOf?: number;
}

/** An image unpacked, whose programs are run on a read-only root as its own user, as a kubelet would: without any registry or runtime. */
export interface Container {
  /** The folder with its files. */
  readonly root: string;
  /** The line that runs a program of it; it becomes that program. */
  line(options: ContainerOptions): readonly [command: string, ...args: string[]];
  /** Runs a program to its end. */
  run(options: ContainerOptions): Promise<CommandResult>;
}

/** `unshare` has made a mount namespace already, which nobody else sees. */
const SCRIPT = `
root=$1 mount=$2; shift 2
mount --bind "$root" "$root"
mount -t proc -o ro proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -o remount,bind,ro "$root"
if [ -n "$mount" ]; then mount --bind "$mount" "$root/mnt"; fi
exec env -i "$@"
`;

/** Unpacks an image below `directory`. Running its programs takes root on Linux. */
export async function unpacked({ recipe, layers }: BuiltImage, directory: string): Promise<Container> {
  const root = join(directory, recipe.name);
  await writeRootFilesystem(
    root,
    layers.flatMap(({ entries }) => entries),
  );
  // A runtime makes them where an image has none.
  for (const name of ['proc', 'dev', 'mnt']) await mkdir(join(root, name));
  const { config } = recipe;
  const line = (options: ContainerOptions): readonly [string, ...string[]] => {
    const user = String(options.user ?? config.user);
    const environment = Object.entries({ ...config.environment, ...options.environment });
    const { networkOf } = options;
    const outer = networkOf === undefined ? [] : ['nsenter', '--net', `--target=${networkOf}`];
    const [command = '', ...words] = [
      ...outer,
      'unshare',
      '--mount',
      'sh',
      '-ec',
      SCRIPT,
      'sh',
      root,
      options.mount ?? '',
      ...environment.map(([name, value]) => `${name}=${value}`),
      'unshare',
      `--root=${root}`,
      `--wd=${config.workingDirectory}`,
      `--setuid=${user}`,
      `--setgid=${user}`,
      '--',
      ...(options.command ?? config.entrypoint),
      ...(options.args ?? []),
    ];
    return [command, ...words];
  };
  return {
    root,
    line,
    run: (options) => {
      const [command, ...args] = line(options);
      return runCommand(command, args);
    },
  };
}
