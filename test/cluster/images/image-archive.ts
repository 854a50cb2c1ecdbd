import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { runCommand } from '../../../operator/local/tools/command.ts';

/** How an image's containers start. */
export interface ImageConfig {
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly User?: string;
  readonly Env?: readonly string[];
}

/** Packs the files of a folder as the only layer of an image that `ctr images import` takes, and returns the archive's path. */
export async function packImage(directory: string, name: string, files: string, config: ImageConfig): Promise<string> {
  const folder = join(directory, name.replaceAll(/[/:]/g, '_'));
  const archive = `${folder}.tar`;
  await mkdir(folder, { recursive: true });
  await tar('--owner=0', '--group=0', '-C', files, '-cf', join(folder, 'layer.tar'), '.');
  const layer = createHash('sha256');
  await pipeline(createReadStream(join(folder, 'layer.tar')), layer);
  const image = {
    architecture: { x64: 'amd64' }[process.arch as string] ?? process.arch,
    os: 'linux',
    config,
    rootfs: { type: 'layers', diff_ids: [`sha256:${layer.digest('hex')}`] },
  };
  await writeFile(join(folder, 'config.json'), JSON.stringify(image));
  const manifest = [{ Config: 'config.json', RepoTags: [name], Layers: ['layer.tar'] }];
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  await tar('-C', folder, '-cf', archive, 'manifest.json', 'config.json', 'layer.tar');
  await rm(folder, { recursive: true });
  return archive;
}

async function tar(...args: readonly string[]): Promise<void> {
  const { exitCode, tail } = await runCommand('tar', args);
  if (exitCode !== 0) throw new Error(`tar ${args.join(' ')}: ${tail}`);
}
